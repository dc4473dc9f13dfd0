"""Handing a drawing in to a room, in its time or a little after; and old rooms, which are taken down."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from game.extensions import db
from game.models import Entry, Player, Prompt, Room, RoomRound, RoomSeat, RoomWork
from game.pending import Pending
from game.rules import entries, idempotency, rooms, rooms_walls
from game.rules.drawing import Drawing
from game.rules.refusals import Conflict, Missing
from game.sayings import mark, say
from game.tables import now

GRACE = timedelta(seconds=15)  # after the end: browsers hand in what is there by then, and a line may be slow
KEPT = timedelta(days=30)  # after the last thing that happened
TOO_LATE = mark(
    "The time for this prompt is over, and what came after it is not taken. Your drawing is still on your sheet."
)


def hand_in(room_id: str, number: int, drawing: Drawing, player: Player) -> str:
    """Judge a drawing for a room's round and keep it for the reveal; the latest of a player counts. Returns its id.

    Raises Missing, Forbidden without a seat, Conflict before the round and after its time and the grace, DrawingError.
    """
    rooms.require_seat(room_id, player)
    player_id = player.id
    found = round_of(room_id, number)
    if found.began_at is None:
        raise Conflict(say("This prompt is not on yet. The host starts it."))
    if found.ends_at is not None and now() > found.ends_at + GRACE:
        raise Conflict(say(TOO_LATE))
    prompt = db.session.get_one(Prompt, found.prompt_id)
    entry_id = entries.hand_in(prompt, drawing, player, hangs="room").id
    room = rooms.changing(room_id)
    rooms.require_welcome(db.session.get(RoomSeat, (room_id, player_id), populate_existing=True))
    work = db.session.get(RoomWork, (room_id, number, player_id))
    if work is None:
        work = RoomWork(room_id=room_id, round=number, player_id=player_id)
        db.session.add(work)
    work.entry_id, work.handed_at = entry_id, now()
    db.session.flush()
    # Asked for anew, under the room's lock: it may have been revealed while the judge looked.
    rooms_walls.publish(room, db.session.get_one(RoomRound, (room_id, number), populate_existing=True))
    idempotency.commit()
    return entry_id


def round_of(room_id: str, number: int) -> RoomRound:
    """Return a room's round; raises Missing for the room or the round."""
    rooms.row(room_id)
    found = db.session.get(RoomRound, (room_id, number))
    if found is None:
        raise Missing(say("This room has no such prompt."))
    return found


def clear() -> int:
    """Take down the rooms in which nothing happened for a month, with words that only they used; returns how many.

    Drawings are kept, each for its player; those on a public wall stay there.
    """
    old = list(db.session.scalars(select(Room.id).where(Room.touched_at < now() - KEPT)))
    if not old:
        return 0
    own = select(RoomRound.prompt_id).where(RoomRound.room_id.in_(old), RoomRound.own)
    brought = set(db.session.scalars(own))
    for model in (RoomWork, RoomSeat, RoomRound):
        db.session.execute(delete(model).where(model.room_id.in_(old)))
    db.session.execute(delete(Room).where(Room.id.in_(old)))
    used = (select(each.id).where(each.prompt_id == Prompt.id).exists() for each in (Entry, Pending))
    elsewhere = select(RoomRound.number).where(RoomRound.prompt_id == Prompt.id).exists()
    unused = [~condition for condition in (*used, elsewhere)]
    db.session.execute(
        delete(Prompt)
        .where(Prompt.id.in_(brought), Prompt.state == "closed", Prompt.seed.is_(None), *unused)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return len(old)
