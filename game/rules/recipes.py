"""What makes a machine's picture good: which prior, which start, which sizes, how many steps, from the runs that hang.

Prompts differ more than recipes do, so options are compared within prompts: on each prompt that two of them painted, an
option's mean similarity against the mean of the others'. The mean of that over prompts is how far it is `ahead`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from game import judging
from game.extensions import db
from game.models import Entry, Run
from game.rules.intervals import estimate
from game.rules.ranking import VISIBLE

QUESTIONS = ("prior", "start", "sizes", "steps")
WORDS = ("noise", "gradient", "perlin", "fractal")  # starts that go by their name
OPTIONS = 12  # shown of a question, the most painted first


@dataclass(frozen=True)
class Option:
    """One answer to a question: its pictures, their means, and how far it is ahead of the others on the `compared`
    prompts that it shares with one of them, with a bootstrap interval."""

    question: str
    option: str
    pictures: int
    prompts: int
    similarity: float
    percentile: float
    ahead: float | None
    ahead_low: float | None
    ahead_high: float | None
    compared: int


@dataclass(frozen=True)
class Batch:
    """The pictures of one prompt that were painted after one recipe; sums over them."""

    prompt_id: str
    recipe: Mapping[str, str]
    pictures: int
    similarity: float
    percentile: float


def batches() -> list[Batch]:
    """Return what machines have on the walls before the judge that sits, by prompt and recipe."""
    hung = (
        select(
            Entry.prompt_id,
            Run.settings["prior"].as_string().label("prior"),
            # A start may be a whole picture or drawing: its first letters tell which.
            func.substr(Run.settings["start"].as_string(), 1, 24).label("start"),
            Run.settings["size"].as_string().label("size"),
            Run.settings["sizes"].as_string().label("sizes"),
            Run.steps,
            Entry.penalised,
            Entry.percentile,
        )
        .join(Run, Run.id == Entry.run_id)
        .where(Entry.judge == judging.spec(), Entry.kind == "ai", Entry.state == VISIBLE)
        .subquery()
    ).c
    recipe = (hung.prompt_id, hung.prior, hung.start, hung.size, hung.sizes, hung.steps)
    rows = db.session.execute(
        select(*recipe, func.count(), func.sum(hung.penalised), func.sum(hung.percentile)).group_by(*recipe)
    )
    return [
        Batch(prompt_id, _recipe(prior, start, size, sizes, steps), count, similarity, percentile)
        for prompt_id, prior, start, size, sizes, steps, count, similarity, percentile in rows
    ]


def options(question: str, found: Sequence[Batch]) -> list[Option]:
    """Return the answers to a question, who is furthest ahead first and those that met no other last."""
    by_option: dict[str, dict[str, list[Batch]]] = defaultdict(lambda: defaultdict(list))
    for batch in found:
        by_option[batch.recipe[question]][batch.prompt_id].append(batch)
    means = {option: {p: _mean(some) for p, some in prompts.items()} for option, prompts in by_option.items()}
    told = [_option(question, option, means, by_option[option]) for option in by_option]
    told = sorted(told, key=lambda one: -one.pictures)[:OPTIONS]
    return sorted(told, key=lambda one: (one.ahead is None, -(one.ahead or 0.0), -one.percentile))


def schedule(size: int, sizes: Sequence[Sequence[int]]) -> str:
    """Return a size schedule in words: `128 px`, or `64 → 128 px` for one that changes."""
    way = [size] if not sizes or sizes[0][0] > 0 else []
    for _, px in sizes:
        if not way or way[-1] != px:
            way.append(px)
    return " → ".join(str(px) for px in way) + " px"


def start_of(start: str | None) -> str:
    """Return what a picture began as, in words, from the first letters of the setting: `noise`, `a drawing` ..."""
    if start is None or start in WORDS:
        return start or "noise"
    if start.startswith('{"entry_id"'):
        return "an entry"
    return "a drawing" if start.startswith("{") or start.endswith(".json") else "a picture"


def _recipe(prior: str, start: str | None, size: str, sizes: str | None, steps: int) -> dict[str, str]:
    changes = json.loads(sizes) if sizes else []
    return {
        "prior": prior,
        "start": start_of(start),
        "sizes": schedule(int(size or 0), changes),
        "steps": str(steps),
    }


def _option(
    question: str, option: str, means: Mapping[str, Mapping[str, float]], own: Mapping[str, Sequence[Batch]]
) -> Option:
    leads = []
    for prompt_id, mean in means[option].items():
        others = [prompts[prompt_id] for name, prompts in means.items() if name != option and prompt_id in prompts]
        if others:
            leads.append(mean - sum(others) / len(others))
    ahead = estimate(leads)
    every = [batch for some in own.values() for batch in some]
    pictures = sum(batch.pictures for batch in every)
    return Option(
        question=question,
        option=option,
        pictures=pictures,
        prompts=len(own),
        similarity=sum(batch.similarity for batch in every) / pictures,
        percentile=sum(batch.percentile for batch in every) / pictures,
        ahead=ahead.mean,
        ahead_low=ahead.low,
        ahead_high=ahead.high,
        compared=ahead.of,
    )


def _mean(some: Iterable[Batch]) -> float:
    batches = list(some)
    return sum(batch.similarity for batch in batches) / sum(batch.pictures for batch in batches)
