"""People against machines by people's votes: the arena's blind pairs in which a person's picture met a machine's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from game.extensions import db
from game.models import Entry, Rating, Vote
from game.rules.intervals import estimate
from game.rules.ranking import VISIBLE


@dataclass(frozen=True)
class Election:
    """What people's votes say, in one of two ways (`by`), over `prompts` and `votes` between the sides.

    `pairs`: the part of each prompt's votes that its machines won less the part that its people won. `best`: by the
    Bradley-Terry strengths of pictures with enough votes, the best machine's less the best person's, in logits.
    `gap` is the mean over prompts with its bootstrap interval, shares are of prompts won.
    """

    by: str
    prompts: int
    votes: int
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    human_share: float | None
    ai_share: float | None
    tie_share: float | None


def elections() -> list[Election]:
    """Return both ways of counting, of now."""
    votes = _leads()
    best = _best()
    every = sum(count for _, count in votes.values())
    return [
        _election("pairs", every, [lead for lead, _ in votes.values()], [0.0] * len(votes)),
        _election("best", every, [lead for lead, _ in best], [width for _, width in best]),
    ]


def _election(by: str, votes: int, leads: Sequence[float], widths: Sequence[float]) -> Election:
    gap = estimate(leads)
    won = [(lead > width) - (lead < -width) for lead, width in zip(leads, widths, strict=True)]

    def share(sign: int) -> float | None:
        return 100.0 * won.count(sign) / len(won) if won else None

    return Election(by, len(leads), votes, gap.mean, gap.low, gap.high, share(-1), share(1), share(0))


def _leads() -> dict[str, tuple[float, int]]:
    """By prompt, the machines' lead in votes as a part of those between a person and a machine, and their number."""
    left, right = aliased(Entry), aliased(Entry)
    rows = db.session.execute(
        select(Vote.prompt_id, left.kind, Vote.winner, func.count())
        .join(left, left.id == Vote.left_id)
        .join(right, right.id == Vote.right_id)
        .where(Vote.winner.is_not(None), left.kind != right.kind)
        .group_by(Vote.prompt_id, left.kind, Vote.winner)
    )
    lead: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for prompt_id, left_kind, winner, votes in rows:
        count[prompt_id] += votes
        if winner != "tie":
            machine_won = (left_kind == "ai") == (winner == "left")
            lead[prompt_id] += votes if machine_won else -votes
    return {prompt_id: (lead[prompt_id] / votes, votes) for prompt_id, votes in count.items()}


def _best() -> list[tuple[float, float]]:
    """The best machine's lead over the best person on each prompt, and the wider of their half intervals."""
    rows = db.session.execute(
        select(Rating.prompt_id, Rating.kind, Rating.low, Rating.strength, Rating.high)
        .join(Entry, Entry.id == Rating.entry_id)
        .where(Rating.enough, Entry.state == VISIBLE)
    )
    best: dict[str, dict[str, tuple[float, float, float]]] = defaultdict(dict)
    for prompt_id, kind, low, strength, high in rows:
        known = best[prompt_id].get(kind)
        if known is None or low > known[0]:
            best[prompt_id][kind] = low, strength, high
    return [
        (sides["ai"][1] - sides["human"][1], max(side[2] - side[0] for side in sides.values()) / 2)
        for sides in best.values()
        if len(sides) == 2
    ]
