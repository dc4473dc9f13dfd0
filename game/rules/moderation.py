"""Moderation: players report, administrators decide, every decision is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Appeal, Decision, Entry, Player, Report
from game.rules import ranking
from game.rules.entries import STATES, row
from game.rules.pages import Page, descending
from game.rules.refusals import Invalid
from game.rules.views import EntryView, entry_views, loaded
from game.sayings import say
from game.tables import now

LONGEST = 300  # characters of a reason


@dataclass(frozen=True)
class ReportView:
    """What somebody complained about, and why."""

    id: str
    reason: str
    created_at: datetime
    entry: EntryView


@dataclass(frozen=True)
class DecisionView:
    """A decision: the state an entry had, the state it got, who decided (None: the game itself) and why."""

    before: str
    state: str
    reason: str
    player_id: str | None
    created_at: datetime


def report(entry_id: str, reason: str, player: Player) -> None:
    """Ask for a person to look at an entry; a second report by the same player changes nothing. Raises Missing."""
    reason = _checked(reason)
    if not reason:
        raise Invalid([("#/reason", say("Say in a few words what is wrong with the picture."))])
    db.session.add(Report(entry_id=row(entry_id).id, player_id=player.id, reason=reason))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()


def reports(cursor: str | None, limit: int) -> Page[ReportView]:
    """Return a page of the reports that nobody has decided on, newest first."""
    query = select(Report).where(Report.closed_at.is_(None))
    return descending(query, (Report.created_at, Report.id), cursor, limit).map(_report_views)


def _report_views(found: Sequence[Report]) -> list[ReportView]:
    entries = loaded({report.entry_id for report in found})
    views = {view.id: view for view in entry_views(list(entries.values()))}
    return [ReportView(report.id, report.reason, report.created_at, views[report.entry_id]) for report in found]


def decide(entry_id: str, state: str, reason: str, player: Player | None) -> EntryView:
    """Give an entry a state, log who did it and why, close its reports and answer its author's appeal.

    `player` None is the game itself.

    What hangs in a room only is shown there again, and nowhere else, when it is to be visible.
    """
    if state not in STATES:
        raise Invalid([("#/state", f"An entry is {', '.join(STATES[:-1])} or {STATES[-1]}.")])
    entry, reason = row(entry_id), _checked(reason)
    if state == ranking.VISIBLE and _is_for_a_room(entry):
        state = "room"
    decided_by = None if player is None else player.id
    db.session.add(Decision(entry_id=entry_id, player_id=decided_by, before=entry.state, state=state, reason=reason))
    entry.state = state
    db.session.flush()
    ranking.recount(entry.prompt_id)
    db.session.execute(
        update(Report).where(Report.entry_id == entry_id, Report.closed_at.is_(None)).values(closed_at=now())
    )
    answered = update(Appeal).where(Appeal.entry_id == entry_id, Appeal.answered_at.is_(None))
    db.session.execute(answered.values(answered_at=now()))
    db.session.commit()
    return entry_views([entry])[0]


def _is_for_a_room(entry: Entry) -> bool:
    """Whether an entry hangs in a room only, or did before it was taken down: showing it again must not publish it."""
    former = select(Decision.id).where(Decision.entry_id == entry.id, Decision.before == "room").limit(1)
    return entry.state == "room" or db.session.scalar(former) is not None


def decisions(entry_id: str) -> list[DecisionView]:
    """Return all decisions about an entry, oldest first."""
    query = select(Decision).where(Decision.entry_id == entry_id).order_by(Decision.created_at, Decision.id)
    return [
        DecisionView(found.before, found.state, found.reason, found.player_id, found.created_at)
        for found in db.session.scalars(query)
    ]


def _checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > LONGEST:
        raise Invalid(
            [
                (
                    "#/reason",
                    say("A reason has at most %(most)s characters, this one %(here)s.", most=LONGEST, here=len(reason)),
                )
            ]
        )
    return reason
