"""The arena's boards: pictures by people's votes, prompts by votes cast, and where people and the judge are divided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from game.extensions import db
from game.models import ArenaBoard, Entry, Prompt, Rating
from game.rules.arena_counting import ENOUGH
from game.rules.pages import Page, descending
from game.rules.prompts import row
from game.rules.ranking import VISIBLE
from game.rules.refusals import Invalid
from game.rules.views import EntryView, entry_views, loaded

KINDS = ("all", "human", "ai")
SIDES = {"judge": Rating.judge_over, "people": Rating.people_over}


@dataclass(frozen=True)
class Rated:
    """An entry by people's votes. `chance`, in percent, is that of beating an average picture of its prompt, with a
    95 % interval; boards go by `chance_low`. With too few votes (`enough` is false) it has no `rank`.

    `people` and `judge` are the parts, in percent, of its pairs that people and the judge give it. `over` is at least
    how much more, in percent, one of the two gives it than the other: above 0 it is no chance.
    """

    entry: EntryView
    votes: int
    enough: bool
    rank: int | None
    chance: float
    chance_low: float
    chance_high: float
    people: float
    judge: float
    judge_over: float
    people_over: float


@dataclass(frozen=True)
class Tally:
    """A prompt's votes: `cast`, of which `counted` by `voters` stand behind the ratings; `dropped` voters did not pass
    the test. `rated` entries have enough votes (`needed`), `begun` too few, `untouched` none."""

    prompt_id: str
    prompt: str
    cast: int
    counted: int
    voters: int
    dropped: int
    needed: int
    rated: int
    begun: int
    untouched: int
    rated_at: datetime | None


@dataclass(frozen=True)
class Wall:
    """A prompt that has been voted on, with the number of votes."""

    prompt_id: str
    prompt: str
    votes: int


def board(prompt_id: str, kind: str, cursor: str | None, limit: int) -> Page[Rated]:
    """Return a page of a prompt's rated entries, the highest lower bound first, those with too few votes last.

    Raises Missing, and Invalid for a kind that is not all, human or ai.
    """
    if kind not in KINDS:
        raise Invalid([("#/kind", f"The kind is {', '.join(KINDS[:-1])} or {KINDS[-1]}.")])
    row(prompt_id)
    query = _hung().where(Rating.prompt_id == prompt_id)
    if kind != "all":
        query = query.where(Rating.kind == kind)
    return descending(query, (Rating.enough, Rating.low, Rating.entry_id), cursor, limit).map(_rated)


def divided(by: str, cursor: str | None, limit: int) -> Page[Rated]:
    """Return a page of the entries that the judge likes most beyond what people do, or with `by` people the reverse.

    Raises Invalid for anything but judge or people.
    """
    if by not in SIDES:
        raise Invalid([("#/by", f"Loved by {' or '.join(SIDES)}.")])
    query = _hung().where(Rating.enough.is_(True))
    return descending(query, (SIDES[by], Rating.entry_id), cursor, limit).map(_rated)


def walls(cursor: str | None, limit: int) -> Page[Wall]:
    """Return a page of the prompts that have been voted on, the most votes first."""
    query = select(ArenaBoard).where(ArenaBoard.cast > 0)
    return descending(query, (ArenaBoard.cast, ArenaBoard.prompt_id), cursor, limit).map(_walls)


def tally(prompt_id: str) -> Tally:
    """Return what a prompt's ratings rest on; raises Missing."""
    prompt = row(prompt_id)
    kept = db.session.get(ArenaBoard, prompt_id) or ArenaBoard(cast=0, counted=0, voters=0, dropped=0)
    found = select(Rating.enough, func.count()).join(Entry, Entry.id == Rating.entry_id)
    found = found.where(Rating.prompt_id == prompt_id, Entry.state == VISIBLE).group_by(Rating.enough)
    sizes = dict(db.session.execute(found).all())
    rated, begun = sizes.get(True, 0), sizes.get(False, 0)
    return Tally(
        prompt_id=prompt_id,
        prompt=prompt.text,
        cast=kept.cast,
        counted=kept.counted,
        voters=kept.voters,
        dropped=kept.dropped,
        needed=ENOUGH,
        rated=rated,
        begun=begun,
        untouched=max(0, prompt.entry_count - rated - begun),
        rated_at=kept.rated_at,
    )


def _hung() -> Select[Rating]:
    return select(Rating).join(Entry, Entry.id == Rating.entry_id).where(Entry.state == VISIBLE)


def _walls(boards: Sequence[ArenaBoard]) -> list[Wall]:
    query = select(Prompt.id, Prompt.text).where(Prompt.id.in_([board.prompt_id for board in boards]))
    texts = dict(db.session.execute(query).all())
    return [Wall(board.prompt_id, texts[board.prompt_id], board.cast) for board in boards]


def _rated(ratings: Sequence[Rating]) -> list[Rated]:
    entries = loaded(rating.entry_id for rating in ratings)
    views = entry_views([entries[rating.entry_id] for rating in ratings])
    ranks = _ranks(ratings)
    return [
        Rated(
            entry=view,
            votes=rating.votes,
            enough=rating.enough,
            rank=ranks.get(rating.entry_id),
            chance=_percent(rating.strength),
            chance_low=_percent(rating.low),
            chance_high=_percent(rating.high),
            people=100 * rating.people_share,
            judge=100 * rating.judge_share,
            judge_over=100 * rating.judge_over,
            people_over=100 * rating.people_over,
        )
        for rating, view in zip(ratings, views, strict=True)
    ]


def _ranks(ratings: Sequence[Rating]) -> dict[str, int]:
    """Ranks, on the board of all kinds, of those with enough votes: one more than have a higher lower bound."""
    other, hung = aliased(Rating), aliased(Entry)
    higher = (
        select(func.count())
        .select_from(other)
        .join(hung, hung.id == other.entry_id)
        .where(other.prompt_id == Rating.prompt_id, other.enough.is_(True), other.low > Rating.low)
        .where(hung.state == VISIBLE)
        .correlate(Rating)
        .scalar_subquery()
    )
    query = select(Rating.entry_id, higher + 1).where(Rating.entry_id.in_([each.entry_id for each in ratings]))
    return dict(db.session.execute(query.where(Rating.enough.is_(True))).all())


def _percent(logits: float) -> float:
    """The chance, in percent, of beating an average picture."""
    return 100 / (1 + math.exp(-logits))
