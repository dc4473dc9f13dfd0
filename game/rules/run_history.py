"""What is known of a run beside its row: the judges' curves, its log, what it was told, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from game.extensions import db
from game.models import Run, RunEvent, RunOrder
from game.rules import checkpoints, steering
from game.rules.refusals import Missing

QUIET = ("progress", "preview")  # too many to be read
LONGEST_LOG = 200


@dataclass(frozen=True)
class Judged:
    """What the judges saw in the preview of a step; `second_similarity` where a second judge sat."""

    step: int
    similarity: float
    second_similarity: float | None


@dataclass(frozen=True)
class OrderView:
    """What a run was told: `texts`, `keep` or `stop`; `at` the step that was asked for, `step` the one it took effect
    at, None while the worker has not met it."""

    texts: list[dict[str, Any]] | None
    keep: list[int] | None
    stop: bool
    at: int | None
    step: int | None
    created_at: datetime


@dataclass(frozen=True)
class CandidateView:
    """A candidate that hangs for a choice, the best first; `picture` is where it can be seen."""

    number: int
    loss: float | None
    picture: str


@dataclass(frozen=True)
class Line:
    """A line of a run's log."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Relative:
    """A run that another came from, or that came from it: `step` of the checkpoint, None where it is the same again."""

    id: str
    state: str
    seed: int | None
    step: int | None


@dataclass(frozen=True)
class History:
    """A run's history; `rate` in steps a second, `left` in seconds of painting, `choose_by` while a person may choose
    among `candidates`, `checkpoints` the steps that another run can go on from."""

    rate: float | None
    left: float | None
    judged: list[Judged]
    orders: list[OrderView]
    candidates: list[CandidateView]
    choose_by: datetime | None
    checkpoints: list[int]
    parent: Relative | None
    children: list[Relative]
    log: list[Line]


def of(run_id: str) -> History:
    """Return the history of a run; raises Missing."""
    run = db.session.get(Run, run_id, populate_existing=True)
    if run is None:
        raise Missing("There is no such run.")
    parent = db.session.get(Run, run.parent_id) if run.parent_id else None
    children = db.session.scalars(select(Run).where(Run.parent_id == run_id).order_by(Run.created_at))
    rate = _rate(run)
    return History(
        rate=rate,
        left=(run.steps - run.step) / rate if rate and run.state == "running" else None,
        judged=_judged(run_id),
        orders=orders(run_id),
        candidates=_candidates(run) if run.choose_by else [],
        choose_by=run.choose_by,
        checkpoints=checkpoints.listing(run_id),
        parent=None if parent is None else _relative(parent, run.parent_step),
        children=[_relative(child, child.parent_step) for child in children],
        log=_log(run_id),
    )


def orders(run_id: str) -> list[OrderView]:
    """Return what a run was told, oldest first."""
    found = db.session.scalars(select(RunOrder).where(RunOrder.run_id == run_id).order_by(RunOrder.id))
    return [_order(order) for order in found]


def _order(order: RunOrder) -> OrderView:
    told = order.command
    return OrderView(
        texts=told.get("texts"),
        keep=told.get("keep"),
        stop=bool(told.get("stop")),
        at=told.get("at"),
        step=order.step,
        created_at=order.created_at,
    )


def _rate(run: Run) -> float | None:
    """Steps a second, of the time painted so far: a fork's checkpoint brings both its steps and its time along."""
    return run.step / run.seconds if run.seconds else None


def _judged(run_id: str) -> list[Judged]:
    told = select(RunEvent.data).where(RunEvent.run_id == run_id, RunEvent.kind == "preview").order_by(RunEvent.id)
    seen = {data["step"]: data for data in db.session.scalars(told) if "similarity" in data}
    return [Judged(step, data["similarity"], data.get("second_similarity")) for step, data in sorted(seen.items())]


def _candidates(run: Run) -> list[CandidateView]:
    where = f"/api/v1/runs/{run.id}/candidates"
    return [
        CandidateView(each["number"], each["loss"], f"{where}/{each['number']}.png?v={each['object'][:12]}")
        for each in steering.candidates(run.id)
    ]


def _relative(run: Run, step: int | None) -> Relative:
    return Relative(run.id, run.state, run.settings.get("seed"), step)


def _log(run_id: str) -> list[Line]:
    query = select(RunEvent).where(RunEvent.run_id == run_id, RunEvent.kind.not_in(QUIET))
    events = db.session.scalars(query.order_by(RunEvent.id.desc()).limit(LONGEST_LOG)).all()[::-1]
    told = {order.id: order for order in db.session.scalars(select(RunOrder).where(RunOrder.run_id == run_id))}
    return [Line(event.at, text) for event in events for text in _lines(event, told)]


def _lines(event: RunEvent, told: dict[int, RunOrder]) -> Iterable[str]:
    data = event.data
    if event.kind == "state":
        worker, error = data.get("worker"), data.get("error")
        yield data["state"].capitalize() + (f" on {worker}" if worker else "") + (f": {error}" if error else "")
    elif event.kind == "choice":
        count = len(data["candidates"])
        until = datetime.fromisoformat(data["until"]).astimezone(UTC)
        yield f"Step {data['step']}: {count} candidates hang side by side until {until:%H:%M:%S} UTC"
    elif event.kind == "chosen":
        yield "A person chose" if data["by"] == "person" else "The time was up: the machine chose by itself"
    elif event.kind == "order":
        yield from _order_lines(data, [told[number] for number in data["orders"] if number in told])


def _order_lines(data: dict[str, Any], told: Sequence[RunOrder]) -> Iterable[str]:
    for place, order in enumerate(told):
        if data["steps"]:
            yield f"Step {data['steps'][place]}: {words(order.command)}"
        else:
            when = order.command.get("at")
            yield f"Told{' for step ' + str(when) if when is not None else ''}: {words(order.command)}"


def words(command: dict[str, Any]) -> str:
    """Return an order in words."""
    if command.get("texts"):
        return "paint " + " | ".join(f"{text['text']}:{text['weight']:g}" for text in command["texts"])
    if command.get("keep"):
        return "go on with " + ", ".join(str(number) for number in command["keep"])
    return "end with the picture as it is"
