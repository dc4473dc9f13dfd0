"""Drawings that wait for the judge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "pending",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.String(length=16)),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("picture", sa.String(length=90), nullable=False),
        sa.Column("drawing", sa.String(length=90), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('human', 'ai')", name=op.f("ck_pending_kind")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_pending_player_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_pending_prompt_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_pending_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending")),
        sa.UniqueConstraint("run_id", name=op.f("uq_pending_run_id")),
    )
    op.create_index("ix_pending_due", "pending", ["due_at"])
    op.create_index("ix_pending_of_player", "pending", ["player_id", "created_at"])


def downgrade() -> None:
    """Take the change back; what waits is lost with it."""
    op.drop_table("pending")
