"""A visitor's first minute: what is being painted while nothing hangs yet, and a short tour."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.api import pictures
from game.pages import fragments
from game.pages.lights import YEAR, local
from game.rules import first_entries
from game.rules.first_entries import Opening

pages = Blueprint("opening", __name__)
TOUR = "tour"  # the cookie of those who have seen it, and the parameter of those who want it again


@pages.get("/opening")
def show() -> AnyResponse:
    """Shows what is being painted, and then the first picture that hangs; by itself it is a part of the home page."""
    if not fragments.wanted():
        return redirect(url_for("play.home"))
    found = first_entries.opening()
    return fragments.fragment("play/opening.html", found is None or found.first is not None, opening=found)


@pages.get("/opening.png")
def preview() -> Response:
    """Shows what the first picture looks like so far."""
    name = first_entries.preview()
    if name is None:
        abort(404)
    return pictures.send(name, pictures.FULL, public=False)


@pages.post("/tour")
def seen() -> AnyResponse:
    """Remembers in a cookie that the tour was seen, and goes back to the page it was left on."""
    response = redirect(local(request.form.get("next")), 303)
    response.set_cookie(TOUR, "seen", max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return response


def of_home() -> Opening | None:
    """What the home page tells as long as nothing hangs; None when something does, or nothing is to come."""
    if not current_app.config["PAINTOFF"].first_entries or first_entries.hangs_anything():
        return None
    return first_entries.opening()


def tour_wanted() -> bool:
    """Whether the visitor is shown around: at their first visit, and whenever they ask for it."""
    return TOUR in request.args or (TOUR not in request.cookies and identity.current() is None)
