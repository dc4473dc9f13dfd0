"""Captions by a machine: the guide that they climbed and how many phrases were tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("caption", sa.Column("guide", sa.String(length=200)))
    op.add_column("caption", sa.Column("tried", sa.Integer()))
    op.create_index("ix_caption_machine", "caption", ["entry_id", "guide"], unique=True)


def downgrade() -> None:
    """Take the change back; captions by a machine stay."""
    op.drop_index("ix_caption_machine", "caption")
    with op.batch_alter_table("caption") as batch:
        batch.drop_column("tried")
        batch.drop_column("guide")
