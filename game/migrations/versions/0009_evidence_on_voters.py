"""What votes say about voters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "voter_evidence",
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("coin", "turned", "sided_left", "sided_right")),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_voter_evidence_player_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_voter_evidence_prompt_id")),
        sa.PrimaryKeyConstraint("player_id", "prompt_id", name=op.f("pk_voter_evidence")),
    )
    op.create_index("ix_voter_evidence_prompt", "voter_evidence", ["prompt_id"])


def downgrade() -> None:
    """Take the change back; the next count of votes would write it all again."""
    op.drop_table("voter_evidence")
