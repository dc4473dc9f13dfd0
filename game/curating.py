"""The model of prompts that somebody, or something, suggested and nobody has approved yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, new_id, now


class Suggestion(Base):
    """A text that may become a prompt. `novelty` and `contrast` are shares (0 to 1), see game.rules.curation."""

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'approved', 'refused')", "state"),
        Index("ix_suggestion_queue", "state", "worth", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    text: Mapped[str] = mapped_column(String(200), unique=True)
    source: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    judge: Mapped[str] = mapped_column(String(200))
    nearest: Mapped[str | None] = mapped_column(String(200))  # the prompt that is most like it
    novelty: Mapped[float]
    contrast: Mapped[float]
    worth: Mapped[float]  # the lesser of the two: what the queue goes by
    prompt_id: Mapped[str | None] = mapped_column(ForeignKey("prompt.id"))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
