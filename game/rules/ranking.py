"""Places on a board, counted through indexes.

An entry's rank is one more than the number of visible entries of its prompt and judge that beat it by more than the
judge's noise. So entries closer than the noise share a rank, the order of arrival does not matter, and a rank never
gets better by a lower score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import aliased

from game.extensions import db
from game.models import Caption, Entry, Prompt

VISIBLE = "visible"


@dataclass(frozen=True)
class Place:
    """Rank and size of the board; an entry that is not on it has no rank."""

    rank: int | None
    of: int


def places(entries: Sequence[Entry]) -> dict[str, Place]:
    """Return the places of entries, of any prompts and judges, by their ids."""
    shown = [entry.id for entry in entries if entry.state == VISIBLE]
    better = aliased(Entry)
    above = (
        select(func.count())
        .where(
            better.prompt_id == Entry.prompt_id,
            better.judge == Entry.judge,
            better.state == VISIBLE,
            better.penalised > Entry.penalised + Entry.noise,
        )
        .correlate(Entry)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Entry.id, above + 1).where(Entry.id.in_(shown)))
    ranks: dict[str, int] = {entry: rank for entry, rank in rows}  # noqa: C416  rows are no pairs to mypy
    sizes = _sizes(entries)
    return {entry.id: Place(ranks.get(entry.id), sizes.get((entry.prompt_id, entry.judge), 0)) for entry in entries}


def _sizes(entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
    """Count each board once, in its index, wherever one of its entries leads to."""
    leading = {(entry.prompt_id, entry.judge): entry.id for entry in entries}
    hung = aliased(Entry)
    of = (
        select(func.count())
        .where(hung.prompt_id == Entry.prompt_id, hung.judge == Entry.judge, hung.state == VISIBLE)
        .correlate(Entry)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Entry.prompt_id, Entry.judge, of).where(Entry.id.in_(leading.values())))
    return {(prompt, judge): count for prompt, judge, count in rows}


def caption_places(captions: Sequence[Caption]) -> dict[str, Place]:
    """Return the places of captions, each among those of its picture, by their ids."""
    better = aliased(Caption)
    among = (better.entry_id == Caption.entry_id, better.judge == Caption.judge, better.state == VISIBLE)
    of = select(func.count()).where(*among).correlate(Caption).scalar_subquery()
    above = (
        select(func.count())
        .where(*among, better.similarity > Caption.similarity + Caption.noise)
        .correlate(Caption)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Caption.id, above + 1, of).where(Caption.id.in_([caption.id for caption in captions]))
    )
    return {caption: Place(rank, size) for caption, rank, size in rows}


def neighbours(entry: Entry) -> tuple[Entry | None, Entry | None]:
    """Return the visible entries that hang directly above and below an entry, whether or not it hangs itself."""
    board = select(Entry).where(
        Entry.prompt_id == entry.prompt_id, Entry.judge == entry.judge, Entry.state == VISIBLE, Entry.id != entry.id
    )
    here = tuple_(Entry.penalised, Entry.id)
    place = (entry.penalised, entry.id)
    above = board.where(Entry.penalised >= entry.penalised, here > place).order_by(Entry.penalised, Entry.id)
    below = board.where(Entry.penalised <= entry.penalised, here < place)
    below = below.order_by(Entry.penalised.desc(), Entry.id.desc())
    return db.session.scalars(above.limit(1)).first(), db.session.scalars(below.limit(1)).first()


def recount(prompt_id: str) -> None:
    """Write anew how many visible entries a prompt has; the caller commits."""
    count = select(func.count()).where(Entry.prompt_id == prompt_id, Entry.state == VISIBLE).scalar_subquery()
    db.session.execute(update(Prompt).where(Prompt.id == prompt_id).values(entry_count=count))
