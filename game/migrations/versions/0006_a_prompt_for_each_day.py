"""The prompt of the day, and a way to all runs of one machine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "prompt_day",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_prompt_day_prompt_id")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_prompt_day")),
    )
    op.create_index("ix_prompt_day_prompt", "prompt_day", ["prompt_id", "starts_at"])
    op.create_index("ix_run_of_player", "run", ["player_id", "created_at", "id", "state"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_run_of_player", "run")
    op.drop_table("prompt_day")
