"""Bring runs and the job engine together again, when something went wrong outside of a run.

A database was restored from a copy or moved to another kind, a write failed for lack of disk, a connection was cut
while a worker took a run: then the engine does not know a run, or has ended a job whose run has not ended.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, update

from game import engine
from game.extensions import db
from game.models import Run, RunEvent
from game.rules import queueing
from game.rules.work import MOST_STARTS, OPEN

LOST = "The job engine lost this run {times} times in a row. The log of the workers says why; queue it again then."
MANY = 500  # runs that are looked at together


def job(run_id: str, attempt: int) -> str:
    """Return what the engine calls a run's attempt, of which the first is number 0."""
    return f"{run_id}.{attempt}" if attempt else run_id


def settle() -> int:
    """Queue again what the engine does not know or has ended, and fail what that happens to again and again.

    Returns how many runs were touched. Any number of workers may do this at once.
    """
    rows = db.session.execute(select(Run.id, Run.round).where(Run.state.in_(OPEN)).order_by(Run.created_at, Run.id))
    opened = [(row.id, row.round) for row in rows]
    db.session.rollback()
    touched = 0
    for start in range(0, len(opened), MANY):
        some = opened[start : start + MANY]
        known = engine.statuses(job(*each) for each in some)
        for run_id, round_ in some:
            status = known.get(job(run_id, round_))
            if status is None:
                touched += _again(run_id, round_, round_)
            elif status in engine.ENDED:
                touched += _again(run_id, round_, round_ + 1)
    return touched


def _again(run_id: str, seen: int, wanted: int) -> int:
    """Queue a run as round `wanted`, if it is still open and in the round that was seen."""
    known = (Run.id == run_id, Run.round == seen, Run.state.in_(OPEN))
    if wanted != seen:
        lost = update(Run).where(*known, Run.tries >= MOST_STARTS)
        reason = LOST.format(times=MOST_STARTS)
        values = {"state": "failed", "error": reason, "finished_at": datetime.now(UTC)}
        if db.session.execute(lost.values(**values).returning(Run.id)).first():
            db.session.add(RunEvent(run_id=run_id, kind="state", data={"state": "failed", "error": reason}))
            db.session.commit()
            return 1
    values = {"round": wanted, "tries": Run.tries + wanted - seen}
    if not db.session.execute(update(Run).where(*known).values(**values).returning(Run.id)).first():
        db.session.rollback()
        return 0
    run = db.session.get_one(Run, run_id, populate_existing=True)
    engine.enqueue(db.session(), run_id, job(run_id, wanted), queueing.engine_priority(run))
    db.session.commit()
    return 1
