"""What happened to runs, from a known event on: what viewers are told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from game.extensions import db
from game.models import Run, RunEvent
from game.rules.refusals import Missing

MOST_EVENTS = 200  # read at once


@dataclass(frozen=True)
class EventView:
    """Something that happened to a run: kind `progress`, `preview`, `state`, `order`, `choice` or `chosen`."""

    id: int
    run_id: str
    kind: str
    data: dict[str, Any]
    at: datetime


def listing(run_id: str, known: int = 0) -> list[EventView]:
    """Return what happened to a run after the event with id `known`, at most `MOST_EVENTS`, oldest first."""
    if db.session.get(Run, run_id) is None:
        raise Missing("There is no such run.")
    return after({run_id: known})


def after(positions: Mapping[str, int]) -> list[EventView]:
    """Return the events of several runs, each run's from a known event id on; at most `MOST_EVENTS`, oldest first."""
    if not positions:
        return []
    wanted = or_(*(and_(RunEvent.run_id == run_id, RunEvent.id > known) for run_id, known in positions.items()))
    found = db.session.scalars(select(RunEvent).where(wanted).order_by(RunEvent.id).limit(MOST_EVENTS))
    return [EventView(e.id, e.run_id, e.kind, dict(e.data), e.at) for e in found]


def last(run_id: str) -> int:
    """Return the id of the last thing that happened to a run, 0 if nothing did."""
    return db.session.scalar(select(func.max(RunEvent.id)).where(RunEvent.run_id == run_id)) or 0
