"""The overall board: players by what they did on all prompts together.

On a prompt a player's best entry earns the part of the other players' best ones that it beats by more than the judge's
noise: 1 for beating everybody, 0 for nobody. Points are the sum over prompts, so both doing well and doing much count.
By people's votes an entry beats another whose strength lies below it by more than half the width of its own interval.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

import numpy as np
from sqlalchemy import Select, func, select

from game import judging
from game.extensions import db
from game.models import Entry, Player, Rating
from game.rules.keeping import Kept, kept
from game.rules.pages import MOST
from game.rules.ranking import VISIBLE
from game.rules.refusals import Invalid
from game.rules.views import PlayerView, player_view
from game.sayings import say

KINDS = ("all", "human", "ai")
BY = ("main", "second", "people")


@dataclass(frozen=True)
class Standing:
    """A player's place on the overall board: `prompts` entered, how many of them `won` against at least one other, and
    how many `entries` of theirs hang."""

    player: PlayerView
    rank: int
    tied: bool
    points: float
    prompts: int
    won: int
    entries: int


@dataclass(frozen=True)
class Standings:
    """A stretch of the overall board as it was `at` a moment, with its whole size and where to go on."""

    items: list[Standing]
    next: str | None
    of: int
    at: datetime


@dataclass(frozen=True)
class Tally:
    """A player's points without their name; `rank` is among all kinds."""

    player_id: str
    kind: str
    points: float
    prompts: int
    won: int
    entries: int
    rank: int
    tied: bool


@dataclass(frozen=True)
class Mark:
    """A player's best on a prompt: what beats `score` by more than `noise` is better."""

    prompt_id: str
    player_id: str
    kind: str
    score: float
    noise: float
    entries: int = 1


def standings(kind: str = "all", by: str = "main", cursor: str | None = None, limit: int = 50) -> Standings:
    """Return a stretch of the board of all, human or ai, by main, second or people; raises Invalid.

    Ranks are those of the whole board, whatever part of it is asked for.
    """
    if kind not in KINDS:
        raise Invalid([("#/kind", f"A board shows {', '.join(KINDS[:-1])} or {KINDS[-1]}.")])
    found = _kept(by)
    hung = [tally for tally in found.value if kind in ("all", tally.kind)]
    start = 0 if cursor is None else _after(hung, cursor)
    limit = max(1, min(limit, MOST))
    shown = hung[start : start + limit]
    more = _cursor(shown[-1]) if start + limit < len(hung) else None
    return Standings(_views(shown), more, len(hung), found.at)


def of_player(player_id: str, by: str = "main") -> Tally | None:
    """Return a player's place on the overall board, None for who is not on it."""
    return next((tally for tally in _kept(by).value if tally.player_id == player_id), None)


def tallies(marks: Iterable[Mark]) -> list[Tally]:
    """Return everybody's points, the most first; equal points share a rank."""
    by_prompt: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_prompt[mark.prompt_id].append(mark)
    points: dict[str, float] = defaultdict(float)
    prompts: dict[str, int] = defaultdict(int)
    won: dict[str, int] = defaultdict(int)
    entries: dict[str, int] = defaultdict(int)
    kinds: dict[str, str] = {}
    for some in by_prompt.values():
        for mark, share, first in zip(some, *_shares(some), strict=True):
            points[mark.player_id] += float(share)
            prompts[mark.player_id] += 1
            won[mark.player_id] += bool(first)
            entries[mark.player_id] += mark.entries
            kinds[mark.player_id] = mark.kind
    order = sorted(points, key=lambda one: (-round(points[one], 6), one))
    return [
        Tally(one, kinds[one], round(points[one], 6), prompts[one], won[one], entries[one], rank, tied)
        for one, (rank, tied) in zip(order, _ranks([round(points[one], 6) for one in order]), strict=True)
    ]


def _ranks(falling: Sequence[float]) -> Iterator[tuple[int, bool]]:
    """Rank of each of some falling numbers, and whether an equal one shares it."""
    place = 1
    for _, some in groupby(falling):
        equal = len(list(some))
        yield from [(place, equal > 1)] * equal
        place += equal


def _shares(some: Sequence[Mark]) -> tuple[Any, Any]:
    """For each mark of a prompt, the part of the others that it beats, and whether nobody beats it."""
    scores = np.array([mark.score for mark in some])
    noise = np.array([mark.noise for mark in some])
    others = max(len(some) - 1, 1)
    beaten = np.searchsorted(np.sort(scores), scores - noise, side="left")
    above = len(some) - np.searchsorted(np.sort(scores), scores + noise, side="right")
    return beaten / others, (above == 0) & (len(some) > 1)


def _kept(by: str) -> Kept[list[Tally]]:
    if by not in BY or (by == "second" and judging.second_spec() is None):
        raise Invalid([("#/judge", "A board goes by the judge (main), by the second judge where one sits, or people.")])
    spec = judging.second_spec() if by == "second" else judging.spec()
    return kept(f"standings by {by} {spec}", lambda: tallies(_marks(by)))


def _marks(by: str) -> list[Mark]:
    query = _voted() if by == "people" else _judged(by)
    return [Mark(*row) for row in db.session.execute(query)]


def _judged(by: str) -> Select[Any]:
    prefix, spec = ("", judging.spec()) if by == "main" else ("second_", judging.second_spec())
    judge, score, noise = (getattr(Entry, prefix + name) for name in ("judge", "penalised", "noise"))
    best: Select[Any] = (
        select(Entry.prompt_id, Entry.player_id, func.max(Entry.kind), func.max(score), func.max(noise), func.count())
        .where(judge == spec, Entry.state == VISIBLE)
        .group_by(Entry.prompt_id, Entry.player_id)
    )
    return best


def _voted() -> Select[Any]:
    strength, half = Rating.strength, (Rating.high - Rating.low) / 2
    best = (
        select(Entry.prompt_id, Entry.player_id, func.max(Entry.kind), func.max(strength), func.max(half), func.count())
        .join(Entry, Entry.id == Rating.entry_id)
        .where(Rating.enough, Entry.state == VISIBLE)
        .group_by(Entry.prompt_id, Entry.player_id)
    )
    return cast("Select[Any]", best)


def _views(shown: Sequence[Tally]) -> list[Standing]:
    query = select(Player).where(Player.id.in_([tally.player_id for tally in shown]))
    players = {player.id: player_view(player) for player in db.session.scalars(query)}
    return [
        Standing(
            players[tally.player_id], tally.rank, tally.tied, tally.points, tally.prompts, tally.won, tally.entries
        )
        for tally in shown
    ]


def _cursor(tally: Tally) -> str:
    return base64.urlsafe_b64encode(json.dumps([tally.points, tally.player_id]).encode()).decode()


def _after(hung: Sequence[Tally], cursor: str) -> int:
    """How many come before what follows the cursor, even if the board has changed since."""
    try:
        points, player_id = json.loads(base64.urlsafe_b64decode(cursor))
        return sum((-tally.points, tally.player_id) <= (-float(points), str(player_id)) for tally in hung)
    except (ValueError, TypeError):
        raise Invalid([("#/cursor", say("This cursor is of no use. Take the one that came as `next`."))]) from None
