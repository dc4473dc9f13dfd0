"""An index that leads to a player's entries for a prompt: their best one, and the days on which they drew."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = ["player_id", "prompt_id", "judge", "state", "penalised", "id", "created_at"]


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_entry_mine", "entry", COLUMNS)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_entry_mine", "entry")
