"""The index of a player's entries holds prompts and states, too: their days and what is down are read from it alone."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FORMER = ["player_id", "created_at", "id"]


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_entry_works", "entry")
    op.create_index("ix_entry_works", "entry", [*FORMER, "prompt_id", "state"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_entry_works", "entry")
    op.create_index("ix_entry_works", "entry", FORMER)
