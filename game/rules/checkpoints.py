"""Checkpoints that are kept so that another run can go on from one: a few a run, spread over its steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import delete, select

from game import storage
from game.extensions import db
from game.models import Run, RunCheckpoint
from game.tables import now

MOST = 8  # of a run
KEPT = timedelta(days=7)  # after its end, nobody forks from a run any more
OVER = ("done", "failed", "cancelled")


def add(run_id: str, step: int, name: str) -> list[str]:
    """Keep a checkpoint within the caller's transaction; returns the objects of those that make room for it."""
    db.session.merge(RunCheckpoint(run_id=run_id, step=step, object=name))
    db.session.flush()
    steps = listing(run_id)
    if len(steps) <= MOST:
        return []
    gone = _crowded(steps)
    rows = delete(RunCheckpoint).where(RunCheckpoint.run_id == run_id, RunCheckpoint.step == gone)
    return list(db.session.scalars(rows.returning(RunCheckpoint.object)))


def listing(run_id: str) -> list[int]:
    """Return the steps from which another run can go on, in order."""
    query = select(RunCheckpoint.step).where(RunCheckpoint.run_id == run_id).order_by(RunCheckpoint.step)
    return list(db.session.scalars(query))


def unused(names: Iterable[str]) -> list[str]:
    """Return those of some objects that no run and no kept checkpoint needs."""
    asked = set(names)
    needed = set(db.session.scalars(select(RunCheckpoint.object).where(RunCheckpoint.object.in_(asked))))
    needed |= set(db.session.scalars(select(Run.checkpoint).where(Run.checkpoint.in_(asked))))
    return sorted(asked - needed)


def clear() -> int:
    """Forget the checkpoints of runs that ended a week ago, with their objects; returns how many were forgotten."""
    ended = select(Run.id).where(Run.state.in_(OVER), Run.finished_at < now() - KEPT)
    rows = delete(RunCheckpoint).where(RunCheckpoint.run_id.in_(ended)).returning(RunCheckpoint.object)
    gone = list(db.session.scalars(rows))
    db.session.commit()
    for name in unused(gone):
        storage.drop(name)
    return len(gone)


def _crowded(steps: list[int]) -> int:
    """The step whose neighbours are nearest to each other; the first and the last stay."""
    spans = {step: later - sooner for (sooner, step), (_, later) in pairwise(pairwise(steps))}
    return min(spans, key=lambda step: (spans[step], -step))
