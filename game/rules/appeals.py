"""What authors are told about what became of their pictures, and their word against it, once for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Appeal, Decision, Entry, Player
from game.rules.entries import row
from game.rules.refusals import Conflict, Forbidden, Invalid
from game.rules.views import WITH_ALL, EntryView, entry_views
from game.sayings import say

LONGEST = 500  # characters
DOWN = ("held", "hidden")  # states that are told, and may be appealed against
SHOWN = 24


@dataclass(frozen=True)
class Standing:
    """What became of an entry that does not hang: its state, why and since when; what its author said, if they did.

    `read`: a person has decided since. `open`: the author may say something.
    """

    entry: EntryView
    reason: str
    since: datetime | None
    appeal: str | None
    read: bool
    open: bool


def standing(entry_id: str) -> Standing | None:
    """Return what the author of an entry is told about it, None of one that hangs; raises Missing."""
    found = row(entry_id)
    return _standings([found])[0] if found.state in DOWN else None


def of_player(player_id: str) -> list[Standing]:
    """Return what a player is told about what does not hang of theirs, newest first, at most SHOWN."""
    newest = Entry.created_at.desc(), Entry.id.desc()
    # Their ids first, which lie in an index: hardly anything is down, and the rest need not be looked at.
    ids = select(Entry.id).where(Entry.player_id == player_id, Entry.state.in_(DOWN)).order_by(*newest).limit(SHOWN)
    found = select(Entry).where(Entry.id.in_(db.session.scalars(ids).all())).options(*WITH_ALL).order_by(*newest)
    return _standings(list(db.session.scalars(found)))


def _standings(entries: list[Entry]) -> list[Standing]:
    ids = [entry.id for entry in entries]
    said = {appeal.entry_id: appeal for appeal in db.session.scalars(select(Appeal).where(Appeal.entry_id.in_(ids)))}
    last, views = latest(ids), entry_views(entries)
    out = []
    for view in views:
        decision, appeal = last.get(view.id), said.get(view.id)
        out.append(
            Standing(
                entry=view,
                reason=say(decision.reason) if decision is not None and decision.reason else "",
                since=None if decision is None else decision.created_at,
                appeal=None if appeal is None else appeal.text,
                read=appeal is not None and appeal.answered_at is not None,
                open=appeal is None,
            )
        )
    return out


def latest(entry_ids: Iterable[str]) -> dict[str, Decision]:
    """Return the last decision about each of some entries."""
    place = func.row_number().over(
        partition_by=Decision.entry_id, order_by=(Decision.created_at.desc(), Decision.id.desc())
    )
    ranked = select(Decision.id, place.label("place")).where(Decision.entry_id.in_(list(entry_ids))).subquery()
    query = select(Decision).join(ranked, ranked.c.id == Decision.id).where(ranked.c.place == 1)
    return {decision.entry_id: decision for decision in db.session.scalars(query)}


def appeal(entry_id: str, text: str, player: Player) -> None:
    """Say something against a decision about one's own picture, once. Raises Missing, Forbidden, Invalid, Conflict."""
    entry, text = row(entry_id), " ".join(text.split())
    if entry.player_id != player.id:
        raise Forbidden(say("Only who made a picture can say something for it."))
    if entry.state not in DOWN:
        raise Conflict(say("This picture hangs. There is nothing to appeal against."))
    if not 1 <= len(text) <= LONGEST:
        raise Invalid([("#/text", say("Say it in 1 to %(most)s characters.", most=LONGEST))])
    db.session.add(Appeal(entry_id=entry.id, player_id=player.id, text=text))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict(say("You have said something about this picture already. A person reads it.")) from None
