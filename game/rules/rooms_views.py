"""A room as those in it see it: who is here, what is on, how much time is left by the server's clock, the walls."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from game.extensions import db
from game.models import Player, Prompt, Room, RoomRound, RoomSeat, RoomWork
from game.rules import rooms, rooms_removals
from game.rules.rooms_walls import Standing, WallView, standings, walls
from game.sayings import say
from game.tables import now

LOOKED = timedelta(seconds=10)  # somebody's being here is written down this often
HERE = timedelta(seconds=75)  # somebody not heard of for longer is away; a tab out of sight is heard of once a minute


@dataclass(frozen=True)
class SeatView:
    """Somebody in a room; `handed_in`: their drawing for the round that is on has arrived."""

    name: str
    host: bool
    you: bool
    here: bool
    handed_in: bool


@dataclass(frozen=True)
class RoundView:
    """The round that is on. `seconds_left` is told by the server's clock, None without a timer; 0 when time is up."""

    number: int
    prompt_id: str
    text: str
    own: bool
    seconds_left: float | None


@dataclass(frozen=True)
class RoomView:
    """A room. `you` is your seat, if you have one; `stamp` changes whenever a page that shows the room is out of date.

    `round` is None in the lobby; `removed`: the host took your seat back; `free` says whether somebody
    else may take over from a host who has gone.
    """

    id: str
    title: str
    state: str
    rounds: int
    seconds: int | None
    hangs: str
    machines: bool
    stamp: str
    version: int
    round: RoundView | None
    you: SeatView | None
    seats: list[SeatView]
    removed: bool
    free: bool
    walls: list[WallView]
    standings: list[Standing]


def view(room_id: str, player: Player | None) -> RoomView:
    """Return a room as a player sees it, whose being here is written down; raises Missing."""
    room, me = rooms.row(room_id), None if player is None else player.id
    if me is not None:
        _note_presence(room_id, me)
    moment = now()
    numbers = list(db.session.scalars(select(RoomRound.number).where(RoomRound.room_id == room_id)))
    seats, host_gone = _seats(room, me, moment)
    current = _current(room, moment)
    shown = walls(room_id, me)
    return RoomView(
        id=room.id,
        title=room.title or say("%(name)s’s room", name=_host_name(room)),
        state=room.state,
        rounds=len(numbers),
        seconds=room.seconds,
        hangs=room.hangs,
        machines=room.machines,
        stamp=_stamp(room, seats, current, shown, host_gone),
        version=room.version,
        round=current,
        you=next((seat for seat in seats if seat.you), None),
        seats=seats,
        removed=rooms_removals.is_removed(room_id, me),
        free=host_gone,
        walls=shown,
        standings=standings(shown),
    )


def _note_presence(room_id: str, player_id: str) -> None:
    """Write down that somebody with a seat is here, unless that was done a moment ago."""
    moment = now()
    here = (RoomSeat.room_id == room_id, RoomSeat.player_id == player_id, RoomSeat.left_at.is_(None))
    db.session.execute(update(RoomSeat).where(*here, RoomSeat.seen_at < moment - LOOKED).values(seen_at=moment))
    db.session.commit()


def _seats(room: Room, me: str | None, moment: datetime) -> tuple[list[SeatView], bool]:
    """Everybody who has a seat, in the order of their coming, and whether the host has gone."""
    taken = select(RoomSeat).where(RoomSeat.room_id == room.id, RoomSeat.left_at.is_(None))
    rows = list(db.session.scalars(taken.order_by(RoomSeat.joined_at, RoomSeat.player_id)))
    handed = select(RoomWork.player_id).where(RoomWork.room_id == room.id, RoomWork.round == room.round)
    arrived = set(db.session.scalars(handed))
    seats = [
        SeatView(
            name=seat.name,
            host=seat.player_id == room.host_id,
            you=seat.player_id == me,
            here=seat.seen_at > moment - HERE,
            handed_in=seat.player_id in arrived,
        )
        for seat in rows
    ]
    host = next((seat for seat in rows if seat.player_id == room.host_id), None)
    return seats, host is None or host.seen_at <= moment - rooms.AWAY


def _host_name(room: Room) -> str:
    seat = db.session.get(RoomSeat, (room.id, room.host_id))
    return "" if seat is None else seat.name


def _current(room: Room, moment: datetime) -> RoundView | None:
    query = select(RoomRound, Prompt.text).join(Prompt, Prompt.id == RoomRound.prompt_id)
    found = db.session.execute(query.where(RoomRound.room_id == room.id, RoomRound.number == room.round)).first()
    if found is None:
        return None
    on, text = found
    left = None if on.ends_at is None else max(0.0, (on.ends_at - moment).total_seconds())
    return RoundView(on.number, on.prompt_id, text, on.own, left)


def _stamp(
    room: Room, seats: Sequence[SeatView], current: RoundView | None, shown: Sequence[WallView], gone: bool
) -> str:
    """What the version does not tell: comings and goings, the end of the time, pictures that were judged later."""
    up = current is not None and current.seconds_left == 0
    judged = [work.rank for wall in shown for work in wall.works]
    told = (room.version, [seat.here for seat in seats], up, judged, gone)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def waiting(view: RoomView) -> list[SeatView]:
    """Return who is here and has not handed in yet."""
    return [seat for seat in view.seats if seat.here and not seat.handed_in]
