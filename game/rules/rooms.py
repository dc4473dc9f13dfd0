"""Rooms: a link for a team. Open one, come in, leave; the host starts, reveals, goes on and ends.

Every change moves the room's `version` on within its own transaction, which is what browsers go by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Player, Room, RoomRound, RoomSeat
from game.rules import idempotency, players, prompts, rooms_prompts, rooms_walls
from game.rules.refusals import Conflict, Forbidden, Invalid, Missing
from game.sayings import say
from game.tables import now

SEATS = 50
SHORTEST, LONGEST = 15, 3600  # seconds of a round
LONGEST_TITLE = 60
AWAY = timedelta(minutes=2)  # after this long without the host somebody else may take over


@dataclass(frozen=True)
class Terms:
    """What whoever opens a room decides; `name` is their own, `seconds` those of each round, None without a timer."""

    name: str
    title: str = ""
    texts: Sequence[str] = field(default_factory=tuple)
    picked: int = 3
    seconds: int | None = 120
    hangs: str = "room"
    machines: bool = True


def open_room(host: Player, terms: Terms) -> str:
    """Open a room, give its host a seat, and return its id; raises Invalid, and Missing without any open prompt."""
    name = players.wall_name(terms.name)
    if terms.seconds is not None and not SHORTEST <= terms.seconds <= LONGEST:
        raise Invalid(
            [
                (
                    "#/seconds",
                    say("A round takes %(least)s to %(most)s seconds, or has no timer.", least=SHORTEST, most=LONGEST),
                )
            ]
        )
    if terms.hangs not in ("room", "wall"):
        raise Invalid([("#/hangs", say("Drawings hang in the room, or on the public wall, too."))])
    room = Room(
        host_id=host.id,
        title=_checked_title(terms.title),
        seconds=terms.seconds,
        hangs=terms.hangs,
        machines=terms.machines,
    )
    db.session.add(room)
    try:
        db.session.flush()
        for each in rooms_prompts.rounds(terms.texts, terms.picked):
            each.room_id = room.id
            db.session.add(each)
        db.session.add(RoomSeat(room_id=room.id, player_id=host.id, name=name))
        room_id = room.id
        idempotency.commit()
    except IntegrityError:  # somebody brought the very same words in the same moment
        db.session.rollback()
        raise Conflict(say("Somebody else was faster with these words. Open the room once more.")) from None
    return room_id


def _checked_title(title: str) -> str:
    if not title.strip():
        return ""
    title = prompts.checked(title)
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            [
                (
                    "#/title",
                    say(
                        "A room’s name has at most %(most)s characters, this one %(here)s.",
                        most=LONGEST_TITLE,
                        here=len(title),
                    ),
                )
            ]
        )
    return title


def row(room_id: str) -> Room:
    """Return a room's row; raises Missing."""
    room = db.session.get(Room, room_id)
    if room is None:
        raise Missing(
            say("There is no such room. Rooms are taken down a month after the last thing that happened in them.")
        )
    return room


def come_in(room_id: str, player: Player, name: str) -> None:
    """Give a player a seat under a name, or another name.

    Raises Missing, NameRefused, Conflict in a full room, and Forbidden for somebody whom the host took out of it.
    """
    name, player_id = players.wall_name(name), player.id
    room = changing(room_id)
    if room.state == "ended":
        db.session.rollback()
        raise Conflict(say("This room has ended. Its walls can still be looked at."))
    _require_free_name(room_id, player_id, name)
    seat = db.session.get(RoomSeat, (room_id, player_id))
    require_welcome(seat)
    if seat is None or seat.left_at is not None:
        taken = select(func.count()).where(RoomSeat.room_id == room_id, RoomSeat.left_at.is_(None))
        if (db.session.scalar(taken) or 0) >= SEATS:
            db.session.rollback()
            raise Conflict(
                say("All %(seats)s seats of this room are taken. Ask the host, or open another room.", seats=SEATS)
            )
    if seat is None:
        seat = RoomSeat(room_id=room_id, player_id=player_id, name=name)
        db.session.add(seat)
    seat.name, seat.left_at, seat.seen_at = name, None, now()
    idempotency.commit()


def _require_free_name(room_id: str, player_id: str, name: str) -> None:
    others = select(RoomSeat.name).where(RoomSeat.room_id == room_id, RoomSeat.player_id != player_id)
    if name.casefold() in {other.casefold() for other in db.session.scalars(others)}:
        db.session.rollback()
        raise players.NameRefused(
            say("Somebody in this room is called %(name)s already. Add a letter, so the jury can tell.", name=name)
        )


def leave(room_id: str, player: Player) -> None:
    """Free a player's seat; what they handed in stays, and they may come back. Without a seat nothing changes."""
    changing(room_id)
    seat = db.session.get(RoomSeat, (room_id, player.id))
    if seat is not None and seat.left_at is None:
        seat.left_at = now()
    idempotency.commit()


def require_seat(room_id: str, player: Player) -> RoomSeat:
    """Return a player's seat; raises Missing for the room, and Forbidden for somebody who has none."""
    row(room_id)
    seat = db.session.get(RoomSeat, (room_id, player.id))
    require_welcome(seat)
    if seat is None or seat.left_at is not None:
        raise Forbidden(say("You have no seat in this room. Choose a name on its page and come in."))
    return seat


def require_welcome(seat: RoomSeat | None) -> None:
    """Raise Forbidden for a seat that the host took back."""
    if seat is not None and seat.removed_at is not None:
        db.session.rollback()
        raise Forbidden(
            say("The host took you out of this room. What you drew stays yours; other rooms are open to you.")
        )


def act(room_id: str, player: Player, what: str) -> None:
    """Do what only the host may: `start`, `reveal`, `next` or `end`.

    Raises Missing for the room, Forbidden for anybody else, and Conflict where things have moved on, so that asking
    twice does nothing twice.
    """
    if what not in ACTS:
        raise Invalid([("#/act", f"A host may {', '.join(ACTS)}.")])
    player_id = player.id
    room = hosted(room_id, player_id)
    from_states, change = ACTS[what]
    if room.state not in from_states:
        db.session.rollback()
        raise Conflict(say("The room has moved on already. Look at it again."))
    change(room)
    idempotency.commit()


def hosted(room_id: str, player_id: str) -> Room:
    """As `changing`, for the room's host only; raises Forbidden for anybody else."""
    room = changing(room_id)
    if room.host_id != player_id:
        db.session.rollback()
        raise Forbidden(say("Only the host of the room can do this."))
    return room


def take_over(room_id: str, player: Player) -> None:
    """Make somebody with a seat the host; raises Conflict unless the host has been away for two minutes."""
    require_seat(room_id, player)
    player_id = player.id
    room = changing(room_id)
    host = db.session.get_one(RoomSeat, (room_id, room.host_id))
    if host.left_at is None and host.seen_at > now() - AWAY:
        db.session.rollback()
        raise Conflict(say("The host is here. The room is theirs."))
    room.host_id = player_id
    idempotency.commit()


def changing(room_id: str) -> Room:
    """Move a room's version on and return its row; nobody else changes it until the caller commits. Raises Missing."""
    # The update comes first: it takes the row's lock, in SQLite the file's.
    db.session.execute(update(Room).where(Room.id == room_id).values(version=Room.version + 1, touched_at=now()))
    room = db.session.get(Room, room_id, populate_existing=True)
    return room or row(room_id)


def _go_on(room: Room) -> None:
    following = db.session.get(RoomRound, (room.id, room.round + 1))
    if following is None:
        db.session.rollback()
        raise Conflict(say("That was the last prompt. End the room, and its walls stay for a month."))
    room.round, room.state = following.number, "drawing"
    following.began_at = now()
    if room.seconds is not None:
        following.ends_at = following.began_at + timedelta(seconds=room.seconds)


def _reveal(room: Room) -> None:
    found = db.session.get_one(RoomRound, (room.id, room.round))
    found.revealed_at = now()
    found.ends_at = min(found.ends_at or found.revealed_at, found.revealed_at)
    room.state = "revealed"
    db.session.flush()
    rooms_walls.put_up(room, found)


def _end(room: Room) -> None:
    if room.state == "drawing":
        _reveal(room)
    room.state = "ended"


ACTS: dict[str, tuple[tuple[str, ...], Callable[[Room], None]]] = {
    "start": (("lobby",), _go_on),
    "reveal": (("drawing",), _reveal),
    "next": (("revealed",), _go_on),
    "end": (("lobby", "drawing", "revealed"), _end),
}
