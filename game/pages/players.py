"""A player's page: what they have on the walls, and their name."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.rules import entries, pending, players

pages = Blueprint("players", __name__)
ENTRIES = 24  # shown at once


@pages.get("/players/<player_id>")
def show(player_id: str) -> Response:
    """Shows a player's entries, newest first."""
    player, me = players.get(player_id), identity.current()
    page = entries.of_player(player_id, request.args.get("cursor"), ENTRIES)
    if fragments.wanted():
        return fragments.fragment("players/works.html", True, player=player, page=page)
    yours = me is not None and me.id == player.id
    waiting = pending.of_player(player_id) if yours else []
    return fragments.page("players/player.html", player=player, page=page, yours=yours, waiting=waiting)


@pages.post("/players/<player_id>")
def rename(player_id: str) -> AnyResponse:
    """Gives the visitor's own player a name."""
    me = identity.current()
    if me is None or me.id != player_id:
        abort(403)
    try:
        players.rename(me, request.form.get("name", ""))
    except players.NameRefused as refusal:
        flash(str(refusal))
    return redirect(url_for(".show", player_id=player_id), 303)
