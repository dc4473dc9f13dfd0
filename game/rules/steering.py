"""A run taken by the hand: told other texts, given a choice of candidates, laid aside, taken up again, ended early.

What is wished is written into our tables; the run's worker reads it between two slices, which last seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from game import engine
from game.extensions import db
from game.models import Run, RunEvent, RunOrder
from game.rules import idempotency, queueing, settling
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now

GOING = ("queued", "running", "paused")
MOST_ORDERS = 200  # of a run
STOPPED = ("paused", "failed", "cancelled")


def steer(run_id: str, texts: Sequence[Mapping[str, Any]], at_step: int | None, admin: str) -> None:
    """Let a run paint other texts from a step on, or from now on; raises Missing, Conflict when it is over, Invalid."""
    run = _going(run_id)
    if at_step is not None and at_step >= run.steps:
        raise Invalid([("#/at_step", f"The run has {run.steps} steps: choose a step before its end.")])
    _tell(run, {"texts": [dict(text) for text in texts], "at": at_step}, admin)


def choose(run_id: str, numbers: Sequence[int], admin: str) -> None:
    """Let these candidates of a run go on and the others end; raises Missing, Conflict when none of them hang now."""
    run = _going(run_id)
    hung = candidates(run_id)
    if run.choose_by is None or not hung:
        raise Conflict("There is no choice to make now: the machine has chosen, or has not come so far.")
    strange = sorted(set(numbers) - {each["number"] for each in hung})
    if strange or not numbers:
        known = ", ".join(str(each["number"]) for each in hung)
        raise Invalid([("#/candidates", f"Choose at least one of the candidates {known}.")])
    _tell(run, {"keep": sorted(set(numbers))}, admin)


def stop(run_id: str, admin: str) -> None:
    """End a run early, with the picture as it is then; raises Missing, Conflict when it is over."""
    _tell(_going(run_id), {"stop": True}, admin)


def pause(run_id: str) -> None:
    """Lay a run aside: at once while it is queued, at its next slice while it runs. Raises Missing, Conflict."""
    run = _going(run_id)
    job = settling.job(run.id, run.round)
    waiting = db.session.execute(
        update(Run).where(Run.id == run_id, Run.state == "queued").values(state="paused").returning(Run.id)
    ).first()
    if waiting:
        _event(run_id, "state", {"state": "paused", "error": None})
    else:
        db.session.execute(update(Run).where(Run.id == run_id, Run.state == "running").values(pause_requested=True))
    db.session.commit()
    if waiting:
        engine.cancel(job)  # only tidies up: a worker that takes it finds it paused


def resume(run_id: str) -> None:
    """Take a run up again where its last checkpoint is, one that failed or was cancelled, too.

    Raises Missing, and Conflict for a run that goes on or is done. A wish to pause that no worker has met is withdrawn.
    """
    run = _run(run_id)
    withdrawn = update(Run).where(Run.id == run_id, Run.state == "running", Run.pause_requested)
    if db.session.execute(withdrawn.values(pause_requested=False).returning(Run.id)).first():
        db.session.commit()
        return
    values: dict[str, Any] = {"state": "queued", "round": Run.round + 1, "token": None, "tries": 0, "error": None}
    values |= {"finished_at": None, "cancel_requested": False, "pause_requested": False}
    if run.choose_by is not None:  # whoever was to choose has the whole time again
        values["choose_by"] = now() + timedelta(seconds=run.choice_s)
    taken = db.session.execute(
        update(Run).where(Run.id == run_id, Run.state.in_(STOPPED)).values(**values).returning(Run.id)
    ).first()
    if not taken:
        raise Conflict(f"This run is {run.state}: only one that is paused, failed or cancelled can be taken up again.")
    db.session.refresh(run)
    _event(run_id, "state", {"state": "queued", "error": None})
    queueing.hand_in(run, settling.job(run.id, run.round))
    idempotency.commit()


def candidates(run_id: str) -> list[dict[str, Any]]:
    """Return the candidates that hung last for a choice, the best first: {"number", "loss", "object"}; perhaps none."""
    told = select(RunEvent.data).where(RunEvent.run_id == run_id, RunEvent.kind == "choice")
    data = db.session.scalar(told.order_by(RunEvent.id.desc()).limit(1))
    return list(data["candidates"]) if data else []


def candidate(run_id: str, number: int) -> str:
    """Return the object name (PNG) of a candidate that hung last; raises Missing."""
    _run(run_id)
    found = next((each["object"] for each in candidates(run_id) if each["number"] == number), None)
    if found is None:
        raise Missing("There is no such candidate.")
    return str(found)


def _tell(run: Run, command: dict[str, Any], admin: str) -> None:
    from game import painting

    count = db.session.scalar(select(func.count()).where(RunOrder.run_id == run.id)) or 0
    if count >= MOST_ORDERS:
        raise Conflict(f"This run was told {MOST_ORDERS} things. Fork from it to go on.")
    order = RunOrder(run_id=run.id, command=painting.check_order(command), given_by=admin)
    db.session.add(order)
    db.session.flush()
    _event(run.id, "order", {"orders": [order.id], "steps": []})
    idempotency.commit()


def _event(run_id: str, kind: str, data: dict[str, Any]) -> None:
    db.session.add(RunEvent(run_id=run_id, kind=kind, data=data))


def _going(run_id: str) -> Run:
    run = _run(run_id)
    if run.state not in GOING:
        raise Conflict(f"This run is {run.state}, so it can be told nothing more. Fork from it instead.")
    return run


def _run(run_id: str) -> Run:
    run = db.session.get(Run, run_id, populate_existing=True)
    if run is None:
        raise Missing("There is no such run.")
    return run
