"""The model of the prompt of the day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base


class PromptDay(Base):
    """A day in UTC (`day` as 2026-11-21) and the prompt that everybody was asked to draw on it."""

    __tablename__ = "prompt_day"
    __table_args__ = (Index("ix_prompt_day_prompt", "prompt_id", "starts_at"),)

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # the first moment after it
