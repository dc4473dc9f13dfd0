"""The rules of the house as its administrators keep them: bans, lists of what waits, the log of every act."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.pages.admin import guard
from game.rules import audit, bans, filters
from game.rules.refusals import Invalid, Refusal

pages = Blueprint("admin_order", __name__, url_prefix="/admin/order")
pages.before_request(guard)
SHOWN = 50


@pages.get("/bans")
def ban_list(error: str = "") -> Response:
    """Lists the bans, the latest first, below the form that makes one; `?player=` fills it in."""
    page = bans.listing(request.args.get("cursor"), SHOWN)
    return fragments.page("admin/bans.html", page=page, error=error, form={**request.args, **request.form})


@pages.post("/bans")
def ban() -> AnyResponse:
    """Bans a player, perhaps with where they came from, or a range of addresses."""
    form = request.form
    try:
        days = _days(form.get("days", ""))
        if form.get("network", "").strip():
            bans.ban_network(form["network"], form.get("reason", ""), days, identity.require())
        else:
            by, player_id = identity.require(), form.get("player", "").strip()
            bans.ban_player(player_id, form.get("reason", ""), days, by, form.get("range") == "yes")
    except Refusal as refusal:
        response = ban_list(str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".ban_list"), 303)


@pages.post("/bans/<ban_id>")
def lift(ban_id: str) -> AnyResponse:
    """Ends a ban."""
    bans.lift(ban_id)
    return redirect(url_for(".ban_list"), 303)


@pages.get("/filters")
def filter_lists(error: str = "") -> Response:
    """Shows the lists of texts and words to be changed."""
    chosen = current_app.config["PAINTOFF"]
    lists = {kind: "\n".join(filters.lines(kind)) for kind in (filters.TEXT, filters.WORD)}
    values = {"hold": sorted(chosen.hold), "least": chosen.unwanted_from}
    return fragments.page("admin/filters.html", lists={**lists, **request.form}, error=error, **values)


@pages.post("/filters")
def write_filters() -> AnyResponse:
    """Keeps the lists as they were written."""
    try:
        for kind in (filters.TEXT, filters.WORD):
            filters.write(kind, request.form.get(kind, ""))
    except Invalid as refusal:
        response = filter_lists(str(refusal))
        response.status_code = 422
        return response
    flash("Kept. It goes for what comes in from now on.")
    return redirect(url_for(".filter_lists"), 303)


@pages.get("/log")
def log() -> Response:
    """Lists every act of those who keep order, the latest first; of one of them with `?player=`."""
    player_id = request.args.get("player")
    page = audit.listing(request.args.get("cursor"), SHOWN, player_id)
    return fragments.page("admin/log.html", page=page, player=player_id)


def _days(written: str) -> int:
    if not written.strip().isdecimal():
        raise Invalid([("#/days", "How long? Write a number of days.")])
    return int(written)
