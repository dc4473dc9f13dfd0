"""A player's page: what they have on the walls, and their name."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.rules import appeals, attempts, daily, entries, pending, players, standings

pages = Blueprint("players", __name__)
ENTRIES, RUNS = 24, 20  # shown at once


@pages.get("/players/<player_id>")
def show(player_id: str) -> Response:
    """Shows a player's entries, newest first."""
    player, me = players.get(player_id), identity.current()
    page = entries.of_player(player_id, request.args.get("cursor"), ENTRIES)
    if fragments.wanted():
        return fragments.fragment("players/works.html", True, player=player, page=page)
    yours = me is not None and me.id == player.id
    machine = player.kind == "ai"
    return fragments.page(
        "players/player.html",
        player=player,
        page=page,
        yours=yours,
        waiting=pending.of_player(player_id) if yours else [],
        standings=appeals.of_player(player_id) if yours else [],
        place=standings.of_player(player_id),
        streak=None if machine else daily.streak(player_id),
        record=attempts.record(player_id) if machine else None,
        runs=attempts.listing(player_id, None, RUNS) if machine else None,
    )


@pages.get("/players/<player_id>/runs")
def runs(player_id: str) -> Response:
    """Shows all runs of a machine, hung or not, newest first."""
    player = players.get(player_id)
    if player.kind != "ai":
        abort(404)
    found = attempts.listing(player_id, request.args.get("cursor"), RUNS)
    if fragments.wanted():
        return fragments.fragment("players/runs.html", True, player=player, runs=found)
    record = attempts.record(player_id)
    return fragments.page("players/all_runs.html", player=player, runs=found, record=record)


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
