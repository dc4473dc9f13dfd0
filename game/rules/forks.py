"""Runs that come from other runs: the same again with another seed, or on from a checkpoint with other wishes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from game.extensions import db
from game.models import Run, RunCheckpoint, RunEvent
from game.rules import checkpoints, idempotency, queueing, runs
from game.rules.refusals import Invalid, Missing
from game.rules.runs import RunView

CHANGEABLE = ("texts", "steps", "learning_rate", "cutouts", "patience")


def again(run_id: str, seed: int | None, admin: str) -> RunView:
    """Queue a run's settings once more with another seed, drawn by lot if none is given; raises Missing, Invalid."""
    parent = _run(run_id)
    seed = secrets.randbelow(2**31) if seed is None else seed
    if seed == parent.settings.get("seed"):
        raise Invalid([("#/seed", "That is the run's own seed: the same picture would come of it.")])
    run = _child(parent, {**parent.settings, "seed": seed}, admin)
    return _handed_in(run)


def fork(run_id: str, step: int, changes: Mapping[str, Any], admin: str) -> RunView:
    """Queue a run that goes on from another's checkpoint at a step, with changes to its settings (CHANGEABLE).

    Raises Missing for the run, and Invalid for a step without a checkpoint or a change that cannot be made.
    """
    parent = _run(run_id)
    kept = db.session.scalar(
        select(RunCheckpoint.object).where(RunCheckpoint.run_id == run_id, RunCheckpoint.step == step)
    )
    if kept is None:
        steps = ", ".join(str(known) for known in checkpoints.listing(run_id))
        told = f"they are kept at the steps {steps}" if steps else "none is kept of this run"
        raise Invalid([("#/step", f"There is no checkpoint at step {step}: {told}.")])
    for name in changes:
        if name not in CHANGEABLE:
            raise Invalid([(f"#/settings/{name}", f"A fork can change only {', '.join(CHANGEABLE)}.")])
    settings = {**parent.settings, **changes}
    if settings["steps"] <= step:
        raise Invalid([("#/settings/steps", f"It goes on from step {step}: ask for more steps than that.")])
    run = _child(parent, settings, admin)
    run.parent_step, run.checkpoint, run.step = step, kept, step
    return _handed_in(run)


def _child(parent: Run, settings: Mapping[str, Any], admin: str) -> Run:
    from game import painting

    checked = painting.check(dict(settings))
    run = Run(
        prompt_id=parent.prompt_id,
        player_id=parent.player_id,
        requested_by=admin,
        settings=checked,
        steps=checked["steps"],
        choice_s=parent.choice_s,
        parent_id=parent.id,
        priority=parent.priority,
    )
    db.session.add(run)
    return run


def _handed_in(run: Run) -> RunView:
    db.session.flush()
    db.session.add(RunEvent(run_id=run.id, kind="state", data={"state": "queued", "error": None}))
    queueing.hand_in(run)
    idempotency.commit()
    return runs.get(run.id)


def _run(run_id: str) -> Run:
    run = db.session.get(Run, run_id, populate_existing=True)
    if run is None:
        raise Missing("There is no such run.")
    return run
