"""Models of the arena: votes on blind pairs, and what they come to: how each picture stands by them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from game.tables import Base, new_id, now

if TYPE_CHECKING:
    from game.models import Entry


class Vote(Base):
    """A blind pair offered to a player once (`pair`: both entries' ids in order), and the choice once made.

    `guess_left` and `guess_right`: of which kind the player took the two for, where they said so.
    """

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint("winner in ('left', 'right', 'tie')", "winner"),
        UniqueConstraint("player_id", "pair"),
        Index("ix_vote_waiting", "player_id", "winner"),
        Index("ix_vote_day", "player_id", "voted_at"),
        Index("ix_vote_offered", "winner", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"), index=True)
    left_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    right_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    pair: Mapped[str] = mapped_column(String(40))
    winner: Mapped[str | None] = mapped_column(String(8))
    guess_left: Mapped[str | None] = mapped_column(String(8))
    guess_right: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(default=now)
    voted_at: Mapped[datetime | None]
    left: Mapped[Entry] = relationship(foreign_keys=left_id)
    right: Mapped[Entry] = relationship(foreign_keys=right_id)


class ArenaBoard(Base):
    """A prompt's votes: how many were `cast`, and of how many the ratings know (`seen`); they are due where these
    differ. `counted` are those of the voters who were kept, all of them as `judge`'s entries stood."""

    __tablename__ = "arena_board"

    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"), primary_key=True)
    cast: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    voters: Mapped[int] = mapped_column(default=0)
    dropped: Mapped[int] = mapped_column(default=0)  # voters
    judge: Mapped[str | None] = mapped_column(String(200))
    rated_at: Mapped[datetime | None]


class Rating(Base):
    """How an entry stands by people's votes: `strength` in logits above the average picture, and its interval.

    `judge_share` and `people_share` are the parts of its votes that the judge and people give it, over the same pairs;
    `judge_over` and `people_over` the lower bounds of how much more the one gives than the other.
    """

    __tablename__ = "rating"
    __table_args__ = (
        Index("ix_rating_board", "prompt_id", "enough", "low", "entry_id"),
        Index("ix_rating_board_kind", "prompt_id", "kind", "enough", "low", "entry_id"),
        Index("ix_rating_judge", "enough", "judge_over", "entry_id"),
        Index("ix_rating_people", "enough", "people_over", "entry_id"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"))
    kind: Mapped[str] = mapped_column(String(8))
    votes: Mapped[int]
    enough: Mapped[bool]
    strength: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    judge_share: Mapped[float]
    people_share: Mapped[float]
    judge_over: Mapped[float]
    people_over: Mapped[float]


class VoterEvidence(Base):
    """What a player's votes on one prompt say about whether they look at the pictures, see game.rules.arena_evidence:
    how many votes tell something, and the logarithms of four products."""

    __tablename__ = "voter_evidence"
    __table_args__ = (Index("ix_voter_evidence_prompt", "prompt_id"),)

    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), primary_key=True)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"), primary_key=True)
    votes: Mapped[int]
    coin: Mapped[float]
    turned: Mapped[float]
    sided_left: Mapped[float]
    sided_right: Mapped[float]
