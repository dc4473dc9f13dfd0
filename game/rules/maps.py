"""A map of a prompt's drawings: what the judge made of them, flattened onto the plane on which they differ most.

Principal components (Pearson, 1901), from what is stored: nothing is judged anew. Equal entries give an equal map.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from game import judging
from game.extensions import db
from game.judge import Floats
from game.models import Entry
from game.rules import prompts
from game.rules.embeddings import unpacked
from game.rules.ranking import VISIBLE
from game.rules.views import EntryView, entry_views, loaded

LEAST = 3  # entries, fewer make no map
MOST = 150  # entries, the best
KEPT = 32  # maps in memory
log = logging.getLogger(__name__)

_lock = threading.Lock()
_kept: OrderedDict[tuple[Any, ...], Flat] = OrderedDict()


@dataclass(frozen=True)
class Flat:
    """Where rows lie on the plane (n, 2), its two directions (2, d), and the shares of all difference they hold."""

    places: NDArray[np.float64]
    axes: NDArray[np.float64]
    shares: tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """An entry and where it lies."""

    x: float
    y: float
    entry: EntryView


@dataclass(frozen=True)
class Map:
    """A prompt's best entries on a plane, the best first; `of` is how many entries there are.

    `shares` are the parts (0 to 1) of all difference along x and y. `pull` is the direction of the prompt's text on
    the plane, a unit vector; None while the judge is away.
    """

    judge: str
    spots: list[Spot]
    of: int
    shares: tuple[float, float]
    pull: tuple[float, float] | None


def of_prompt(prompt_id: str) -> Map | None:
    """Return the map of a prompt's best visible entries, None of fewer than LEAST; raises Missing for the prompt."""
    text, judge = prompts.row(prompt_id).text, judging.spec()
    count = _visible(select(func.count()).select_from(Entry), prompt_id, judge)
    best = _visible(select(Entry.id, Entry.judged_at), prompt_id, judge)
    best = best.order_by(Entry.penalised.desc(), Entry.id.desc()).limit(MOST)
    stamps = [(row[0], row[1]) for row in db.session.execute(best)]
    if len(stamps) < LEAST:
        return None
    known = _flat(judge, stamps)
    entries = loaded(entry_id for entry_id, _ in stamps)
    views = {view.id: view for view in entry_views(list(entries.values()))}
    placed = zip(stamps, known.places, strict=True)
    spots = [Spot(float(x), float(y), views[entry_id]) for (entry_id, _), (x, y) in placed if entry_id in views]
    return Map(judge, spots, db.session.scalar(count) or 0, known.shares, _pull(text, known.axes))


def flatten(rows: Floats) -> Flat:
    """Return the plane through rows (n, d) on which they differ most; the sign of each direction is settled."""
    centred = rows.astype(np.float64) - rows.mean(0, dtype=np.float64)
    _, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    # An axis has no front: its largest number is made positive, so that every machine draws the same map.
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(1)]
    axes = axes * np.where(largest < 0, -1.0, 1.0)[:, None]
    power = strengths**2
    total = float(power.sum()) or 1.0
    return Flat(centred @ axes.T, axes, (float(power[0]) / total, float(power[1]) / total))


def _visible(query: Any, prompt_id: str, judge: str) -> Any:
    return query.where(Entry.prompt_id == prompt_id, Entry.judge == judge, Entry.state == VISIBLE)


def _flat(judge: str, stamps: list[tuple[str, Any]]) -> Flat:
    """The plane of these entries, kept until one of them is judged again, comes or goes."""
    key = (str(db.engine.url), judge, *stamps)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    ids = [entry_id for entry_id, _ in stamps]
    found = db.session.execute(select(Entry.id, Entry.embedding).where(Entry.id.in_(ids)))
    rows = {entry_id: unpacked(embedding) for entry_id, embedding in found}
    made = flatten(np.stack([rows[entry_id] for entry_id in ids]))
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _pull(text: str, axes: NDArray[np.float64]) -> tuple[float, float] | None:
    try:
        x, y = axes @ judging.current().embed_texts([text])[0].astype(np.float64)
    except judging.JudgeUnavailable as error:
        log.info("a map without its arrow: %s", error)
        return None
    length = float(np.hypot(x, y))
    return (float(x) / length, float(y) / length) if length > 1e-6 else None
