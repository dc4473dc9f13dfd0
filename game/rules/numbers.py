"""People against machines in numbers: the five questions of the experiment, answered from the database as it stands.

Who wins, and by how much; how similarity grows with steps; which prior, which start, which size schedule does best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from game import judging
from game.rules import climbs, contests, elections, recipes
from game.rules.climbs import Climb
from game.rules.contests import Contest, PromptDuel
from game.rules.elections import Election
from game.rules.keeping import kept
from game.rules.recipes import Option
from game.rules.refusals import Missing

TABLES = ("contests", "prompts", "second_prompts", "elections", "climbs", "priors", "starts", "sizes", "steps")


@dataclass(frozen=True)
class Numbers:
    """All numbers as they were `at` a moment; a prompt counts from `enough` entries on, with both sides among them.

    `prompts` are by the judge, `second_prompts` by the second judge, `elections` by people's votes in the arena.
    """

    at: datetime
    judge: str
    second_judge: str | None
    enough: int
    contests: list[Contest]
    elections: list[Election]
    prompts: list[PromptDuel]
    second_prompts: list[PromptDuel]
    climbs: list[Climb]
    priors: list[Option]
    starts: list[Option]
    sizes: list[Option]
    steps: list[Option]


@dataclass(frozen=True)
class Answers:
    """The numbers without the moment."""

    contests: list[Contest]
    elections: list[Election]
    prompts: list[PromptDuel]
    second_prompts: list[PromptDuel]
    climbs: list[Climb]
    options: dict[str, list[Option]]


def numbers() -> Numbers:
    """Return all numbers, at most some minutes old."""
    spec, second = judging.spec(), judging.second_spec()
    found = kept(f"numbers by {spec} and {second}", work_out)
    answers = found.value
    return Numbers(
        at=found.at,
        judge=spec,
        second_judge=second,
        enough=contests.ENOUGH,
        contests=answers.contests,
        elections=answers.elections,
        prompts=answers.prompts,
        second_prompts=answers.second_prompts,
        climbs=answers.climbs,
        priors=answers.options["prior"],
        starts=answers.options["start"],
        sizes=answers.options["sizes"],
        steps=answers.options["steps"],
    )


def work_out() -> Answers:
    """Return all numbers of now; at 100,000 entries this takes about a second."""
    by_judge = {"main": contests.duels("main"), "second": contests.duels("second")}
    painted = recipes.batches()
    return Answers(
        contests=[
            contests.contest(by, penalties, duels)
            for by, duels in by_judge.items()
            if by == "main" or judging.second_spec() is not None
            for penalties in ("with", "without")
        ],
        elections=elections.elections(),
        prompts=by_judge["main"],
        second_prompts=by_judge["second"],
        climbs=climbs.climbs(),
        options={question: recipes.options(question, painted) for question in recipes.QUESTIONS},
    )


def table(told: Numbers, name: str) -> list[list[Any]]:
    """Return one table of the numbers, its heading first; raises Missing for a name that is none of TABLES."""
    if name not in TABLES:
        raise Missing(f"There is no such table. Take one of {', '.join(TABLES)}.")
    rows: Sequence[Any] = getattr(told, name)
    kinds: dict[str, Any] = {"contests": Contest, "elections": Election, "climbs": Climb}
    kind = kinds.get(name, PromptDuel if name.endswith("prompts") else Option)
    heading = [field.name for field in fields(kind)]
    return [heading, *([getattr(row, column) for column in heading] for row in rows)]
