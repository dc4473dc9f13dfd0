"""The model of reasons: what was worked out once about a score and is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, now


class Explanation(Base):
    """Why an entry or a caption (`about` is its id) has its score; it holds while `key` does, see game.rules.why."""

    __tablename__ = "explanation"

    about: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))  # of judge, text, picture and the edition of `told`
    judge: Mapped[str] = mapped_column(String(200))
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(default=now)
