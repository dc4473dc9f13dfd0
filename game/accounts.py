"""The models of who may keep order and how they come in, and of a player's way to another device."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import Base, new_id, now


class AdminLink(Base):
    """A link that makes who opens it an administrator or a moderator, kept as its key's SHA-256 only."""

    __tablename__ = "admin_link"
    __table_args__ = (CheckConstraint("role in ('admin', 'moderator')", "role"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(12), default="admin", server_default="admin")
    made_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))


class Account(Base):
    """How somebody who keeps order signs in: a name with an argon2 password, or who they are to an OIDC provider."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), primary_key=True)
    login: Mapped[str | None] = mapped_column(String(60), unique=True)
    password: Mapped[str | None] = mapped_column(String(200))  # argon2's own notation, with its parameters and salt
    issuer: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Base):
    """A session of somebody who keeps order; without it, or once it is over, their cookie opens nothing."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), index=True)
    browser: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]


class ClaimLink(Base):
    """A link by which a player goes on as themselves on another device, kept as its key's SHA-256 only."""

    __tablename__ = "claim_link"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
