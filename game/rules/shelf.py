"""The embeddings of what hangs, kept in memory: a process reads each of them from the database once.

What is on the shelf is held against an index of the database at every look, so that new, hidden and re-judged entries
count at once. The shelf is bounded; what does not fit is read anew each time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import numpy as np
from sqlalchemy import String, select, type_coerce

from game.extensions import db
from game.judge import Floats
from game.models import Entry
from game.rules.embeddings import unpacked
from game.rules.ranking import VISIBLE

MOST = 128 * 2**20  # bytes on the shelf: 131,072 embeddings of the embedded judges, 65,536 of ViT-B-32
BLOCK = 500  # embeddings read at once
SLACK = 1e-5  # cosine: more than float32 may be wrong by
Stamps = Mapping[str, Any]  # ids of entries, and when each was judged, as the database writes it

_lock = threading.Lock()
_shelves: dict[tuple[str, str], Shelf] = {}  # by database and judge; only the one looked at last is kept


def nearest(judge: str, direction: Floats, limit: int) -> list[tuple[float, str]]:
    """Return cosine and id of the visible entries nearest to a unit row (d,) among those by `judge`, nearest first."""
    query = select(Entry.id, _stamp()).where(Entry.judge == judge, Entry.state == VISIBLE)
    # From the driver's own cursor: rows made of tens of thousands of pairs would take twice as long.
    hung: dict[str, Any] = dict(cast(Any, db.session.connection().execute(query)).cursor.fetchall())
    # Whoever holds the lock has their connection by now, so nobody can wait for one while they wait for the lock.
    with _lock:
        key = (str(db.engine.url), judge)
        shelf = _shelves.get(key)
        if shelf is None:
            _shelves.clear()
            shelf = _shelves[key] = Shelf(judge, len(direction))
        shelf.arrange(hung)
        best = shelf.nearest(direction, limit)
        rest = shelf.missing(hung)
    for ids, _, rows in _read(judge, rest):
        best += _best(ids, rows, direction, limit)
    return sorted(best, reverse=True)[:limit]


class Shelf:
    """Embeddings by one judge, in one array with gaps."""

    def __init__(self, judge: str, dim: int) -> None:
        self.judge, self._most = judge, max(1, MOST // (4 * dim))
        self._rows = np.zeros((0, dim), np.float32)
        self._ids: list[str | None] = []  # by row; None is a gap
        self._places: dict[str, int] = {}
        self._stamps: dict[str, Any] = {}
        self._gaps: list[int] = []

    def arrange(self, hung: Stamps) -> None:
        """Take away what does not hang any more or was judged again, and read what is new, as far as there is room."""
        for entry_id in [known for known, stamp in self._stamps.items() if hung.get(known) != stamp]:
            place = self._places.pop(entry_id)
            del self._stamps[entry_id]
            self._ids[place] = None
            self._gaps.append(place)
        fresh = self.missing(hung)[: self._most - len(self._places)]
        for ids, stamps, rows in _read(self.judge, fresh):
            for entry_id, stamp, row in zip(ids, stamps, rows, strict=True):
                self._put(entry_id, stamp, row)

    def missing(self, hung: Stamps) -> list[str]:
        """Return the ids of those that hang and are not here."""
        return [entry_id for entry_id in hung if entry_id not in self._places]

    def nearest(self, direction: Floats, limit: int) -> list[tuple[float, str]]:
        """Return cosine and id of the nearest here, nearest first."""
        similarities = self._rows[: len(self._ids)] @ direction
        similarities[self._gaps] = -np.inf
        least = -np.inf
        if len(similarities) > limit:
            least = np.partition(similarities, -limit)[-limit] - SLACK
        found = np.flatnonzero((similarities >= least) & np.isfinite(similarities))
        return _best([self._ids[i] or "" for i in found], self._rows[found], direction, limit)

    def _put(self, entry_id: str, stamp: Any, row: Floats) -> None:
        if self._gaps:
            place = self._gaps.pop()
            self._ids[place] = entry_id
        else:
            place = len(self._ids)
            self._ids.append(entry_id)
            if place == len(self._rows):
                more = min(self._most, max(256, 2 * place)) - place
                self._rows = np.concatenate([self._rows, np.zeros((more, self._rows.shape[1]), np.float32)])
        self._rows[place] = row
        self._places[entry_id], self._stamps[entry_id] = place, stamp


def _best(ids: list[str], rows: Floats, direction: Floats, limit: int) -> list[tuple[float, str]]:
    """The nearest of few, in double precision, so that equal pictures are equally near wherever they lie."""
    similarities = np.einsum("nd,d->n", rows.astype(np.float64), direction.astype(np.float64))
    return sorted(((float(s), entry_id) for s, entry_id in zip(similarities, ids, strict=True)), reverse=True)[:limit]


def _read(judge: str, wanted: Iterable[str]) -> Iterator[tuple[list[str], list[Any], Floats]]:
    """Blocks of ids, stamps and embeddings; an entry that another judge has judged meanwhile is left out."""
    ids = list(wanted)
    for start in range(0, len(ids), BLOCK):
        query = select(Entry.id, _stamp(), Entry.embedding)
        some = db.session.execute(query.where(Entry.id.in_(ids[start : start + BLOCK]), Entry.judge == judge)).all()
        if some:
            yield [row[0] for row in some], [row[1] for row in some], np.stack([unpacked(row[2]) for row in some])


def _stamp() -> Any:
    # As the database writes it: nobody reads it, and turning thousands of them into datetimes takes long.
    return type_coerce(Entry.judged_at, String)
