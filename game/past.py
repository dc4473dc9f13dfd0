"""Models of what was: scores that others took the place of, and who judged everything again when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, new_id, now


class PastScore(Base):
    """What an entry, or with `caption_id` a caption of it, scored before `replaced_by` judged it again; on no board."""

    __tablename__ = "past_score"
    __table_args__ = (
        CheckConstraint("role in ('main', 'second', 'caption')", "role"),
        Index("ix_past_score_board", "prompt_id", "role", "replaced_at"),
        Index("ix_past_score_entry", "entry_id", "role", "replaced_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    caption_id: Mapped[str | None] = mapped_column(ForeignKey("caption.id"))
    role: Mapped[str] = mapped_column(String(8))
    judge: Mapped[str] = mapped_column(String(200))
    noise: Mapped[float | None]
    similarity: Mapped[float]
    percentile: Mapped[float]
    penalised: Mapped[float | None]  # as boards went by it; a caption has no penalties
    judged_at: Mapped[datetime]
    replaced_by: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[datetime] = mapped_column(default=now)


class Rejudging(Base):
    """One judging of everything again by a judge; while `finished_at` is null, whoever starts it again goes on."""

    __tablename__ = "rejudging"
    __table_args__ = (
        CheckConstraint("role in ('main', 'second')", "role"),
        Index("ix_rejudging_open", "role", "judge", "finished_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(String(8))
    judge: Mapped[str] = mapped_column(String(200))
    anew: Mapped[bool] = mapped_column(default=False)  # also what this judge itself had judged before `started_at`
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
