"""All runs of a machine, hung or not: who shows only their best picture shows how often they tried, too.

What is told is what a plate tells; a picture that no person has let onto a wall is not shown, nor who asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from game.extensions import db
from game.models import Entry, Run
from game.rules import declared
from game.rules.keeping import kept
from game.rules.pages import Page, descending
from game.rules.ranking import VISIBLE
from game.rules.recipes import schedule, start_of


@dataclass(frozen=True)
class Attempt:
    """A run as it is declared; `entry_id` only where its picture hangs, similarity and percentile are the judge's.

    It was `steered` so often by a person, went on `from_step` of another run, or is one `again` with another seed.
    """

    id: str
    prompt_id: str
    prompt_text: str
    state: str
    prior: str
    guides: list[str]
    start: str
    sizes: str
    step: int
    steps: int
    candidates: int
    steered: int
    from_step: int | None
    again: bool
    seed: int | None
    seconds: float | None
    similarity: float | None
    percentile: float | None
    entry_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class Record:
    """How many runs a machine has been given, by what became of them, and how many pictures of it hang."""

    runs: int
    done: int
    failed: int
    cancelled: int
    open: int
    hung: int


def listing(player_id: str, cursor: str | None, limit: int) -> Page[Attempt]:
    """Return a page of a machine's runs, the newest first; a person has none."""
    query = select(Run).where(Run.player_id == player_id).options(joinedload(Run.prompt))
    return descending(query, (Run.created_at, Run.id), cursor, limit).map(_attempts)


def record(player_id: str) -> Record:
    """Return how a machine's runs ended, at most some minutes old."""
    return kept(f"record of {player_id}", lambda: _record(player_id)).value


def _record(player_id: str) -> Record:
    rows = db.session.execute(select(Run.state, func.count()).where(Run.player_id == player_id).group_by(Run.state))
    states = dict(rows.all())
    hung = select(func.count()).where(Entry.player_id == player_id, Entry.state == VISIBLE)
    return Record(
        runs=sum(states.values()),
        done=states.get("done", 0),
        failed=states.get("failed", 0),
        cancelled=states.get("cancelled", 0),
        open=sum(states.get(state, 0) for state in ("queued", "running", "paused")),
        hung=db.session.scalar(hung) or 0,
    )


def _attempts(runs: Sequence[Run]) -> list[Attempt]:
    # Asked for its state, too, SQLite would look through all that hangs instead of through these few runs.
    painted = select(Entry.run_id, Entry.id, Entry.state).where(Entry.run_id.in_([run.id for run in runs]))
    entries = {run_id: entry_id for run_id, entry_id, state in db.session.execute(painted) if state == VISIBLE}
    steered = declared.steered(run.id for run in runs)
    return [_attempt(run, entries.get(run.id), steered.get(run.id, 0)) for run in runs]


def _attempt(run: Run, entry_id: str | None, steered: int) -> Attempt:
    settings: dict[str, Any] = run.settings
    begins = settings.get("start", "noise")
    done = run.state == "done"  # before that the similarity is the guide's
    return Attempt(
        id=run.id,
        prompt_id=run.prompt_id,
        prompt_text=run.prompt.text,
        state=run.state,
        prior=str(settings.get("prior", "")),
        guides=[str(settings.get("guide", "")), *(str(guide["name"]) for guide in settings.get("guides", []))],
        start=start_of(begins if isinstance(begins, str) else json.dumps(begins)),
        sizes=schedule(int(settings.get("size", 0)), settings.get("sizes", [])),
        step=run.step,
        steps=run.steps or int(settings.get("steps", 0)),
        candidates=int(settings.get("candidates", 1)),
        steered=steered,
        from_step=run.parent_step,
        again=run.parent_id is not None and run.parent_step is None,
        seed=settings.get("seed"),
        seconds=run.seconds,
        similarity=run.similarity if done else None,
        percentile=run.percentile if done else None,
        entry_id=entry_id,
        created_at=run.created_at,
    )
