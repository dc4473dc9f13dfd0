"""Batches: runs for many prompts with many settings and seeds, looked at beforehand and queued at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from game import engine
from game.extensions import db
from game.models import Prompt, Run, RunEvent
from game.rules import estimates, idempotency, machines, players, queueing, settling
from game.rules.refusals import Invalid, Missing
from game.tables import new_id, now

MOST = 1000  # runs at once


@dataclass(frozen=True)
class Draft:
    """What is to be queued: each of the `recipes` (settings) for each prompt with each seed; a recipe without texts
    paints the prompt's own words."""

    prompt_ids: Sequence[str]
    recipes: Sequence[Mapping[str, Any]]
    seeds: Sequence[int]
    publish_when_done: bool = False
    priority: int = 5
    choice_s: int = 0


@dataclass(frozen=True)
class Plan:
    """What a batch comes to: its runs, the seconds of painting of those that can be told, how many `unknown` cannot,
    how many machines are at work, and the memory that the largest takes."""

    prompts: int
    runs: int
    seconds: float
    unknown: int
    machines: int
    bytes: int | None


@dataclass(frozen=True)
class BatchView:
    """A batch: its runs by state."""

    id: str
    runs: int
    states: dict[str, int]


def plan(draft: Draft) -> Plan:
    """Return what a batch comes to; raises Missing for a prompt, Invalid for settings, too many runs or too little
    memory."""
    found, recipes = _prompts(draft), _checked(draft, 0.0)
    each = len(found) * len(draft.seeds)
    told = [estimates.of(recipe) for recipe in recipes]
    return Plan(
        prompts=len(found),
        runs=each * len(recipes),
        seconds=each * sum(one.seconds or 0.0 for one in told),
        unknown=each * sum(one.seconds is None for one in told),
        machines=sum(machine.alive for machine in machines.listing()),
        bytes=max((one.bytes for one in told if one.bytes is not None), default=None),
    )


def queue(draft: Draft, admin: str) -> BatchView:
    """Queue all runs of a batch, or none; raises as `plan`."""
    found, recipes = _prompts(draft), _checked(draft, estimates.PATIENCE)
    batch = new_id()
    painters = {recipe["prior"]: players.machine(recipe["prior"]).id for recipe in recipes}
    runs = [
        Run(
            id=new_id(),
            prompt_id=prompt.id,
            player_id=painters[settings["prior"]],
            requested_by=admin,
            settings=settings,
            steps=settings["steps"],
            publish_when_done=draft.publish_when_done,
            priority=draft.priority,
            choice_s=draft.choice_s,
            batch=batch,
        )
        for prompt, settings in _every(draft, found, recipes)
    ]
    db.session.add_all(runs)
    db.session.flush()
    for run in runs:
        db.session.add(RunEvent(run_id=run.id, kind="state", data={"state": "queued", "error": None}))
        queueing.hand_in(run)
    idempotency.commit()
    return get(batch)


def get(batch: str) -> BatchView:
    """Return a batch; raises Missing."""
    rows = db.session.execute(select(Run.state, func.count()).where(Run.batch == batch).group_by(Run.state))
    states = dict(rows.all())
    if not states:
        raise Missing("There is no such batch.")
    return BatchView(batch, sum(states.values()), states)


def cancel(batch: str) -> BatchView:
    """Cancel what is left of a batch: what waits at once, what is painted at its next slice. Raises Missing."""
    get(batch)
    mine = Run.batch == batch
    waiting = update(Run).where(mine, Run.state.in_(("queued", "paused")))
    gone = db.session.execute(
        waiting.values(state="cancelled", cancel_requested=True, finished_at=now()).returning(Run.id, Run.round)
    ).all()
    db.session.execute(update(Run).where(mine, Run.state == "running").values(cancel_requested=True))
    for run_id, _ in gone:
        db.session.add(RunEvent(run_id=run_id, kind="state", data={"state": "cancelled", "error": None}))
    db.session.commit()
    for run_id, taken_up in gone:
        engine.cancel(settling.job(run_id, taken_up))  # only tidies up: a worker that takes it finds it cancelled
    return get(batch)


def _every(draft: Draft, found: Sequence[Prompt], recipes: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """All prompts' first seeds come first, so that every wall gets something early."""
    for seed in draft.seeds:
        for place, recipe in enumerate(recipes):
            for prompt in found:
                texts = recipe["texts"] if "texts" in draft.recipes[place] else _own(prompt.text)
                yield prompt, {**recipe, "texts": texts, "seed": seed}


def _own(text: str) -> list[dict[str, Any]]:
    return [{"text": text, "weight": 1.0, "from_step": 0, "to_step": None}]


def _prompts(draft: Draft) -> list[Prompt]:
    rows = db.session.scalars(select(Prompt).where(Prompt.id.in_(draft.prompt_ids))).all()
    known = {prompt.id: prompt for prompt in rows}
    strange = [prompt_id for prompt_id in draft.prompt_ids if prompt_id not in known]
    if strange:
        raise Missing(f'There is no prompt "{strange[0]}".')
    return [known[prompt_id] for prompt_id in dict.fromkeys(draft.prompt_ids)]


def _checked(draft: Draft, patience: float) -> list[dict[str, Any]]:
    """The recipes complete, each checked once: for a prompt of any words it would be the same."""
    from game import painting

    count = len(draft.prompt_ids) * len(draft.recipes) * len(draft.seeds)
    if not 1 <= count <= MOST:
        told = "Choose at least one prompt, one kind and one seed." if not count else f"At most {MOST} runs at once."
        raise Invalid([("#/prompt_ids", told if not count else f"{told} These are {count}.")])
    checked = []
    for place, recipe in enumerate(draft.recipes):
        try:
            complete = painting.check({"texts": [{"text": "a prompt"}], **recipe})
            estimates.refuse(complete, patience)
        except Invalid as refusal:
            found = [(each["pointer"].replace("#/settings", f"#/recipes/{place}"), each["detail"]) for each in
                     refusal.errors]  # fmt: skip
            raise Invalid(found) from None
        if draft.choice_s and complete["deadline_s"]:
            raise Invalid([(f"#/recipes/{place}/deadline_s", "A run that a person chooses in has no deadline.")])
        checked.append(complete)
    return checked
