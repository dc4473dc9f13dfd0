"""How a painting came about: the looks of it that its run kept on the way, for there are no strokes to follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sqlalchemy import ColumnElement, select

from game.extensions import db
from game.models import Entry, RunEvent
from game.rules.refusals import Missing
from game.sayings import say

Found = TypeVar("Found")
MOST = 36  # told of a painting, the finished one included


@dataclass(frozen=True)
class Look:
    """What a painting looked like after a step: an object of the store (PNG, square, of the size it was painted in)."""

    step: int
    name: str


@dataclass(frozen=True)
class Still:
    """A look as it is told: after which step, and where its picture is."""

    step: int
    picture: str


@dataclass(frozen=True)
class Stills:
    """The stills of a painting in order, at most MOST, the finished picture the last; `next` is always null."""

    entry_id: str
    steps: int
    items: list[Still]
    next: str | None = None


def kept(run_id: str | None) -> list[Look]:
    """Return what a run kept on its way, in order, the finished picture left out."""
    told = db.session.scalars(select(RunEvent.data).where(*_previews(run_id)).order_by(RunEvent.id))
    return [Look(data["step"], data["object"]) for data in told]


def any_of(run_id: str) -> bool:
    """Whether a run kept anything on its way."""
    return db.session.scalar(select(RunEvent.id).where(*_previews(run_id)).limit(1)) is not None


def looks(entry: Entry) -> list[Look]:
    """Return the looks of a painting, evenly thinned to MOST, the finished one last; empty where nothing was kept."""
    run = entry.run
    if entry.drawing is not None or run is None:
        return []
    before = [look for look in kept(run.id) if look.step < run.step]
    if not before:
        return []
    chosen = sorted({int(place) for place in np.linspace(0, len(before) - 1, min(len(before), MOST - 1))})
    return [*(before[place] for place in chosen), Look(run.step, entry.picture)]


def of_entry(entry: Entry) -> Stills:
    """Return the stills of a painting; raises Missing for a drawing, and where nothing was kept."""
    found = _require(looks(entry))
    base = f"/api/v1/entries/{entry.id}"
    items = [Still(look.step, f"{base}/stills/{look.step}.png") for look in found[:-1]]
    return Stills(entry.id, found[-1].step, [*items, Still(found[-1].step, f"{base}/picture.png?size=512")])


def look(entry: Entry, step: int) -> str:
    """Return the object name of what a painting looked like after a step that `of_entry` tells of; raises Missing."""
    found = [one.name for one in _require(looks(entry)) if one.step == step]
    return _require(found)[0]


def _previews(run_id: str | None) -> tuple[ColumnElement[bool], ...]:
    return RunEvent.run_id == run_id, RunEvent.kind == "preview"


def _require(found: list[Found]) -> list[Found]:
    if not found:
        raise Missing(say("How this picture came about was not written down in stills."))
    return found
