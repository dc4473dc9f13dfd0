"""Rooms: open one, sit in it, draw along, see the walls, take them home as one page."""

from __future__ import annotations

import base64
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from game import identity, storage
from game.assets import asset
from game.extensions import limiter
from game.pages import fragments
from game.rules import moderation, prompts, rooms, rooms_prompts, rooms_removals, rooms_views, rooms_walls
from game.rules.refusals import Conflict, Forbidden, Invalid, Missing
from game.rules.rooms_views import RoomView

pages = Blueprint("rooms", __name__)
TIMERS = (60, 90, 120, 180, 300, 600)  # s; shown in the form
STYLE = "css/room-page.css"
STATUS = {Conflict: 409, Forbidden: 403}


@pages.get("/rooms/new")
def new() -> Response:
    """Shows what can be decided about a room; with `?prompt=` it draws that one."""
    prompt_id, me = request.args.get("prompt"), identity.current()
    text = prompts.get(prompt_id).text if prompt_id else ""
    first = {"name": me.name if me and me.name else "", "source": "own" if text else "jury", "texts": text}
    return _form(MultiDict({**first, "picked": "3", "seconds": "120", "hangs": "room", "machines": "on"}))


def _form(given: MultiDict[str, str], error: str = "") -> Response:
    values = {"given": given, "error": error, "timers": TIMERS, "most": rooms_prompts.MOST, "seats": rooms.SEATS}
    return fragments.page("rooms/new.html", **values)


@pages.post("/rooms")
@limiter.limit("60 per minute")
def open_room() -> AnyResponse:
    """Opens a room and leads into it."""
    try:
        room_id = rooms.open_room(identity.require(), _terms(request.form))
    except (Invalid, Missing, Conflict) as refusal:
        response = _form(request.form, str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".show", room_id=room_id), 303)


def _terms(form: MultiDict[str, str]) -> rooms.Terms:
    """What the form says; raises Invalid where own words are wanted and none given."""
    texts = form.get("texts", "").splitlines() if form.get("source") == "own" else []
    if form.get("source") == "own" and not any(text.strip() for text in texts):
        raise Invalid([("#/texts", _("Write at least one prompt, or let the jury pick."))])
    return rooms.Terms(
        name=form.get("name", ""),
        title=form.get("title", ""),
        texts=texts,
        picked=form.get("picked", 0, int),
        seconds=form.get("seconds", None, int),
        hangs=form.get("hangs", "room"),
        machines="machines" in form,
    )


@pages.get("/rooms/<room_id>")
def show(room_id: str) -> Response:
    """Shows a room as it is now: the lobby, who draws, or what was revealed."""
    return _room(room_id)


def _room(room_id: str, error: str = "") -> Response:
    me = identity.current()
    room = rooms_views.view(room_id, me)
    if fragments.wanted():
        return fragments.fragment("rooms/live.html", room.state == "ended", room=room)
    name = request.form.get("name") or (me.name if me and me.name else "")
    values = {"link": url_for(".show", room_id=room_id, _external=True), "seats": rooms.SEATS, "name": name}
    return _unlisted(fragments.page("rooms/room.html", room=room, error=error, **values))


def _unlisted(response: Response) -> Response:
    """A room's page is for those who were given its link, and for no search engine."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@pages.post("/rooms/<room_id>/seat")
def take_seat(room_id: str) -> AnyResponse:
    """Gives the visitor a seat under the name they chose."""
    try:
        rooms.come_in(room_id, identity.require(), request.form.get("name", ""))
    except (Invalid, Conflict, Forbidden) as refusal:
        response = _room(room_id, str(refusal))
        response.status_code = STATUS.get(type(refusal), 422)
        return response
    return _back(room_id)


@pages.post("/rooms/<room_id>/remove")
def remove(room_id: str) -> AnyResponse:
    """Takes somebody out of the room for its host."""
    name = request.form.get("name", "")
    try:
        rooms_removals.remove(room_id, identity.require(), name)
    except (Conflict, Forbidden, Missing) as refusal:
        flash(str(refusal))
    else:
        flash(_("%(name)s is no longer in the room.", name=name))
    return _back(room_id)


@pages.post("/rooms/<room_id>/works/<entry_id>/report")
def report(room_id: str, entry_id: str) -> AnyResponse:
    """Sends a complaint about a picture of the room to an administrator."""
    player = identity.require()
    rooms_walls.picture(room_id, entry_id, player.id)
    try:
        moderation.report(entry_id, request.form.get("reason", ""), player)
    except Invalid as refusal:
        flash(str(refusal))
    else:
        flash(_("Thank you. A person will look at it."))
    return _back(room_id)


@pages.post("/rooms/<room_id>/leave")
def leave(room_id: str) -> AnyResponse:
    """Frees the visitor's seat."""
    rooms.leave(room_id, identity.require())
    flash(_("You have left the room. What you handed in stays; come back whenever you like."))
    return _back(room_id)


@pages.post("/rooms/<room_id>/act")
def act(room_id: str) -> AnyResponse:
    """Does what the host wants done; asked for twice, it is done once."""
    try:
        rooms.act(room_id, identity.require(), request.form.get("act", ""))
    except (Conflict, Forbidden) as refusal:
        flash(str(refusal))
    return _back(room_id)


@pages.post("/rooms/<room_id>/host")
def take_over(room_id: str) -> AnyResponse:
    """Makes the visitor the host where the host has gone."""
    try:
        rooms.take_over(room_id, identity.require())
    except (Conflict, Forbidden) as refusal:
        flash(str(refusal))
    return _back(room_id)


def _back(room_id: str) -> AnyResponse:
    return redirect(url_for(".show", room_id=room_id), 303)


@pages.get("/rooms/<room_id>/draw")
def draw(room_id: str) -> AnyResponse:
    """Shows the canvas for the round that is on; back to the room when none is or its time is over."""
    room = rooms_views.view(room_id, identity.current())
    on = room.round
    if room.state != "drawing" or on is None or room.you is None or on.seconds_left == 0:
        return _back(room_id)
    values = {
        "kept": f"room-{room_id}-{on.number}",
        "post": f"/api/v1/rooms/{room_id}/rounds/{on.number}/drawings",
        "then": url_for(".show", room_id=room_id),
    }
    return _unlisted(fragments.page("rooms/draw.html", room=room, prompt=prompts.get(on.prompt_id), **values))


@pages.get("/rooms/<room_id>/page")
def page(room_id: str) -> AnyResponse:
    """Shows all walls of a room as one page to print; with `?save` it is one file that needs nothing else."""
    room = rooms_views.view(room_id, identity.current())
    if not room.walls:
        return _back(room_id)
    if "save" in request.args:
        response = Response(_alone(room), mimetype="text/html")
        response.headers["Content-Disposition"] = 'attachment; filename="paint-off-room.html"'
        return _unlisted(response)
    sources = {work.entry_id: work.picture for wall in room.walls for work in wall.works}
    return _unlisted(fragments.page("rooms/page.html", room=room, sources=sources, style=asset(STYLE), alone=False))


def _alone(room: RoomView) -> str:
    """The page with its pictures and its style inside."""
    objects = rooms_walls.objects(room.id)
    sources = {entry_id: _inside("image/png", storage.get(name)) for entry_id, name in objects.items()}
    style = _inside("text/css", (Path(current_app.static_folder or "") / STYLE).read_bytes())
    return render_template("rooms/page.html", room=room, sources=sources, style=style, alone=True)


def _inside(media: str, contents: bytes) -> str:
    return f"data:{media};base64,{base64.b64encode(contents).decode()}"
