"""The model of what was handed in while the judge was away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, new_id, now


class Pending(Base):
    """A drawing that waits for the judge; judged, it becomes the entry of the same id and this row is gone.

    `due_at`: when somebody may try; whoever tries moves it on, so that nobody else does meanwhile. `hangs`: the state
    that the entry will have.
    """

    __tablename__ = "pending"
    __table_args__ = (
        CheckConstraint("kind in ('human', 'ai')", "kind"),
        Index("ix_pending_due", "due_at"),
        Index("ix_pending_of_player", "player_id", "created_at"),
    )
    state = "pending"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"))
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    picture: Mapped[str] = mapped_column(String(90))  # object names, see game.storage
    drawing: Mapped[str | None] = mapped_column(String(90))
    hangs: Mapped[str] = mapped_column(String(8), default="visible", server_default="visible")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
