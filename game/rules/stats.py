"""People against machines, in numbers from the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from game import judging
from game.extensions import db
from game.models import Caption, Entry, Player, Prompt, Vote
from game.rules.ranking import VISIBLE
from game.rules.views import is_open


@dataclass(frozen=True)
class Side:
    """One side's visible entries before the judge that sits; means are None while there are none."""

    entries: int
    players: int
    mean_percentile: float | None
    mean_similarity: float | None
    best_percentile: float | None


@dataclass(frozen=True)
class Duels:
    """Prompts that both sides entered, by whose best is ahead; closer than the judge's noise is a tie."""

    human: int
    ai: int
    tie: int


@dataclass(frozen=True)
class Votes:
    """Votes in the arena: all of them, and those between a person and a machine by who won."""

    all: int
    human: int
    ai: int
    tie: int


@dataclass(frozen=True)
class Stats:
    """The human-vs-AI numbers; `captions` are people's, `machine_captions` the reverse player's."""

    judge: str
    human: Side
    ai: Side
    prompts: Duels
    votes: Votes
    captions: int
    machine_captions: int
    open_prompts: int


def stats() -> Stats:
    """Count and compare; every number is of now."""
    sides, written = _sides(), _captions()
    return Stats(
        judge=judging.spec(),
        human=sides["human"],
        ai=sides["ai"],
        prompts=_duels(),
        votes=_votes(),
        captions=written.get("human", 0),
        machine_captions=written.get("ai", 0),
        open_prompts=db.session.scalar(select(func.count(Prompt.id)).where(is_open())) or 0,
    )


def _sides() -> dict[str, Side]:
    rows = db.session.execute(
        select(
            Entry.kind,
            func.count(),
            func.count(Entry.player_id.distinct()),
            func.avg(Entry.percentile),
            func.avg(Entry.similarity),
            func.max(Entry.percentile),
        )
        .where(Entry.state == VISIBLE, Entry.judge == judging.spec())
        .group_by(Entry.kind)
    )
    found = {kind: Side(*numbers) for kind, *numbers in rows}
    return {kind: found.get(kind, Side(0, 0, None, None, None)) for kind in ("human", "ai")}


def _duels() -> Duels:
    people, machines = _best("human"), _best("ai")
    rows = db.session.execute(select(people, machines, _best("human", "noise")).select_from(Prompt)).all()
    met = [(a, b, noise) for a, b, noise in rows if a is not None and b is not None]
    ahead = sum(a > b + noise for a, b, noise in met)
    behind = sum(b > a + noise for a, b, noise in met)
    return Duels(ahead, behind, len(met) - ahead - behind)


def _best(kind: str, column: str = "penalised") -> ScalarSelect[float]:
    """A number of the side's best entry for each prompt, the first in the board's index."""
    return (
        select(getattr(Entry, column))
        .where(Entry.prompt_id == Prompt.id, Entry.judge == judging.spec(), Entry.kind == kind, Entry.state == VISIBLE)
        .order_by(Entry.penalised.desc(), Entry.id.desc())
        .limit(1)
        .correlate(Prompt)
        .scalar_subquery()
    )


def _captions() -> dict[str, int]:
    rows = db.session.execute(
        select(Player.kind, func.count())
        .join(Caption, Caption.player_id == Player.id)
        .where(Caption.state == VISIBLE)
        .group_by(Player.kind)
    )
    return dict(rows.all())


def _votes() -> Votes:
    left, right = aliased(Entry), aliased(Entry)
    rows = db.session.execute(
        select(left.kind, right.kind, Vote.winner, func.count())
        .join(left, left.id == Vote.left_id)
        .join(right, right.id == Vote.right_id)
        .where(Vote.winner.is_not(None))
        .group_by(left.kind, right.kind, Vote.winner)
    ).all()
    counts = {"human": 0, "ai": 0, "tie": 0}
    for left_kind, right_kind, winner, count in rows:
        if left_kind != right_kind:
            counts[{"left": left_kind, "right": right_kind}.get(winner or "", "tie")] += count
    return Votes(sum(count for *_, count in rows), counts["human"], counts["ai"], counts["tie"])
