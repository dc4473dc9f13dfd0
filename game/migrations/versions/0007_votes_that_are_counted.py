"""Guesses beside votes, ratings from votes, and captions in three tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BOARDS = """
INSERT INTO arena_board (prompt_id, "cast", seen, counted, voters, dropped)
SELECT prompt_id, count(winner), 0, 0, 0, 0 FROM vote GROUP BY prompt_id
"""
TRIES = """
UPDATE caption SET attempt = (
  SELECT count(*) FROM caption AS earlier
  WHERE earlier.player_id = caption.player_id AND earlier.entry_id = caption.entry_id AND earlier.guide IS NULL
    AND (earlier.created_at < caption.created_at
      OR (earlier.created_at = caption.created_at AND earlier.id <= caption.id))
) WHERE guide IS NULL
"""


def upgrade() -> None:
    """Apply the change; what was voted and written before counts."""
    op.add_column("vote", sa.Column("guess_left", sa.String(length=8)))
    op.add_column("vote", sa.Column("guess_right", sa.String(length=8)))
    op.create_index("ix_vote_day", "vote", ["player_id", "voted_at"])
    op.create_index("ix_entry_side", "entry", ["judge", "state", "kind", "id"])
    _make_tables()
    op.execute(BOARDS)
    op.add_column("caption", sa.Column("attempt", sa.Integer()))
    op.add_column("caption", sa.Column("revealed_at", sa.DateTime(timezone=True)))
    op.execute(TRIES)
    op.create_index("ix_caption_try", "caption", ["player_id", "entry_id", "attempt"], unique=True)
    op.drop_index("ix_caption_of_player", "caption")


def _make_tables() -> None:
    op.create_table(
        "arena_board",
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("cast", "seen", "counted", "voters", "dropped")),
        sa.Column("judge", sa.String(length=200)),
        sa.Column("rated_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_arena_board_prompt_id")),
        sa.PrimaryKeyConstraint("prompt_id", name=op.f("pk_arena_board")),
    )
    numbers = ("strength", "low", "high", "judge_share", "people_share", "judge_over", "people_over")
    op.create_table(
        "rating",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("prompt_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in numbers),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_rating_entry_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_rating_prompt_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_rating")),
    )
    op.create_index("ix_rating_board", "rating", ["prompt_id", "enough", "low", "entry_id"])
    op.create_index("ix_rating_board_kind", "rating", ["prompt_id", "kind", "enough", "low", "entry_id"])
    op.create_index("ix_rating_judge", "rating", ["enough", "judge_over", "entry_id"])
    op.create_index("ix_rating_people", "rating", ["enough", "people_over", "entry_id"])


def downgrade() -> None:
    """Take the change back; votes and captions stay, guesses and ratings are lost."""
    op.create_index("ix_caption_of_player", "caption", ["player_id", "entry_id"])
    op.drop_index("ix_caption_try", "caption")
    with op.batch_alter_table("caption") as batch:
        batch.drop_column("revealed_at")
        batch.drop_column("attempt")
    op.drop_table("rating")
    op.drop_table("arena_board")
    op.drop_index("ix_entry_side", "entry")
    op.drop_index("ix_vote_day", "vote")
    with op.batch_alter_table("vote") as batch:
        batch.drop_column("guess_right")
        batch.drop_column("guess_left")
