"""The models of many machines: who is at work, what is to be queued by itself, and which chores are due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, new_id, now


class Machine(Base):
    """A worker's lease, renewed while it lives: one that lapsed says that its runs are to be taken over."""

    __tablename__ = "machine"
    __table_args__ = (Index("ix_machine_seen", "seen_at"),)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)  # the job engine's executor
    host: Mapped[str] = mapped_column(String(64))
    slot: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)  # by the database's clock


class StandingOrder(Base):
    """What is queued by itself: `settings` lists the runs, for each new prompt or at times.

    `prompt_id` null: for every open prompt. `note` says why the last attempt queued nothing.
    """

    __tablename__ = "standing_order"
    __table_args__ = (
        CheckConstraint("kind in ('prompts', 'times')", "kind"),
        CheckConstraint("state in ('on', 'off')", "state"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="on")
    prompt_id: Mapped[str | None] = mapped_column(ForeignKey("prompt.id"))
    settings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    priority: Mapped[int] = mapped_column(default=5)
    publish_when_done: Mapped[bool] = mapped_column(default=False)
    next_at: Mapped[datetime | None]  # of kind `times`; null: it is over
    every_hours: Mapped[int | None]  # null: once
    since: Mapped[datetime] = mapped_column(default=now)  # of kind `prompts`: older ones are left alone
    queued: Mapped[int] = mapped_column(default=0)  # runs, so far
    note: Mapped[str | None] = mapped_column(String(500))
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class OrderDone(Base):
    """That a standing order has been carried out for a prompt: once, whichever worker comes first."""

    __tablename__ = "order_done"

    order_id: Mapped[str] = mapped_column(ForeignKey("standing_order.id"), primary_key=True)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Chore(Base):
    """Something that one worker of all does now and then; whoever moves `due_at` on does it."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    due_at: Mapped[datetime]
