"""The models of keeping order: reports, decisions, appeals, bans, what waits by itself, and the log of all of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from game.tables import Base, new_id, now

if TYPE_CHECKING:
    from game.models import Entry, Player


class Report(Base):
    """A player's word that a person should look at an entry; closed by the next decision about it."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("entry_id", "player_id"),
        Index("ix_report_open", "closed_at", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    entry: Mapped[Entry] = relationship("Entry")


class Decision(Base):
    """The log of moderation: who gave an entry which state, from which, and why; `player_id` null: the game itself."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    player_id: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    before: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Appeal(Base):
    """An author's word against a decision, once for each entry; answered by the next decision about it."""

    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_open", "answered_at", "entry_id"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]


class Ban(Base):
    """Who may only look: a player, an address range as it was typed in, or by its `mark` where a player came from.

    Range and mark are forgotten when the ban is over.
    """

    __tablename__ = "ban"
    __table_args__ = (Index("ix_ban_over", "over_at"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    player_id: Mapped[str | None] = mapped_column(ForeignKey("player.id"), index=True)
    network: Mapped[str | None] = mapped_column(String(64))
    mark: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    over_at: Mapped[datetime]


class Trace(Base):
    """Where a player wrote from, as a keyed checksum of a coarse address range; gone after a week."""

    __tablename__ = "trace"
    __table_args__ = (Index("ix_trace_day", "day"),)

    player_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[str] = mapped_column(String(10))


class FilterLine(Base):
    """What lets something wait for a person: a `text` that pictures must not look like, or a `word` in writing."""

    __tablename__ = "filter_line"
    __table_args__ = (CheckConstraint("kind in ('text', 'word')", "kind"),)

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(String(200), primary_key=True)


class Act(Base):
    """What somebody who keeps order did: through which door, to what, and what of it was and is; ids only grow.

    `changes` are `{"kind", "id", "before", "after"}`, one for each row that was changed.
    """

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_of_player", "player_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    player_id: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    what: Mapped[str] = mapped_column(String(60))
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now)
    player: Mapped[Player | None] = relationship("Player")
