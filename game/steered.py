"""The models of a run in hand: what it was told while it painted, and where another run can go on from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, now


class RunOrder(Base):
    """Something that a run was told: other texts, candidates to keep, or to stop; kept, for it is declared.

    `command` is as the generator reads it, `step` the one at which it took effect, null while it waits for the worker.
    """

    __tablename__ = "run_order"
    __table_args__ = (Index("ix_run_order_run", "run_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    command: Mapped[dict[str, Any]] = mapped_column(JSON)
    step: Mapped[int | None]
    given_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class RunCheckpoint(Base):
    """A checkpoint that is kept so that another run can go on from its step; object names are those of game.storage."""

    __tablename__ = "run_checkpoint"
    __table_args__ = (Index("ix_run_checkpoint_object", "object"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    object: Mapped[str] = mapped_column(String(90))
    created_at: Mapped[datetime] = mapped_column(default=now)
