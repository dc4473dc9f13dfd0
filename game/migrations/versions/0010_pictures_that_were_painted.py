"""Pictures that are no drawings hang, too: a run keeps its finished picture, and what waits may be painted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("run", sa.Column("picture", sa.String(length=90)))
    with op.batch_alter_table("pending") as batch:
        batch.alter_column("drawing", existing_type=sa.String(length=90), nullable=True)


def downgrade() -> None:
    """Take the change back; what was painted and still waits for the judge is lost."""
    op.execute(sa.text("DELETE FROM pending WHERE drawing IS NULL"))
    with op.batch_alter_table("pending") as batch:
        batch.alter_column("drawing", existing_type=sa.String(length=90), nullable=False)
    op.drop_column("run", "picture")
