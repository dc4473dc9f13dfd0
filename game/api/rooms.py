"""Calls about rooms: open one, come in, be its host, hand in for its round, hear what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, current_app, request
from pydantic import Field

from game import identity
from game.api import pictures, streams
from game.api.calls import Answer, Body, call
from game.api.entries import PNG, Complaint, Sizing
from game.api.shapes import Strict, address, visitor
from game.extensions import limiter
from game.rules import drawing, moderation, rooms, rooms_removals, rooms_sheets, rooms_views, rooms_walls
from game.rules.drawing_format import DrawingIn
from game.rules.rooms_views import RoomView

api = Blueprint("api_rooms", __name__)
HOUR = 3600  # s


class Opening(Strict):
    """A room to open. Without `texts` the jury picks some open prompts; without `seconds` there is no timer."""

    name: Annotated[str, Field(description="The host's name in the room.")]
    title: str = ""
    texts: Annotated[list[str], Field(max_length=10)] = []
    picked: Annotated[int, Field(ge=1, le=10)] = 3
    seconds: Annotated[int | None, Field(ge=rooms.SHORTEST, le=rooms.LONGEST)] = None
    hangs: Annotated[
        Literal["room", "wall"],
        Field(description="Where drawings hang after the reveal: in the room only, or on the public wall, too."),
    ] = "room"
    machines: Annotated[bool, Field(description="Whether machines show what they have painted for the prompts.")] = True


class Entering(Strict):
    """A name to sit under."""

    name: str


class Act(Strict):
    """What somebody in a room wants done."""

    act: Literal["start", "reveal", "next", "end", "leave", "lead"]


class Removal(Strict):
    """Whose seat is taken back: their name in the room."""

    name: str


@dataclass(frozen=True)
class RoomAnswer:
    """A room."""

    room: RoomView


@dataclass(frozen=True)
class Sheet:
    """What was handed in; how it did is told at the reveal."""

    id: str


@dataclass(frozen=True)
class SheetAnswer:
    """One drawing that was handed in."""

    entry: Sheet


@call(api, "POST /rooms", Answer(RoomAnswer, 201, keyed=True), body=Opening, refuses=[404, 409])
@limiter.limit("10 per minute", key_func=visitor)
@limiter.limit("60 per minute", key_func=address)
def open_room(body: Opening) -> Any:
    """Open a room and become its host. Whoever knows its id may come in: up to 50 people, no account."""
    host = identity.require()
    room_id = rooms.open_room(host, rooms.Terms(**dict(body)))
    return RoomAnswer(rooms_views.view(room_id, host))


@call(api, "GET /rooms/<room_id>", Answer(RoomAnswer), refuses=[404])
def get_room(room_id: str) -> Any:
    """A room: who is here, what is on, the seconds left by the server's clock, the walls that are revealed."""
    return RoomAnswer(rooms_views.view(room_id, identity.current()))


# Limits by address are wide: a whole team may sit behind one.
@call(api, "POST /rooms/<room_id>/seats", Answer(RoomAnswer, 201), body=Entering, refuses=[404, 409])
@limiter.limit("20 per minute", key_func=visitor)
@limiter.limit("300 per minute", key_func=address)
def take_seat(room_id: str, body: Entering) -> Any:
    """Come in under a name, or take another one."""
    player = identity.require()
    rooms.come_in(room_id, player, body.name)
    return RoomAnswer(rooms_views.view(room_id, player))


@call(api, "POST /rooms/<room_id>/acts", Answer(RoomAnswer), body=Act, refuses=[403, 404, 409])
def act_in_room(room_id: str, body: Act) -> Any:
    """For the host: start, reveal, go on to the next prompt, or end. For anybody: leave, and come back later.

    With `lead` somebody with a seat becomes the host in the place of one who has been away for two minutes.
    """
    player = identity.require()
    if body.act == "leave":
        rooms.leave(room_id, player)
    elif body.act == "lead":
        rooms.take_over(room_id, player)
    else:
        rooms.act(room_id, player, body.act)
    return RoomAnswer(rooms_views.view(room_id, player))


@call(api, "POST /rooms/<room_id>/removals", Answer(RoomAnswer), body=Removal, refuses=[403, 404, 409])
def remove_from_room(room_id: str, body: Removal) -> Any:
    """For the host: take somebody out of the room, with what they handed in since the last reveal. They stay out."""
    player = identity.require()
    rooms_removals.remove(room_id, player, body.name)
    return RoomAnswer(rooms_views.view(room_id, player))


@call(
    api,
    "POST /rooms/<room_id>/rounds/<int:number>/drawings",
    Answer(SheetAnswer, 201, keyed=True),
    body=Body(DrawingIn, drawing.parse),
    refuses=[403, 404, 409, 503],
)
@limiter.limit("30 per minute", key_func=visitor)
@limiter.limit("300 per minute", key_func=address)
def submit_room_drawing(room_id: str, number: int, body: drawing.Drawing) -> Any:
    """Hand in a drawing for a round, in its time or up to 15 seconds later; the latest of each player counts."""
    return SheetAnswer(Sheet(rooms_sheets.hand_in(room_id, number, body, identity.require())))


@call(api, "GET /rooms/<room_id>/works/<entry_id>/picture.png", PNG, query=Sizing, refuses=[404])
def get_room_picture(room_id: str, entry_id: str, query: Sizing) -> Response:
    """A picture of a room, once it is revealed; one's own at any time."""
    player = identity.current()
    name = rooms_walls.picture(room_id, entry_id, None if player is None else player.id)
    response = pictures.send(name, query.size, False)
    response.headers["Cache-Control"] = f"private, max-age={HOUR}"
    return response


@call(api, "POST /rooms/<room_id>/works/<entry_id>/reports", Answer(None, 204, media=""), body=Complaint, refuses=[404])
@limiter.limit("10 per minute", key_func=visitor)
def report_room_work(room_id: str, entry_id: str, body: Complaint) -> Response:
    """Ask for an administrator to look at a picture of a room, whoever may see it there."""
    player = identity.require()
    rooms_walls.picture(room_id, entry_id, player.id)
    moderation.report(entry_id, body.reason, player)
    return Response(status=204)


@call(api, "GET /rooms/<room_id>/events", Answer(None, media="text/event-stream"), refuses=[404])
def follow_room(room_id: str) -> Response:
    """Server-Sent Events: `room` with the new version whenever a room has changed; 204 when no place is left."""
    rooms.row(room_id)
    known = request.headers.get("Last-Event-ID", "")
    after = int(known) if known.isascii() and known.isdigit() else 0
    return streams.stream(current_app.extensions[streams.ROOM_TAIL], room_id, after)
