"""What the object store need not keep any longer, found by looking at what every row of every table names.

No list of columns says where objects are named: a name in any text or JSON counts, so a table that is added later is
looked at, too. What was kept within the last day is left alone, for a row may be about to name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import JSON, Column, String, cast, delete, select, update
from sqlalchemy.types import Text

from game import storage
from game.extensions import db
from game.models import Run, RunEvent
from game.rules import checkpoints
from game.tables import metadata, now

GRACE = timedelta(days=1)  # longer than anything is kept before a row names it
KEPT = timedelta(days=30)  # after a run's end: its checkpoint, and every preview of it
STILLS = 60  # previews that a film strip needs; of runs that ended longer ago the others go
SHORTEST = 66  # characters of a name: a column too short for it need not be looked at
NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9.]{1,16}")


def collect() -> int:
    """Forget what long-ended runs need no more, then drop every object that no row names; returns how many."""
    old = now() - KEPT
    _forget_checkpoints(old)
    checkpoints.clear()
    _thin_previews(old)
    storage.tidy_aside(old)
    before = now() - GRACE
    candidates = {name for name, kept in storage.names() if kept < before}
    candidates -= named()
    dropped = 0
    for name, kept in list(storage.names()) if candidates else []:
        if name in candidates and kept < before:  # looked up anew: one that was kept again meanwhile is wanted again
            storage.drop(name)
            dropped += 1
    return dropped


def named() -> set[str]:
    """Return the names of all objects that any row names."""
    found: set[str] = set()
    for column in _columns():
        written = db.session.scalars(
            select(cast(column, Text)).where(column.is_not(None)).execution_options(yield_per=500)
        )
        for text in written:
            found.update(NAME.findall(text or ""))
    db.session.rollback()
    return found


def _columns() -> Iterator[Column[str]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON) or (
                isinstance(column.type, String) and (column.type.length or SHORTEST) >= SHORTEST
            ):
                yield column


def _forget_checkpoints(old: datetime) -> None:
    ended = Run.state.in_(("done", "failed", "cancelled"))
    db.session.execute(
        update(Run).where(ended, Run.finished_at < old, Run.checkpoint.is_not(None)).values(checkpoint=None)
    )
    db.session.commit()


def _thin_previews(old: datetime) -> None:
    """Leave evenly as many previews of each run that ended long ago as a film strip shows."""
    told = select(RunEvent.run_id, RunEvent.id).join(Run, Run.id == RunEvent.run_id)
    told = told.where(RunEvent.kind == "preview", Run.finished_at < old).order_by(RunEvent.run_id, RunEvent.id)
    of_run: dict[str, list[int]] = {}
    for run_id, event_id in db.session.execute(told):
        of_run.setdefault(run_id, []).append(event_id)
    for ids in of_run.values():
        if len(ids) > STILLS:
            kept = {ids[round(at * (len(ids) - 1) / (STILLS - 1))] for at in range(STILLS)}
            gone = [event_id for event_id in ids if event_id not in kept]
            for start in range(0, len(gone), 500):
                db.session.execute(delete(RunEvent).where(RunEvent.id.in_(gone[start : start + 500])))
    db.session.commit()
