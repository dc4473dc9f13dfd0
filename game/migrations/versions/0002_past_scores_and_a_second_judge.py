"""Past scores, the log of judging again, and the second judge's opinion in columns that a board can go by."""

from __future__ import annotations

import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SECOND = (
    sa.Column("second_judge", sa.String(length=200)),
    sa.Column("second_noise", sa.Double()),
    sa.Column("second_similarity", sa.Double()),
    sa.Column("second_percentile", sa.Double()),
    sa.Column("second_penalised", sa.Double()),
    sa.Column("second_embedding", sa.LargeBinary()),
    sa.Column("second_judged_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Apply the change."""
    _create_tables()
    _keep_former_scores()
    for table in ("entry", "caption"):
        op.add_column(table, sa.Column("judged_at", sa.DateTime(timezone=True)))
        op.execute(f"UPDATE {table} SET judged_at = created_at")
        with op.batch_alter_table(table) as batch:
            batch.alter_column("judged_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("entry") as batch:
        batch.drop_column("second")
        for column in SECOND:
            batch.add_column(sa.Column(column.name, column.type))
    op.create_index("ix_entry_second", "entry", ["prompt_id", "second_judge", "state", "second_penalised", "id"])
    op.create_index(
        "ix_entry_second_kind", "entry", ["prompt_id", "second_judge", "kind", "state", "second_penalised", "id"]
    )
    op.create_index("ix_entry_judged", "entry", ["judge", "state", "id", "judged_at"])


def _create_tables() -> None:
    op.create_table(
        "past_score",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("caption_id", sa.String(length=16)),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("judge", sa.String(length=200), nullable=False),
        sa.Column("noise", sa.Double()),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("percentile", sa.Double(), nullable=False),
        sa.Column("penalised", sa.Double()),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('main', 'second', 'caption')", name=op.f("ck_past_score_role")),
        sa.ForeignKeyConstraint(["caption_id"], ["caption.id"], name=op.f("fk_past_score_caption_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_past_score_entry_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_past_score_prompt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_score")),
    )
    op.create_index("ix_past_score_board", "past_score", ["prompt_id", "role", "replaced_at"])
    op.create_index("ix_past_score_entry", "past_score", ["entry_id", "role", "replaced_at"])
    op.create_table(
        "rejudging",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("judge", sa.String(length=200), nullable=False),
        sa.Column("anew", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("role in ('main', 'second')", name=op.f("ck_rejudging_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudging")),
    )
    op.create_index("ix_rejudging_open", "rejudging", ["role", "judge", "finished_at"])


def _keep_former_scores() -> None:
    """What stood in `second` was a former judge's score, and when it was replaced nobody wrote down."""
    entry = sa.table(
        "entry",
        *(sa.column(name) for name in ("id", "prompt_id", "judge")),
        sa.column("second", sa.JSON()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    columns = ("id", "prompt_id", "entry_id", "role", "judge", "similarity", "percentile", "replaced_by")
    moments = (sa.column(name, sa.DateTime(timezone=True)) for name in ("judged_at", "replaced_at"))
    past = sa.table("past_score", *(sa.column(name) for name in columns), *moments)
    connection = op.get_bind()
    for row in connection.execute(sa.select(entry).where(sa.cast(entry.c.second, sa.Text) != "null")).all():
        former = json.loads(row.second) if isinstance(row.second, str) else row.second
        connection.execute(
            past.insert().values(
                id=secrets.token_hex(6),
                prompt_id=row.prompt_id,
                entry_id=row.id,
                role="main",
                judge=former["judge"],
                similarity=former["similarity"],
                percentile=former["percentile"],
                replaced_by=row.judge,
                judged_at=row.created_at,
                replaced_at=row.created_at,
            )
        )


def downgrade() -> None:
    """Take the change back; past scores and second opinions go with it."""
    for name in ("ix_entry_judged", "ix_entry_second_kind", "ix_entry_second"):
        op.drop_index(name, table_name="entry")
    with op.batch_alter_table("entry") as batch:
        for column in SECOND:
            batch.drop_column(column.name)
        batch.drop_column("judged_at")
        batch.add_column(sa.Column("second", sa.JSON(none_as_null=True)))
    with op.batch_alter_table("caption") as batch:
        batch.drop_column("judged_at")
    op.drop_table("rejudging")
    op.drop_table("past_score")
