"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "player",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40)),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("prior", sa.String(length=32)),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('human', 'ai')", name=op.f("ck_player_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_player")),
        sa.UniqueConstraint("prior", name=op.f("uq_player_prior")),
    )
    op.create_table(
        "prompt",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("needs_clip", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=200)),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("ck_prompt_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
        sa.UniqueConstraint("seed", name=op.f("uq_prompt_seed")),
        sa.UniqueConstraint("text", name=op.f("uq_prompt_text")),
    )
    op.create_index("ix_prompt_new", "prompt", ["state", "created_at", "id"])
    op.create_index("ix_prompt_popular", "prompt", ["state", "entry_count", "id"])

    op.create_table(
        "admin_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_by", sa.String(length=16)),
        sa.ForeignKeyConstraint(["used_by"], ["player.id"], name=op.f("fk_admin_link_used_by")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_admin_link")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", sa.JSON(none_as_null=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_idempotency_key_player_id")),
        sa.PrimaryKeyConstraint("player_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"])

    op.create_table(
        "run",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.String(length=16)),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("loss", sa.Double()),
        sa.Column("similarity", sa.Double()),
        sa.Column("percentile", sa.Double()),
        sa.Column("preview", sa.String(length=90)),
        sa.Column("drawing", sa.String(length=90)),
        sa.Column("checkpoint", sa.String(length=90)),
        sa.Column("token", sa.String(length=32)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("publish_when_done", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("worker", sa.String(length=64)),
        sa.Column("device", sa.String(length=64)),
        sa.Column("seconds", sa.Double()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_run_state")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_run_player_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_run_prompt_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["player.id"], name=op.f("fk_run_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_created_at", "run", ["created_at", "id"])
    op.create_index("ix_run_prompt_id", "run", ["prompt_id"])
    op.create_index("ix_run_state", "run", ["state", "created_at", "id"])

    op.create_table(
        "token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_token_player_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_token")),
    )
    op.create_index("ix_token_player_id", "token", ["player_id"])

    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.String(length=16)),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("picture", sa.String(length=90), nullable=False),
        sa.Column("drawing", sa.String(length=90)),
        sa.Column("judge", sa.String(length=200), nullable=False),
        sa.Column("noise", sa.Double(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("percentile", sa.Double(), nullable=False),
        sa.Column("penalised", sa.Double(), nullable=False),
        sa.Column("penalties", sa.JSON(), nullable=False),
        sa.Column("second", sa.JSON(none_as_null=True)),
        sa.Column("embedding", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('human', 'ai')", name=op.f("ck_entry_kind")),
        sa.CheckConstraint("state in ('visible', 'held', 'hidden')", name=op.f("ck_entry_state")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_entry_player_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_entry_prompt_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_entry_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("run_id", name=op.f("uq_entry_run_id")),
    )
    op.create_index("ix_entry_board", "entry", ["prompt_id", "judge", "state", "penalised", "id"])
    op.create_index("ix_entry_board_kind", "entry", ["prompt_id", "judge", "kind", "state", "penalised", "id"])
    op.create_index("ix_entry_any", "entry", ["state", "id"])
    op.create_index("ix_entry_state", "entry", ["state", "created_at", "id"])
    op.create_index("ix_entry_works", "entry", ["player_id", "created_at", "id"])

    op.create_table(
        "run_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_event_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_event_run", "run_event", ["run_id", "id"])

    op.create_table(
        "caption",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("judge", sa.String(length=200), nullable=False),
        sa.Column("noise", sa.Double(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("percentile", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('visible', 'hidden')", name=op.f("ck_caption_state")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_caption_entry_id")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_caption_player_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption")),
    )
    op.create_index("ix_caption_board", "caption", ["entry_id", "judge", "state", "similarity", "id"])
    op.create_index("ix_caption_of_player", "caption", ["player_id", "entry_id"])

    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16)),
        sa.Column("before", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_decision_entry_id")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_decision_player_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_entry_id", "decision", ["entry_id"])

    op.create_table(
        "report",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_report_entry_id")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_report_player_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("entry_id", "player_id", name=op.f("uq_report_entry_id_player_id")),
    )
    op.create_index("ix_report_open", "report", ["closed_at", "created_at", "id"])

    op.create_table(
        "vote",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("left_id", sa.String(length=16), nullable=False),
        sa.Column("right_id", sa.String(length=16), nullable=False),
        sa.Column("pair", sa.String(length=40), nullable=False),
        sa.Column("winner", sa.String(length=8)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("winner in ('left', 'right', 'tie')", name=op.f("ck_vote_winner")),
        sa.ForeignKeyConstraint(["left_id"], ["entry.id"], name=op.f("fk_vote_left_id")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_vote_player_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_vote_prompt_id")),
        sa.ForeignKeyConstraint(["right_id"], ["entry.id"], name=op.f("fk_vote_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("player_id", "pair", name=op.f("uq_vote_player_id_pair")),
    )
    op.create_index("ix_vote_left_id", "vote", ["left_id"])
    op.create_index("ix_vote_waiting", "vote", ["player_id", "winner"])
    op.create_index("ix_vote_prompt_id", "vote", ["prompt_id"])
    op.create_index("ix_vote_right_id", "vote", ["right_id"])


def downgrade() -> None:
    """Take the change back; a table's indexes go with it."""
    tables = (
        "vote", "report", "decision", "caption", "run_event", "entry",
        "token", "run", "idempotency_key", "admin_link", "prompt", "player",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)
