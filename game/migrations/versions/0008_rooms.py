"""Rooms, and entries that hang in a room only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = "state in ('visible', 'held', 'hidden')"
WITH_ROOMS = "state in ('visible', 'held', 'hidden', 'room')"


def upgrade() -> None:
    """Apply the change."""
    _allow(WITH_ROOMS)
    op.add_column("pending", sa.Column("hangs", sa.String(length=8), server_default="visible", nullable=False))
    _make_rooms()
    _make_what_is_in_them()


def _allow(states: str) -> None:
    with op.batch_alter_table("entry") as batch:
        batch.drop_constraint(op.f("ck_entry_state"), type_="check")
        batch.create_check_constraint(op.f("ck_entry_state"), states)


def _make_rooms() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("host_id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer()),
        sa.Column("hangs", sa.String(length=8), nullable=False),
        sa.Column("machines", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hangs in ('room', 'wall')", name=op.f("ck_room_hangs")),
        sa.CheckConstraint("state in ('lobby', 'drawing', 'revealed', 'ended')", name=op.f("ck_room_state")),
        sa.ForeignKeyConstraint(["host_id"], ["player.id"], name=op.f("fk_room_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
    )
    op.create_index("ix_room_touched", "room", ["touched_at"])
    op.create_table(
        "room_round",
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("began_at", "ends_at", "revealed_at")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_room_round_prompt_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_round_room_id")),
        sa.PrimaryKeyConstraint("room_id", "number", name=op.f("pk_room_round")),
    )
    op.create_index("ix_room_round_prompt", "room_round", ["prompt_id"])


def _make_what_is_in_them() -> None:
    op.create_table(
        "room_seat",
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("joined_at", "seen_at")),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_room_seat_player_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_seat_room_id")),
        sa.PrimaryKeyConstraint("room_id", "player_id", name=op.f("pk_room_seat")),
    )
    op.create_index("ix_room_seat_player", "room_seat", ["player_id"])
    op.create_table(
        "room_work",
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("player_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["player.id"], name=op.f("fk_room_work_player_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_work_room_id")),
        sa.PrimaryKeyConstraint("room_id", "round", "player_id", name=op.f("pk_room_work")),
    )


def downgrade() -> None:
    """Take the change back; rooms are lost, and what hung in them alone is hidden."""
    for table in ("room_work", "room_seat", "room_round", "room"):
        op.drop_table(table)
    with op.batch_alter_table("pending") as batch:
        batch.drop_column("hangs")
    op.execute("UPDATE entry SET state = 'hidden' WHERE state = 'room'")
    _allow(STATES)
