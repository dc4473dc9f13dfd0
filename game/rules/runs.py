"""Runs as administrators see them: queue one, follow it, cancel it, publish what it painted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from game import engine, storage
from game.extensions import db
from game.models import Entry, Prompt, Run, RunEvent
from game.rules import drawing as drawings
from game.rules import entries, estimates, idempotency, paintings, players, queueing, settling
from game.rules.entries import EntryView
from game.rules.pages import Page, descending
from game.rules.pending import PendingView
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import new_id

STATES = ("queued", "running", "paused", "done", "failed", "cancelled")
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Moment:
    """A run's numbers at a step; `similarity` is the guide's."""

    step: int
    loss: float
    similarity: float


@dataclass(frozen=True)
class RunView:
    """A run, ready for JSON and for pages; while it runs `similarity` is the guide's, once done the judge's."""

    id: str
    prompt_id: str
    prompt_text: str
    state: str
    step: int
    steps: int
    loss: float | None
    similarity: float | None
    percentile: float | None
    candidates: list[str]
    preview: str | None
    error: str | None
    worker: str | None
    device: str | None
    tries: int
    settings: dict[str, Any]
    seconds: float | None
    cancel_requested: bool
    pause_requested: bool
    publish_when_done: bool
    priority: int
    choice_s: int
    choose_by: datetime | None
    parent_id: str | None
    parent_step: int | None
    batch: str | None
    entry_id: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    history: list[Moment]


def queue(
    prompt_id: str, settings: Mapping[str, Any], by: str | None, publish_when_done: bool = False, run_id: str = "",
    priority: int = queueing.NORMAL,
) -> RunView:  # fmt: skip
    """Queue a run for a prompt on behalf of the player `by`; without texts it paints the prompt's own.

    A `run_id` that is given is queued once: IntegrityError the second time. Raises Missing for an unknown prompt,
    Invalid for settings that the generator does not take, Spent for an administrator who has too many waiting.
    """
    from game import painting

    prompt = db.session.get(Prompt, prompt_id)
    if prompt is None:
        raise Missing("There is no such prompt.")
    checked = painting.check({"texts": [{"text": prompt.text}], **settings})
    estimates.refuse(checked)
    run = Run(
        id=run_id or new_id(),
        prompt_id=prompt.id,
        player_id=players.machine(checked["prior"]).id,
        requested_by=by,
        settings=checked,
        steps=checked["steps"],
        publish_when_done=publish_when_done,
        priority=priority,
    )
    db.session.add(run)
    db.session.flush()
    db.session.add(RunEvent(run_id=run.id, kind="state", data={"state": "queued", "error": None}))
    queueing.hand_in(run)
    idempotency.commit()
    return get(run.id)


def get(run_id: str) -> RunView:
    """Return a run with its history; raises Missing."""
    run = _run(run_id)
    told = db.session.scalars(
        select(RunEvent.data).where(RunEvent.run_id == run_id, RunEvent.kind == "progress").order_by(RunEvent.id)
    )
    return views([run], [Moment(data["step"], data["loss"], data["similarity"]) for data in told])[0]


def listing(
    state: str | None = None, cursor: str | None = None, limit: int = 20, batch: str | None = None
) -> Page[RunView]:
    """Return runs, newest first, of one state or batch if given, and without their histories."""
    query = select(Run).options(joinedload(Run.prompt))
    if state is not None:
        if state not in STATES:
            raise Invalid([("#/state", f"There is no such state; choose one of {', '.join(STATES)}.")])
        query = query.where(Run.state == state)
    if batch is not None:
        query = query.where(Run.batch == batch)
    return descending(query, [Run.created_at, Run.id], cursor, limit).map(views)


def cancel(run_id: str) -> RunView:
    """Cancel a run: at once while it waits, at its next slice while it runs; one that has ended stays as it is."""
    run = _run(run_id)
    job = settling.job(run.id, run.round)
    waiting = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_(("queued", "paused")))
        .values(state="cancelled", cancel_requested=True, finished_at=datetime.now(UTC))
        .returning(Run.id)
    ).first()
    if waiting:
        db.session.add(RunEvent(run_id=run_id, kind="state", data={"state": "cancelled", "error": None}))
    else:
        db.session.execute(update(Run).where(Run.id == run_id, Run.state == "running").values(cancel_requested=True))
    db.session.commit()
    if waiting:
        engine.cancel(job)  # only tidies up: a worker that takes it finds it cancelled
    return get(run_id)


def publish(run_id: str) -> EntryView | PendingView:
    """Enter a run's picture under its prompt, as the machine player; a run is entered once, however often it is asked.

    Raises Missing, and Conflict while the run has no finished picture.
    """
    run = _run(run_id)
    known = db.session.scalar(select(Entry.id).where(Entry.run_id == run_id))
    if known is not None:
        return entries.get(known)
    machine = players.machine(run.settings["prior"])
    if run.drawing is not None:
        drawing = drawings.parse(json.loads(storage.get(run.drawing)))
        return entries.submit(run.prompt_id, drawing, machine, run=run_id)
    if run.picture is None:
        raise Conflict(f"This run is {run.state} and has no finished picture. Wait until it is done.")
    return paintings.hand_in(run.prompt_id, run.picture, machine, run_id)


def stills(run_id: str) -> list[dict[str, Any]]:
    """Return all previews of a run in order, each {"step", "preview"}: the step and where its picture is."""
    data = db.session.scalars(
        select(RunEvent.data).where(RunEvent.run_id == run_id, RunEvent.kind == "preview").order_by(RunEvent.id)
    )
    return [{"step": still["step"], "preview": still["preview"]} for still in data]


def preview(run_id: str, step: int | None = None) -> str:
    """Return the object name (PNG) of what a run looks like so far, or looked like at a step; raises Missing."""
    name = _run(run_id).preview
    if step is not None:
        told = select(RunEvent.data).where(RunEvent.run_id == run_id, RunEvent.kind == "preview")
        still = db.session.scalar(
            told.where(RunEvent.data["step"].as_integer() == step).order_by(RunEvent.id.desc()).limit(1)
        )
        name = still["object"] if still else None
    if name is None:
        raise Missing("There is no such preview of this run." if step is not None else "Nothing is painted yet.")
    return name


def drawing(run_id: str) -> str:
    """Return the object name of a finished run's drawing (JSON); raises Missing."""
    name = _run(run_id).drawing
    if name is None:
        raise Missing("This run has no finished drawing: it is not done, or it paints without strokes.")
    return name


def _run(run_id: str) -> Run:
    run = db.session.get(Run, run_id, populate_existing=True)
    if run is None:
        raise Missing("There is no such run.")
    return run


def views(runs: Sequence[Run], history: list[Moment] | None = None) -> list[RunView]:
    """Return runs as administrators see them, in the given order."""
    found = select(Entry.run_id, Entry.id).where(Entry.run_id.in_([run.id for run in runs]))
    entered = {row.run_id: row.id for row in db.session.execute(found)}
    return [
        RunView(
            prompt_text=run.prompt.text,
            candidates=[],
            preview=_preview_address(run),
            entry_id=entered.get(run.id),
            history=history or [],
            **{name: getattr(run, name) for name in COPIED},
        )
        for run in runs
    ]


def _preview_address(run: Run) -> str | None:
    """Return where the latest preview is; the address changes with the picture."""
    return f"/api/v1/runs/{run.id}/preview.png?v={run.preview[:12]}" if run.preview else None


COPIED = (
    "id", "prompt_id", "state", "step", "steps", "loss", "similarity", "percentile", "error", "worker", "device",
    "tries", "settings", "seconds", "cancel_requested", "pause_requested", "publish_when_done", "priority", "choice_s",
    "choose_by", "parent_id", "parent_step", "batch", "created_at", "started_at", "finished_at",
)  # fmt: skip
