"""What a run was told, as its worker meets it: orders that are new, the step at which one took effect, a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from game.extensions import db
from game.models import Run, RunEvent, RunOrder
from game.rules.work import Superseded
from game.tables import now


@dataclass(frozen=True)
class Told:
    """An order on its way: `command` as the generator reads it; `step` where it took effect before a crash."""

    id: int
    command: Mapping[str, Any]
    step: int | None

    def again(self) -> dict[str, Any]:
        """Return the order as the generator is to be told it: at the step it had, if it took effect once."""
        return {**self.command, "at": self.command.get("at") if self.step is None else self.step}


@dataclass(frozen=True)
class Candidate:
    """A candidate as it hangs for a choice: its number, its loss, and its picture, an object of the store (PNG)."""

    number: int
    loss: float | None
    object: str


def after(run_id: str, known: int) -> list[Told]:
    """Return what a run was told after the order with id `known`, oldest first."""
    query = select(RunOrder).where(RunOrder.run_id == run_id, RunOrder.id > known).order_by(RunOrder.id)
    return [Told(order.id, dict(order.command), order.step) for order in db.session.scalars(query)]


def took(run_id: str, token: str, orders: Mapping[int, int]) -> None:
    """Write down at which step each of some orders took effect, and tell the run's viewers."""
    _own(run_id, token)
    for order_id, step in orders.items():
        db.session.execute(update(RunOrder).where(RunOrder.id == order_id).values(step=step))
    _tell(run_id, "order", {"orders": list(orders), "steps": list(orders.values())})
    db.session.commit()


def ask(run_id: str, token: str, step: int, candidates: Sequence[Candidate]) -> None:
    """Hang the candidates side by side and wait for a person until the run's time for that is up."""
    run = _own(run_id, token)
    run.choose_by = now() + timedelta(seconds=run.choice_s)
    hung = [{"number": each.number, "loss": each.loss, "object": each.object} for each in candidates]
    _tell(run_id, "choice", {"step": step, "until": run.choose_by.isoformat(), "candidates": hung})
    db.session.commit()


def decided(run_id: str, token: str, by: str) -> None:
    """End the waiting for a choice: `by` is `person` or `machine`."""
    _own(run_id, token).choose_by = None
    _tell(run_id, "chosen", {"by": by})
    db.session.commit()


def _own(run_id: str, token: str) -> Run:
    """The run, for a worker that still owns it, locked until the commit where the database can."""
    owned = update(Run).where(Run.id == run_id, Run.token == token, Run.state == "running").values(token=token)
    if db.session.execute(owned.returning(Run.id)).first() is None:
        db.session.rollback()
        raise Superseded(run_id)
    return db.session.get_one(Run, run_id, populate_existing=True)


def _tell(run_id: str, kind: str, data: dict[str, Any]) -> None:
    db.session.add(RunEvent(run_id=run_id, kind=kind, data=data))


def over(until: datetime | None) -> bool:
    """Whether the time for a choice is up."""
    return until is not None and now() >= until
