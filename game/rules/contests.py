"""People against machines: for each prompt that both have drawn often enough, the best of one side against the other's.

Told four times: by the judge and by the second judge, with penalties, as boards have it, and without. A side that hands
in more has more chances, so the numbers of entries stand beside the numbers of who won.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from game import judging
from game.extensions import db
from game.models import Entry, Prompt
from game.rules.intervals import Estimate, estimate
from game.rules.ranking import VISIBLE

ENOUGH = 5  # visible entries of a prompt, and of these one of each side


@dataclass(frozen=True)
class PromptDuel:
    """One prompt: entries and the best similarity of each side, with penalties and without; `gap` is the machines'
    lead. `winner` is human, ai or, closer than the judge's `noise`, tie; both go by the penalised similarity."""

    prompt_id: str
    prompt: str
    human_entries: int
    ai_entries: int
    best_human: float
    best_ai: float
    best_human_raw: float
    best_ai_raw: float
    gap: float
    noise: float
    winner: str


@dataclass(frozen=True)
class Contest:
    """All prompts that count, by one judge (`by`: main or second) with or without penalties.

    Means are over prompts; `gap` is the machines' lead, with its bootstrap interval; shares are of prompts won.
    """

    by: str
    judge: str
    penalties: str
    prompts: int
    human_entries: int
    ai_entries: int
    best_human: float | None
    best_ai: float | None
    best_overall: float | None
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    human_share: float | None
    ai_share: float | None
    tie_share: float | None


@dataclass(frozen=True)
class _Side:
    entries: int
    best: float
    best_raw: float
    noise: float


def duels(by: str = "main") -> list[PromptDuel]:
    """Return the prompts with enough entries, the most drawn first, before the judge that sits or the second judge."""
    spec = judging.spec() if by == "main" else judging.second_spec()
    if spec is None:
        return []
    found: dict[str, dict[str, _Side]] = {}
    for prompt_id, kind, entries, best, raw, noise in db.session.execute(_sides(by, spec)):
        found.setdefault(prompt_id, {})[kind] = _Side(entries, best, raw, noise)
    met = {
        prompt_id: (sides["human"], sides["ai"])
        for prompt_id, sides in found.items()
        if len(sides) == 2 and sum(side.entries for side in sides.values()) >= ENOUGH
    }
    texts = dict(db.session.execute(select(Prompt.id, Prompt.text)).all()) if met else {}
    told = [_duel(prompt_id, texts[prompt_id], *sides) for prompt_id, sides in met.items()]
    return sorted(told, key=lambda duel: (-duel.human_entries - duel.ai_entries, duel.prompt_id))


def contest(by: str, penalties: str, found: Sequence[PromptDuel]) -> Contest:
    """Return what prompts say together; `by` is main or second, `penalties` with or without."""
    if penalties == "with":
        pairs = [(duel.best_human, duel.best_ai) for duel in found]
    else:
        pairs = [(duel.best_human_raw, duel.best_ai_raw) for duel in found]
    gaps = [machine - person for person, machine in pairs]
    gap = estimate(gaps)
    won = [_winner(one, duel.noise) for one, duel in zip(gaps, found, strict=True)]
    spec = judging.spec() if by == "main" else judging.second_spec()
    return Contest(
        by=by,
        judge=spec or "",
        penalties=penalties,
        prompts=len(found),
        human_entries=sum(duel.human_entries for duel in found),
        ai_entries=sum(duel.ai_entries for duel in found),
        best_human=_mean(person for person, _ in pairs),
        best_ai=_mean(machine for _, machine in pairs),
        best_overall=_mean(max(pair) for pair in pairs),
        gap=gap.mean,
        gap_low=gap.low,
        gap_high=gap.high,
        human_share=_mean(100.0 * (one == "human") for one in won),
        ai_share=_mean(100.0 * (one == "ai") for one in won),
        tie_share=_mean(100.0 * (one == "tie") for one in won),
    )


def gap_of(contest: Contest) -> Estimate:
    """Return a contest's gap with its interval."""
    return Estimate(contest.gap, contest.gap_low, contest.gap_high, contest.prompts)


def _sides(by: str, spec: str) -> Select[Any]:
    prefix = "" if by == "main" else "second_"
    column = {name: getattr(Entry, prefix + name) for name in ("judge", "penalised", "similarity", "noise")}
    return (
        select(
            Entry.prompt_id,
            Entry.kind,
            func.count(),
            func.max(column["penalised"]),
            func.max(column["similarity"]),
            func.max(column["noise"]),
        )
        .where(column["judge"] == spec, Entry.state == VISIBLE)
        .group_by(Entry.prompt_id, Entry.kind)
    )


def _duel(prompt_id: str, text: str, person: _Side, machine: _Side) -> PromptDuel:
    gap, noise = machine.best - person.best, max(person.noise, machine.noise)
    return PromptDuel(
        prompt_id=prompt_id,
        prompt=text,
        human_entries=person.entries,
        ai_entries=machine.entries,
        best_human=person.best,
        best_ai=machine.best,
        best_human_raw=person.best_raw,
        best_ai_raw=machine.best_raw,
        gap=gap,
        noise=noise,
        winner=_winner(gap, noise),
    )


def _winner(gap: float, noise: float) -> str:
    if abs(gap) <= noise:
        return "tie"
    return "ai" if gap > 0 else "human"


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None
