"""Keeping order: appeals, bans, filters, a log of every act, accounts with sessions, suggestions of prompts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WITH_HELD, STATES = "state in ('visible', 'held', 'hidden')", "state in ('visible', 'hidden')"


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("player") as batch:
        batch.add_column(sa.Column("is_moderator", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("prompt") as batch:
        batch.add_column(_moment("opens_at", True))
    with op.batch_alter_table("admin_link") as batch:
        batch.add_column(sa.Column("role", sa.String(length=12), server_default="admin", nullable=False))
        batch.add_column(sa.Column("made_by", sa.String(length=16)))
        batch.create_foreign_key(op.f("fk_admin_link_made_by"), "player", ["made_by"], ["id"])
        batch.create_check_constraint(op.f("ck_admin_link_role"), "role in ('admin', 'moderator')")
    _allow(WITH_HELD)
    op.create_index("ix_caption_state", "caption", ["state", "created_at", "id"])
    _make_order()
    _make_bans()
    _make_accounts()
    _make_suggestions()


def _allow(states: str) -> None:
    with op.batch_alter_table("caption") as batch:
        batch.drop_constraint(op.f("ck_caption_state"), type_="check")
        batch.create_check_constraint(op.f("ck_caption_state"), states)


def _make_order() -> None:
    op.create_table(
        "appeal",
        _text("entry_id", 16, False),
        _text("player_id", 16, False),
        _text("text", 500, False),
        _moment("created_at", False),
        _moment("answered_at", True),
        *(_leads("appeal", name, to) for name, to in (("entry_id", "entry.id"), ("player_id", "player.id"))),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_appeal")),
    )
    op.create_index("ix_appeal_open", "appeal", ["answered_at", "entry_id"])
    op.create_index(op.f("ix_appeal_player_id"), "appeal", ["player_id"])
    op.create_table(
        "act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _text("player_id", 16, True),
        _text("what", 60, False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("about", "changes")),
        _moment("at", False),
        _leads("act", "player_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_act_of_player", "act", ["player_id", "id"])
    op.create_table(
        "filter_line",
        _text("kind", 8, False),
        _text("text", 200, False),
        sa.CheckConstraint("kind in ('text', 'word')", name=op.f("ck_filter_line_kind")),
        sa.PrimaryKeyConstraint("kind", "text", name=op.f("pk_filter_line")),
    )


def _make_bans() -> None:
    op.create_table(
        "ban",
        _text("id", 16, False),
        _text("player_id", 16, True),
        *(_text(name, 64, True) for name in ("network", "mark")),
        _text("reason", 300, False),
        _text("made_by", 16, True),
        *(_moment(name, False) for name in ("created_at", "over_at")),
        *(_leads("ban", name) for name in ("player_id", "made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
    )
    op.create_index("ix_ban_over", "ban", ["over_at"])
    op.create_index(op.f("ix_ban_player_id"), "ban", ["player_id"])
    op.create_table(
        "trace",
        _text("player_id", 16, False),
        _text("mark", 64, False),
        _text("day", 10, False),
        sa.PrimaryKeyConstraint("player_id", "mark", name=op.f("pk_trace")),
    )
    op.create_index("ix_trace_day", "trace", ["day"])


def _make_accounts() -> None:
    op.create_table(
        "account",
        _text("player_id", 16, False),
        *(_text(name, length, True) for name, length in (("login", 60), ("password", 200))),
        *(_text(name, length, True) for name, length in (("issuer", 200), ("subject", 255))),
        _moment("created_at", False),
        _leads("account", "player_id"),
        sa.PrimaryKeyConstraint("player_id", name=op.f("pk_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_issuer_subject")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "sign_in",
        *(_text(name, length, False) for name, length in (("id", 16), ("hash", 64), ("player_id", 16))),
        _text("browser", 80, False),
        *(_moment(name, False) for name in ("created_at", "seen_at")),
        _moment("revoked_at", True),
        _leads("sign_in", "player_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("hash", name=op.f("uq_sign_in_hash")),
    )
    op.create_index(op.f("ix_sign_in_player_id"), "sign_in", ["player_id"])
    op.create_table(
        "claim_link",
        *(_text(name, length, False) for name, length in (("hash", 64), ("player_id", 16))),
        _moment("expires_at", False),
        _moment("used_at", True),
        _leads("claim_link", "player_id"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_claim_link")),
    )
    op.create_index(op.f("ix_claim_link_player_id"), "claim_link", ["player_id"])


def _make_suggestions() -> None:
    op.create_table(
        "suggestion",
        *(_text(name, length, False) for name, length in (("id", 16), ("text", 200), ("source", 100), ("state", 8))),
        _text("judge", 200, False),
        _text("nearest", 200, True),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("novelty", "contrast", "worth")),
        *(_text(name, 16, True) for name in ("prompt_id", "decided_by")),
        _moment("created_at", False),
        _moment("decided_at", True),
        *(_leads("suggestion", name, to) for name, to in (("prompt_id", "prompt.id"), ("decided_by", "player.id"))),
        sa.CheckConstraint("state in ('waiting', 'approved', 'refused')", name=op.f("ck_suggestion_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("text", name=op.f("uq_suggestion_text")),
    )
    op.create_index("ix_suggestion_queue", "suggestion", ["state", "worth", "id"])


def downgrade() -> None:
    """Take the change back; captions that wait for a person are hidden, accounts and logs are lost."""
    for table in ("suggestion", "claim_link", "sign_in", "account", "trace", "ban", "filter_line", "act", "appeal"):
        op.drop_table(table)
    op.drop_index("ix_caption_state", "caption")
    op.execute("UPDATE caption SET state = 'hidden' WHERE state = 'held'")
    _allow(STATES)
    with op.batch_alter_table("admin_link") as batch:
        batch.drop_constraint(op.f("ck_admin_link_role"), type_="check")
        batch.drop_constraint(op.f("fk_admin_link_made_by"), type_="foreignkey")
        batch.drop_column("made_by")
        batch.drop_column("role")
    with op.batch_alter_table("prompt") as batch:
        batch.drop_column("opens_at")
    with op.batch_alter_table("player") as batch:
        batch.drop_column("is_moderator")


def _text(name: str, length: int, nullable: bool) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _moment(name: str, nullable: bool) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _leads(table: str, column: str, to: str = "player.id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))
