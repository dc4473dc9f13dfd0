"""What a visitor may do with what is theirs: go on on another device, take it along, delete it."""

from __future__ import annotations

import tempfile

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.api.shapes import address, visitor
from game.extensions import limiter
from game.pages import fragments
from game.rules import belongings, claims
from game.rules.refusals import Missing

pages = Blueprint("yours", __name__, url_prefix="/you")
IN_MEMORY = 16_000_000  # bytes of an export; what is larger goes by the disk


@pages.get("")
def show(link: str = "") -> Response:
    """Shows what may be done, and a fresh link this once."""
    return fragments.page("players/yours.html", link=link, player=identity.current())


@pages.post("/link")
@limiter.limit("10 per hour", key_func=visitor)
def make_link() -> Response:
    """Makes a link for another device."""
    return show(request.url_root.rstrip("/") + claims.link(identity.require()))


@pages.get("/here")
def arrive() -> Response:
    """Asks whether to go on here as whoever made the link; looking does not use it up."""
    key = request.args.get("key", "")
    return fragments.page("players/here.html", key=key, player=claims.whose(key))


@pages.post("/here")
@limiter.limit("20 per hour", key_func=address)
def stay() -> AnyResponse:
    """Goes on here as whoever made the link."""
    player = claims.use(request.form.get("key", ""), identity.current())
    if player is None:
        raise Missing(gettext("This link has been used or is too old. Make a new one on the other device."))
    identity.log_in(player)
    return redirect(url_for("players.show", player_id=player.id), 303)


@pages.get("/export.zip")
@limiter.limit("10 per hour", key_func=visitor)
def export() -> Response:
    """Sends all that is the visitor's."""
    player = identity.current()
    if player is None:
        raise Missing(gettext("Nothing here is yours yet."))
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (sent and closed by the answer)
    belongings.pack(player, file)
    file.seek(0)
    response = send_file(file, "application/zip", as_attachment=True, download_name="paint-off.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.post("/delete")
def delete() -> AnyResponse:
    """Deletes all that is the visitor's, if they say that they mean it, and lets them go."""
    player = identity.current()
    if player is None:
        raise Missing(gettext("Nothing here is yours yet."))
    if request.form.get("sure") != "yes":
        flash(gettext("Nothing was deleted. Tick the box first, if you mean it."))
        return redirect(url_for(".show"), 303)
    belongings.delete_all(player)
    identity.log_out()
    flash(gettext("All of it is gone. You come here for the first time now."))
    return redirect(url_for("play.home"), 303)
