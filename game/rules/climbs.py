"""How similarity grows with steps: the guide's, as runs told it while they painted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from game.extensions import db
from game.models import Run, RunEvent
from game.rules.intervals import estimate

RUNS = 300  # looked at, the newest: what older machines did matters less and less
LINES = 6  # told of, those with the most runs


@dataclass(frozen=True)
class Climb:
    """The mean similarity before `guide` of the `runs` with `prior` that were known at a step, with its interval."""

    prior: str
    guide: str
    step: int
    runs: int
    similarity: float
    low: float | None
    high: float | None


def climbs() -> list[Climb]:
    """Return means over the newest finished runs, at steps 1, 2, 5, 10 and so on.

    Means at late steps are of the long runs only, so a line may break where many runs end: `runs` says how many go on.
    """
    newest = (
        select(Run.id, Run.settings["prior"].as_string(), Run.settings["guide"].as_string())
        .where(Run.state == "done")
        .order_by(Run.created_at.desc(), Run.id.desc())
        .limit(RUNS)
    )
    led = {run_id: (prior, guide) for run_id, prior, guide in db.session.execute(newest)}
    lines: dict[tuple[str, str], list[Mapping[int, float]]] = defaultdict(list)
    for run_id, history in _histories(list(led)).items():
        if len(history) > 1:
            lines[led[run_id]].append(at_marks(history))
    most = sorted(lines.items(), key=lambda line: (-len(line[1]), line[0]))[:LINES]
    return [climb for line, runs in most for climb in _line(line, runs)]


def marks(first: float, last: float) -> Iterator[int]:
    """Yield the steps 1, 2, 5, 10, 20, 50 ... from `first` to `last`."""
    power = 1
    while power <= last:
        yield from (power * digit for digit in (1, 2, 5) if first <= power * digit <= last)
        power *= 10


def at_marks(history: Sequence[tuple[int, float]]) -> dict[int, float]:
    """Return a run's similarity at the marks between its first and its last told step, and at the last."""
    steps, values = zip(*sorted(dict(history).items()), strict=True)
    wanted = list(marks(steps[0], steps[-1]))
    return dict(zip(wanted, np.interp(wanted, steps, values).tolist(), strict=True))


def _line(line: tuple[str, str], runs: Sequence[Mapping[int, float]]) -> Iterator[Climb]:
    for step in sorted({step for run in runs for step in run}):
        known = estimate([run[step] for run in runs if step in run])
        if known.mean is not None:
            yield Climb(*line, step, known.of, known.mean, known.low, known.high)


def _histories(ids: Sequence[str]) -> dict[str, list[tuple[int, float]]]:
    """The told steps of runs with the similarity at each, where there was one."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    told = select(RunEvent.run_id, RunEvent.data).where(RunEvent.run_id.in_(ids), RunEvent.kind == "progress")
    data: dict[str, Any]
    for run_id, data in db.session.execute(told):
        if data.get("similarity") is not None:
            found[run_id].append((int(data["step"]), float(data["similarity"])))
    return found
