"""The queue of those who keep order: entries that are held, reported or appealed for, and captions that are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, tuple_, union

from game.extensions import db
from game.models import Appeal, Caption, Entry, Report
from game.rules import captions, moderation
from game.rules.appeals import latest
from game.rules.captions import CaptionView
from game.rules.entries import row
from game.rules.pages import Page, descending
from game.rules.refusals import Invalid, Missing
from game.rules.views import WITH_ALL, EntryView, entry_views
from game.sayings import mark

REASONS = (
    mark("It does not belong on a wall that everybody sees."),
    mark("It hurts somebody, or is meant to."),
    mark("It tells who somebody is."),
    mark("It is advertising, or the same thing over and over."),
)


@dataclass(frozen=True)
class Item:
    """An entry that waits for a person: why it was held, what was said against it and what its author says.

    `earlier`: how many decisions there were.
    """

    entry: EntryView
    held_for: str
    complaints: list[str]
    appeal: str | None
    earlier: int


def count() -> int:
    """Return how many entries wait."""
    return db.session.scalar(select(func.count()).select_from(_waiting().subquery())) or 0


def count_captions() -> int:
    """Return how many captions wait."""
    return db.session.scalar(select(func.count()).where(Caption.state == "held")) or 0


def first(after: str | None = None) -> Item | None:
    """Return the entry that waits longest, or the one that waits next longest after another; None at the end."""
    query = select(Entry).where(Entry.id.in_(_waiting())).options(*WITH_ALL)
    if after is not None:
        passed = select(Entry.created_at, Entry.id).where(Entry.id == after)
        here = db.session.execute(passed).first()
        if here is not None:
            query = query.where(tuple_(Entry.created_at, Entry.id) > tuple_(*here))
    found = db.session.scalars(query.order_by(Entry.created_at, Entry.id).limit(1)).first()
    return None if found is None else _item(found)


def item(entry_id: str) -> Item:
    """Return any entry as it would stand in the queue; raises Missing."""
    return _item(row(entry_id))


def _waiting() -> Select[tuple[str]]:
    held = select(Entry.id).where(Entry.state == "held")
    reported = select(Report.entry_id).where(Report.closed_at.is_(None))
    appealed = select(Appeal.entry_id).where(Appeal.answered_at.is_(None))
    waiting = union(held, reported, appealed).subquery()
    return select(waiting.c[0])


def _item(entry: Entry) -> Item:
    said = db.session.get(Appeal, entry.id)
    open_reports = select(Report.reason).where(Report.entry_id == entry.id, Report.closed_at.is_(None))
    last = latest([entry.id]).get(entry.id)
    return Item(
        entry=entry_views([entry])[0],
        held_for=last.reason if last is not None and entry.state != "visible" else "",
        complaints=list(db.session.scalars(open_reports.order_by(Report.created_at))),
        appeal=said.text if said is not None and said.answered_at is None else None,
        earlier=len(moderation.decisions(entry.id)),
    )


def held_captions(cursor: str | None, limit: int) -> Page[CaptionView]:
    """Return a page of the captions that wait for a person, newest first."""
    query = select(Caption).where(Caption.state == "held")
    return descending(query, (Caption.created_at, Caption.id), cursor, limit).map(_views)


def _views(rows: Sequence[Caption]) -> list[CaptionView]:
    return captions.views(rows) if rows else []


def decide_caption(caption_id: str, state: str) -> None:
    """Hang a caption or take it down; raises Missing, Invalid."""
    if state not in ("visible", "hidden"):
        raise Invalid([("#/state", "A caption is visible or hidden.")])
    found = db.session.get(Caption, caption_id)
    if found is None:
        raise Missing("There is no such caption.")
    found.state = state
    db.session.commit()
