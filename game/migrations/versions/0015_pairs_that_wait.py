"""An index that leads to pairs of the arena which were offered long ago and never voted on."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_vote_offered", "vote", ["winner", "created_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_vote_offered", "vote")
