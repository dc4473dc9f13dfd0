"""Taking somebody out of a room, which is its host's to do: their seat, and what nobody has seen of theirs yet."""

from __future__ import annotations

from sqlalchemy import delete, select

from game.extensions import db
from game.models import Player, RoomRound, RoomSeat, RoomWork
from game.rules import idempotency, rooms
from game.rules.refusals import Conflict, Missing
from game.sayings import say
from game.tables import now


def remove(room_id: str, player: Player, name: str) -> None:
    """Take the seat of this name away from whoever sits in it, as the host; they do not get another.

    What they handed in for rounds that are not revealed comes off the room's walls to be, and stays theirs. Raises
    Missing for the room or the seat, Forbidden for anybody but the host, and Conflict for the host's own seat.
    """
    room = rooms.hosted(room_id, player.id)
    taken = select(RoomSeat).where(RoomSeat.room_id == room_id, RoomSeat.left_at.is_(None))
    seat = next((seat for seat in db.session.scalars(taken) if seat.name.casefold() == name.strip().casefold()), None)
    if seat is None:
        db.session.rollback()
        raise Missing(say("Nobody of this name sits in the room any more."))
    if seat.player_id == room.host_id:
        db.session.rollback()
        raise Conflict(say("This seat is the host’s own. End the room, or leave it."))
    seat.left_at = seat.removed_at = now()
    covered = select(RoomRound.number).where(RoomRound.room_id == room_id, RoomRound.revealed_at.is_(None))
    theirs = (RoomWork.room_id == room_id, RoomWork.player_id == seat.player_id, RoomWork.round.in_(covered))
    db.session.execute(delete(RoomWork).where(*theirs).execution_options(synchronize_session=False))
    idempotency.commit()


def is_removed(room_id: str, player_id: str | None) -> bool:
    """Whether the host took this player out of the room."""
    seat = None if player_id is None else db.session.get(RoomSeat, (room_id, player_id))
    return seat is not None and seat.removed_at is not None
