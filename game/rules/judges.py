"""Who judges a board and since when, and what was scored before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from game import judging
from game.extensions import db
from game.models import Entry, PastScore
from game.rules import prompts
from game.rules.ranking import MAIN, SECOND, VISIBLE, Board

SHOWN = 20  # past scores of an entry, the newest


@dataclass(frozen=True)
class Rejudged:
    """When a judge last judged entries of a board again, and whose scores it took the place of: perhaps its own."""

    at: datetime
    former: str


@dataclass(frozen=True)
class Seat:
    """A judge's board: how many entries hang on it, and how many visible ones wait to be judged by it (again)."""

    judge: str
    entries: int
    waiting: int
    rejudged: Rejudged | None


@dataclass(frozen=True)
class Judges:
    """The judge that sits over a prompt's board, and the second judge where there is one."""

    main: Seat
    second: Seat | None


@dataclass(frozen=True)
class PastScoreView:
    """A score that `replaced_by` took the place of; `role` is main or second, or caption for one of its captions."""

    role: str
    judge: str
    similarity: float
    percentile: float
    caption_id: str | None
    judged_at: datetime
    replaced_by: str
    replaced_at: datetime


def of_board(prompt_id: str) -> Judges:
    """Return who judges a prompt's entries; raises Missing."""
    visible = prompts.row(prompt_id).entry_count
    second = judging.second_spec()
    return Judges(
        _seat(prompt_id, "main", judging.spec(), MAIN, visible),
        None if second is None else _seat(prompt_id, "second", second, SECOND, visible),
    )


def _seat(prompt_id: str, role: str, judge: str, board: Board, visible: int) -> Seat:
    by = getattr(Entry, board.among[1])
    hung = select(func.count()).where(Entry.prompt_id == prompt_id, by == judge, Entry.state == VISIBLE)
    entries = db.session.scalar(hung) or 0
    past = select(PastScore.replaced_at, PastScore.judge).where(
        PastScore.prompt_id == prompt_id, PastScore.role == role, PastScore.replaced_by == judge
    )
    last = db.session.execute(past.order_by(PastScore.replaced_at.desc()).limit(1)).first()
    return Seat(judge, entries, max(0, visible - entries), None if last is None else Rejudged(last[0], last[1]))


def past_scores(entry_id: str) -> list[PastScoreView]:
    """Return what an entry and its captions scored before they were judged again, the latest first, at most SHOWN."""
    query = select(PastScore).where(PastScore.entry_id == entry_id)
    return [
        PastScoreView(
            past.role,
            past.judge,
            past.similarity,
            past.percentile,
            past.caption_id,
            past.judged_at,
            past.replaced_by,
            past.replaced_at,
        )
        for past in db.session.scalars(query.order_by(PastScore.replaced_at.desc(), PastScore.id).limit(SHOWN))
    ]
