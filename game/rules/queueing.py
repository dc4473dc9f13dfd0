"""The order in which runs are painted: by priority, and among equals the prompts take turns.

A run's turn is one after the last of its prompt that waits, but not before those that wait now (start-time fair
queueing, Goyal, Vin and Cheng 1996): a hundred runs for one prompt do not keep another prompt's first one waiting, and
whoever comes later gains nothing for the time before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app
from sqlalchemy import UnaryExpression, func, select
from sqlalchemy.orm import InstrumentedAttribute

from game import engine
from game.extensions import db
from game.models import Run
from game.rules.refusals import Invalid, Spent

LAST, NORMAL, FIRST = 1, 5, 9
BAND = 100_000_000  # turns that one priority has room for
Key = UnaryExpression[Any] | InstrumentedAttribute[Any]


def hand_in(run: Run, job: str | None = None) -> None:
    """Give a run its turn and put it in the queue, within the caller's transaction; `job` names another attempt.

    Raises Invalid for a priority that there is not, and Spent when who asks for it has too many waiting.
    """
    if not LAST <= run.priority <= FIRST:
        raise Invalid([("#/priority", f"A priority is a number from {LAST} to {FIRST}; {FIRST} comes first.")])
    limit = current_app.config["PAINTOFF"].queue_limit
    if run.requested_by is not None and waiting(run.requested_by, run.id) >= limit:
        db.session.rollback()
        raise Spent(
            f"You have {limit:,} runs waiting, as many as one administrator may have. Cancel some, or wait until "
            "machines have painted some; PAINTOFF_QUEUE_LIMIT is the limit."
        )
    run.turn = _turn(run)
    db.session.flush()
    engine.enqueue(db.session(), run.id, job, engine_priority(run))


def engine_priority(run: Run) -> int:
    """Return a run's place as the job engine counts: the lowest first, from 1 on."""
    return (FIRST - run.priority) * BAND + run.turn + 1


def _turn(run: Run) -> int:
    waits = (Run.state == "queued", Run.priority == run.priority, Run.id != run.id)
    least = db.session.scalar(select(func.min(Run.turn)).where(*waits))
    own = db.session.scalar(select(func.max(Run.turn)).where(*waits, Run.prompt_id == run.prompt_id))
    return max(least or 0, 0 if own is None else own + 1)


def order() -> tuple[Key, ...]:
    """Return the columns by which runs that wait are taken."""
    return (Run.priority.desc(), Run.turn, Run.created_at, Run.id)


def places(run_ids: Iterable[str]) -> dict[str, int]:
    """Return the places in the queue, from 1 on, of those of these runs that wait."""
    place = func.row_number().over(order_by=order()).label("place")
    waits = select(Run.id, place).where(Run.state == "queued").subquery()
    found = db.session.execute(select(waits.c.id, waits.c.place).where(waits.c.id.in_(list(run_ids))))
    return {row.id: row.place for row in found}


def waiting(admin: str, but: str = "") -> int:
    """Return how many runs somebody has waiting, one perhaps left out."""
    query = select(func.count()).where(Run.requested_by == admin, Run.state == "queued", Run.id != but)
    return db.session.scalar(query) or 0
