"""Many machines: leases of workers, an order among runs, standing orders and chores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("run", sa.Column("priority", sa.Integer(), nullable=False, server_default="5"))
    op.add_column("run", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_run_turn", "run", ["state", "priority", "turn", "id"])
    op.create_index("ix_run_requested", "run", ["requested_by", "state"])
    op.create_table(
        "machine",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_machine")),
    )
    op.create_index("ix_machine_seen", "machine", ["seen_at"])
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    _standing_orders()


def _standing_orders() -> None:
    op.create_table(
        "standing_order",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("prompt_id", sa.String(length=16)),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("publish_when_done", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("every_hours", sa.Integer()),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500)),
        sa.Column("requested_by", sa.String(length=16)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('prompts', 'times')", name=op.f("ck_standing_order_kind")),
        sa.CheckConstraint("state in ('on', 'off')", name=op.f("ck_standing_order_state")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_standing_order_prompt_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["player.id"], name=op.f("fk_standing_order_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_order")),
    )
    op.create_table(
        "order_done",
        sa.Column("order_id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["standing_order.id"], name=op.f("fk_order_done_order_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_order_done_prompt_id")),
        sa.PrimaryKeyConstraint("order_id", "prompt_id", name=op.f("pk_order_done")),
    )


def downgrade() -> None:
    """Take the change back; standing orders are lost."""
    for table in ("order_done", "standing_order", "chore", "machine"):
        op.drop_table(table)
    op.drop_index("ix_run_requested", "run")
    op.drop_index("ix_run_turn", "run")
    with op.batch_alter_table("run") as batch:
        batch.drop_column("turn")
        batch.drop_column("priority")
