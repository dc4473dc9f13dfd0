"""A voter of the arena: how many votes they have left today, and how good their eye is for who made a picture."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from game.extensions import db
from game.models import Entry, Player, Vote
from game.rules.refusals import Spent
from game.sayings import say
from game.tables import now

MOST_A_DAY = 100  # votes of one player between two midnights in UTC


@dataclass(frozen=True)
class Eye:
    """How many guesses at who made a picture somebody has made, and how many were right."""

    guesses: int
    right: int


def left_today(player: Player) -> int:
    """Return how many votes a player may still cast today."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    cast_today = select(func.count()).where(Vote.player_id == player.id, Vote.voted_at >= midnight)
    return max(0, MOST_A_DAY - (db.session.scalar(cast_today) or 0))


def require_left(player: Player) -> None:
    """Raise Spent when a player has cast all votes that they may today."""
    if not left_today(player):
        raise Spent(
            say(
                "That was your vote number %(most)s today, and more would drown the others. They all count; new ones "
                "come at midnight UTC.",
                most=MOST_A_DAY,
            )
        )


def eye(player: Player) -> Eye:
    """Return how a player has guessed so far."""
    left, right = aliased(Entry), aliased(Entry)
    query = (
        select(
            _often(Vote.guess_left.is_not(None)) + _often(Vote.guess_right.is_not(None)),
            _often(Vote.guess_left == left.kind) + _often(Vote.guess_right == right.kind),
        )
        .join(left, left.id == Vote.left_id)
        .join(right, right.id == Vote.right_id)
        .where(Vote.player_id == player.id, Vote.winner.is_not(None))
    )
    made, correct = db.session.execute(query).one()
    return Eye(made, correct)


def _often(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """In how many rows a condition holds; where it is unknown it does not."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
