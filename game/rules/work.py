"""Runs as a worker sees them: take one, report progress, finish or fail it.

Each start of a run gets a new token, and every write of a worker asks for its own. So a worker that was thought dead
and comes back finds its writes refused and stops, whatever the job engine believes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from game.extensions import db
from game.models import Run, RunEvent
from game.rules import checkpoints

MOST_STARTS = 3  # without a checkpoint in between: more than that, and the run kills its worker each time
OPEN = ("queued", "running")


class Superseded(Exception):
    """Another start of the same run owns it now, or it has ended; the worker that meets this must let go of it."""


@dataclass(frozen=True)
class Task:
    """What a worker needs to know of its run: checked settings, where to go on, and whether it may."""

    id: str
    prompt_text: str
    settings: dict[str, Any]
    checkpoint: str | None
    orders_kept: int
    choice_s: int
    choose_by: datetime | None
    cancel_requested: bool
    pause_requested: bool
    publish_when_done: bool


@dataclass(frozen=True)
class Kept:
    """What a worker leaves at a step: objects to go on from and to look at, the last order obeyed, what judges saw."""

    step: int
    checkpoint: str
    preview: str
    order: int = 0
    judged: Mapping[str, float] = field(default_factory=dict)


def take(run_id: str, worker: str) -> str | None:
    """Begin or take over a run and return the token of this start, or None when there is nothing left to do.

    A run that was started `MOST_STARTS` times without reaching a checkpoint is failed instead of started again.
    """
    token = secrets.token_hex(8)
    now = datetime.now(UTC)
    taken = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_(OPEN))
        .values(
            state="running",
            token=token,
            tries=Run.tries + 1,
            worker=worker,
            started_at=func.coalesce(Run.started_at, now),
        )
        .returning(Run.id)
    ).first()
    if not taken:
        db.session.rollback()
        return None
    _tell(run_id, "state", {"state": "running", "worker": worker})
    db.session.commit()
    run = db.session.get_one(Run, run_id)
    if run.cancel_requested:
        end(run_id, token, "cancelled")
        return None
    if run.tries > MOST_STARTS:
        end(
            run_id, token, "failed",
            error=f"The worker stopped {MOST_STARTS} times in a row before this run reached a checkpoint. "
            "The machine may be short of memory: queue it again with fewer cutouts or a smaller size.",
        )  # fmt: skip
        return None
    return token


def task(run_id: str, token: str) -> Task:
    """Return the run as it stands now; raises `Superseded` unless `token` is the current start's."""
    run = db.session.scalar(
        select(Run)
        .where(Run.id == run_id, Run.token == token, Run.state == "running")
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise Superseded(run_id)
    return Task(
        id=run.id,
        prompt_text=run.prompt.text,
        settings=dict(run.settings),
        checkpoint=run.checkpoint,
        orders_kept=run.orders_kept,
        choice_s=run.choice_s,
        choose_by=run.choose_by,
        cancel_requested=run.cancel_requested,
        pause_requested=run.pause_requested,
        publish_when_done=run.publish_when_done,
    )


def progress(run_id: str, token: str, values: dict[str, Any]) -> None:
    """Write how far a run is (`step`, `steps`, `loss`, `similarity`, `seconds`) and tell its viewers."""
    _write(run_id, token, values)
    _tell(run_id, "progress", values)
    db.session.commit()


def write(run_id: str, token: str, **values: Any) -> None:
    """Write something into the run's row that its viewers need not be told of."""
    _write(run_id, token, values)
    db.session.commit()


def keep(run_id: str, token: str, kept: Kept) -> list[str]:
    """Write where a run can be resumed from and what it looks like; returns the objects that nothing needs any more."""
    older = db.session.get_one(Run, run_id).checkpoint
    # Reaching a checkpoint is progress, so this start counts as the first again.
    written = {"checkpoint": kept.checkpoint, "preview": kept.preview, "orders_kept": kept.order, "tries": 1}
    _write(run_id, token, written)
    dropped = checkpoints.add(run_id, kept.step, kept.checkpoint)
    still = {"step": kept.step, "preview": still_address(run_id, kept.step), "object": kept.preview, **kept.judged}
    _tell(run_id, "preview", still)
    db.session.commit()
    return checkpoints.unused([*dropped, *([older] if older else [])])


def pause(run_id: str, token: str) -> None:
    """Lay a run aside with what it has; it waits until somebody takes it up again."""
    _write(run_id, token, {"state": "paused", "pause_requested": False})
    _tell(run_id, "state", {"state": "paused", "error": None})
    db.session.commit()


def end(run_id: str, token: str, state: str, **values: Any) -> None:
    """End a run as `done`, `failed` or `cancelled`, with whatever else is to be written with it."""
    _write(run_id, token, {"state": state, "finished_at": datetime.now(UTC), "error": None, **values})
    _tell(run_id, "state", {"state": state, "error": values.get("error")})
    db.session.commit()


def wait(run_id: str, token: str, reason: str | None) -> None:
    """Say why a run that is being painted does not get on, or with None that it does again."""
    _write(run_id, token, {"error": reason})
    _tell(run_id, "state", {"state": "running", "error": reason})
    db.session.commit()


def still_address(run_id: str, step: int) -> str:
    """Return where the preview of a step can be fetched."""
    return f"/api/v1/runs/{run_id}/preview.png?step={step}"


def _write(run_id: str, token: str, values: dict[str, Any]) -> None:
    written = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.token == token, Run.state == "running")
        .values(**values)
        .returning(Run.id)
    ).first()
    if not written:
        db.session.rollback()
        raise Superseded(run_id)


def _tell(run_id: str, kind: str, data: dict[str, Any]) -> None:
    db.session.add(RunEvent(run_id=run_id, kind=kind, data=data))
