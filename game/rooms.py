"""The models of rooms: a link for a team, its rounds, who sits in it, what they handed in."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from game.tables import ALPHABET, Base, now

KEY_LENGTH = 26  # characters of a room's id: 130 random bits, for knowing it is what lets somebody in


def new_key() -> str:
    """Return a room's id, which nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH))


class Room(Base):
    """A link for a team, held by the player who opened it; whoever knows the id may come in.

    `hangs`: where drawings hang after the reveal, in the `room` alone or on the public `wall`, too. `round` is the
    number of the round that is on, 0 in the lobby; `version` grows with every change.
    """

    __tablename__ = "room"
    __table_args__ = (
        CheckConstraint("state in ('lobby', 'drawing', 'revealed', 'ended')", "state"),
        CheckConstraint("hangs in ('room', 'wall')", "hangs"),
        Index("ix_room_touched", "touched_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_key)
    host_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    title: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(8), default="lobby")
    round: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int | None]  # of each round; None: until the host reveals
    hangs: Mapped[str] = mapped_column(String(8), default="room")
    machines: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    touched_at: Mapped[datetime] = mapped_column(default=now)


class RoomRound(Base):
    """A prompt of a room and when it was drawn; `own`: the room brought the words, and they never hang publicly."""

    __tablename__ = "room_round"
    __table_args__ = (Index("ix_room_round_prompt", "prompt_id"),)

    room_id: Mapped[str] = mapped_column(ForeignKey("room.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"))
    own: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]  # by the server's clock; what comes a little later is taken, too
    revealed_at: Mapped[datetime | None]


class RoomSeat(Base):
    """Somebody in a room, under the name they chose for it; with `left_at` the seat is free again.

    With `removed_at` the host took it from them, and they do not get another.
    """

    __tablename__ = "room_seat"
    __table_args__ = (Index("ix_room_seat_player", "player_id"),)

    room_id: Mapped[str] = mapped_column(ForeignKey("room.id"), primary_key=True)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    joined_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    left_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class RoomWork(Base):
    """What a player has on a room's wall for a round: an entry, or what is going to be one once it is judged."""

    __tablename__ = "room_work"

    room_id: Mapped[str] = mapped_column(ForeignKey("room.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(16))  # no foreign key: while the judge is away there is no entry yet
    handed_at: Mapped[datetime] = mapped_column(default=now)
