"""Places on a board, counted through indexes.

A rank is one more than the number of visible others on the board that beat it by more than the judge's noise. So scores
closer than the noise share a rank, the order of arrival does not matter, and a rank never gets better by a lower score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select, tuple_, update
from sqlalchemy.orm import aliased

from game.extensions import db
from game.models import Caption, Entry, Prompt

VISIBLE = "visible"


@dataclass(frozen=True)
class Board:
    """Which columns make a board: rows with equal `among` hang on one, by `score`, and tie closer than `noise`."""

    model: type[Entry] | type[Caption]
    among: tuple[str, str]
    score: str
    noise: str

    def key(self, row: Entry | Caption) -> tuple[str, str]:
        """Return what tells the row's board from others."""
        first, second = (getattr(row, name) for name in self.among)
        return first, second

    def shows(self, row: Entry | Caption) -> bool:
        """Whether the row hangs on its board; without a second opinion an entry hangs on no second judge's."""
        return row.state == VISIBLE and getattr(row, self.score) is not None


MAIN = Board(Entry, ("prompt_id", "judge"), "penalised", "noise")
SECOND = Board(Entry, ("prompt_id", "second_judge"), "second_penalised", "second_noise")
CAPTIONS = Board(Caption, ("entry_id", "judge"), "similarity", "noise")


@dataclass(frozen=True)
class Place:
    """Rank, whether another shares it, and size of the board; what is not on it has no rank."""

    rank: int | None
    of: int
    tied: bool = False


def places(rows: Sequence[Entry] | Sequence[Caption], board: Board = MAIN) -> dict[str, Place]:
    """Return the places of entries, of any prompts and judges, or of captions, by their ids."""
    ranks = _ranks([row.id for row in rows if board.shows(row)], board)
    sizes = _sizes(rows, board)
    found = {}
    for row in rows:
        rank, tied = ranks.get(row.id, (None, False))
        found[row.id] = Place(rank, sizes.get(board.key(row), 0), tied)
    return found


def _ranks(ids: Sequence[str], board: Board) -> dict[str, tuple[int, bool]]:
    """Ranks, and whether they are shared; everything asked of the database is a count or an end of an index."""
    if not ids:
        return {}
    found = db.session.execute(_rank_query(board), {"ids": list(ids)})
    return {
        row_id: (rank, equal > 1 or _shared(noise, up, down, beats, within))
        for row_id, noise, rank, equal, up, down, beats, within in found
    }


@cache  # of all that a page does, putting these two queries together would take the longest
def _rank_query(board: Board) -> Select[Any]:
    model, other = board.model, aliased(board.model)
    own, theirs = getattr(model, board.score), getattr(other, board.score)
    bar = own + getattr(model, board.noise)  # to be beaten by

    def asked(what: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
        return select(what).where(*_on(other, model, board), *conditions).correlate(model).scalar_subquery()

    return select(
        model.id,
        getattr(model, board.noise),
        asked(func.count(), theirs > bar) + 1,
        asked(func.count(), theirs == own),
        asked(func.min(theirs), theirs > own),
        asked(func.max(theirs), theirs < own),
        asked(func.min(theirs), theirs > bar),
        asked(func.max(theirs), theirs <= bar),
    ).where(model.id.in_(bindparam("ids", expanding=True)))


def _shared(noise: float, up: float | None, down: float | None, beats: float | None, within: float) -> bool:
    """Whether the next score `up` or `down` has the same rank: as many beat it, by more than the noise.

    `beats` is the least score that beats the one asked about, `within` the highest that does not.
    """
    if up is not None and (beats is None or beats > up + noise):
        return True
    return down is not None and within <= down + noise


def _on(other: Any, model: Any, board: Board) -> list[ColumnElement[bool]]:
    """The condition under which another row hangs on the same board."""
    same = [getattr(other, name) == getattr(model, name) for name in board.among]
    return [*same, other.state == VISIBLE]


def _sizes(rows: Sequence[Entry] | Sequence[Caption], board: Board) -> dict[tuple[str, str], int]:
    """Count each board once, in its index, wherever one of its rows leads to."""
    leading = {board.key(row): row.id for row in rows}
    if not leading:
        return {}
    found = db.session.execute(_size_query(board), {"ids": list(leading.values())})
    return {(first, second): count for first, second, count in found}


@cache
def _size_query(board: Board) -> Select[Any]:
    model, hung = board.model, aliased(board.model)
    of = select(func.count()).where(*_on(hung, model, board)).correlate(model).scalar_subquery()
    first_name, second_name = (getattr(model, name) for name in board.among)
    return select(first_name, second_name, of).where(model.id.in_(bindparam("ids", expanding=True)))


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
