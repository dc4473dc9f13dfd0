"""What is declared beside a machine's picture: how many runs were made for its prompt, where this one stands among
them, and what a person did to it while it was painted. Who shows the best of many says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from game.extensions import db
from game.models import Run, RunOrder


@dataclass(frozen=True)
class Told:
    """What a person told a run: other texts, candidates to keep, or to end, from a step on."""

    step: int
    texts: list[str] | None
    keep: list[int] | None


@dataclass(frozen=True)
class Declaration:
    """All `runs` made for a prompt by any machine, how many are `done` or `open`, and this one's `place` among those
    done by the judge's similarity, None where it has none; `told` while it was painted, `from_step` of another run's
    checkpoint, or with another seed `again`; `candidates` are the starting points it began with."""

    runs: int
    done: int
    open: int
    place: int | None
    candidates: int
    told: list[Told]
    from_step: int | None
    again: bool


def of(run_id: str) -> Declaration | None:
    """Return what is declared of a run; None where there is no such run."""
    run = db.session.get(Run, run_id)
    if run is None:
        return None
    rows = select(Run.state, func.count()).where(Run.prompt_id == run.prompt_id).group_by(Run.state)
    states = dict(db.session.execute(rows).all())
    return Declaration(
        runs=sum(states.values()),
        done=states.get("done", 0),
        open=sum(states.get(state, 0) for state in ("queued", "running", "paused")),
        place=_place(run),
        candidates=int(run.settings.get("candidates", 1)),
        told=told(run_id),
        from_step=run.parent_step,
        again=run.parent_id is not None and run.parent_step is None,
    )


def told(run_id: str) -> list[Told]:
    """Return what a run was told and took up, in order."""
    taken = select(RunOrder).where(RunOrder.run_id == run_id, RunOrder.step.is_not(None)).order_by(RunOrder.id)
    return [_told(order.command, order.step or 0) for order in db.session.scalars(taken)]


def steered(run_ids: Iterable[str]) -> dict[str, int]:
    """Return how often each of these runs was told something that it took up; those never told are left out."""
    counted = select(RunOrder.run_id, func.count()).where(
        RunOrder.run_id.in_(list(run_ids)), RunOrder.step.is_not(None)
    )
    return dict(db.session.execute(counted.group_by(RunOrder.run_id)).all())


def _place(run: Run) -> int | None:
    if run.state != "done" or run.similarity is None:
        return None
    better = select(func.count()).where(
        Run.prompt_id == run.prompt_id, Run.state == "done", Run.similarity > run.similarity, Run.id != run.id
    )
    return 1 + (db.session.scalar(better) or 0)


def _told(command: dict[str, Any], step: int) -> Told:
    texts = command.get("texts")
    return Told(step, [text["text"] for text in texts] if texts else None, command.get("keep"))
