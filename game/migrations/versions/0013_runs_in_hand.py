"""Runs in hand: paused, told something, begun from another run's checkpoint, queued in batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEFORE = "state in ('queued', 'running', 'done', 'failed', 'cancelled')"
AFTER = "state in ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "run_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("command", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("given_by", sa.String(length=16)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_order_run_id")),
        sa.ForeignKeyConstraint(["given_by"], ["player.id"], name=op.f("fk_run_order_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_order")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_order_run", "run_order", ["run_id", "id"])
    op.create_table(
        "run_checkpoint",
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("object", sa.String(length=90), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_checkpoint_run_id")),
        sa.PrimaryKeyConstraint("run_id", "step", name=op.f("pk_run_checkpoint")),
    )
    op.create_index("ix_run_checkpoint_object", "run_checkpoint", ["object"])
    with op.batch_alter_table("run") as batch:
        batch.drop_constraint(op.f("ck_run_state"), type_="check")
        batch.create_check_constraint(op.f("ck_run_state"), AFTER)
        batch.add_column(sa.Column("pause_requested", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("orders_kept", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("choice_s", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("choose_by", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("parent_id", sa.String(length=16)))
        batch.add_column(sa.Column("parent_step", sa.Integer()))
        batch.add_column(sa.Column("batch", sa.String(length=16)))
        batch.create_foreign_key(op.f("fk_run_parent_id"), "run", ["parent_id"], ["id"])
    op.create_index("ix_run_batch", "run", ["batch", "state"])


def downgrade() -> None:
    """Take the change back; what runs were told is lost, and paused ones are cancelled."""
    op.execute(sa.text("UPDATE run SET state = 'cancelled' WHERE state = 'paused'"))
    op.drop_index("ix_run_batch", "run")
    with op.batch_alter_table("run") as batch:
        batch.drop_constraint(op.f("fk_run_parent_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_run_state"), type_="check")
        batch.create_check_constraint(op.f("ck_run_state"), BEFORE)
        for name in (
            "pause_requested", "round", "orders_kept", "choice_s", "choose_by", "parent_id", "parent_step", "batch",
        ):  # fmt: skip
            batch.drop_column(name)
    op.drop_table("run_checkpoint")
    op.drop_table("run_order")
