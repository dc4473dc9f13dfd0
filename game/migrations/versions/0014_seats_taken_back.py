"""Seats in rooms that the host took back; whoever sat there does not get another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("room_seat", sa.Column("removed_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take the change back; whoever was removed may come in again."""
    with op.batch_alter_table("room_seat") as batch:
        batch.drop_column("removed_at")
