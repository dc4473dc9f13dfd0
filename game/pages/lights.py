"""What is the same for everyone: how the judge works, and the light and the language the pages are shown in."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import judging, languages
from game.pages import fragments

pages = Blueprint("about", __name__)
YEAR = 365 * 24 * 3600  # s


@pages.get("/about")
def show() -> Response:
    """Shows how the judge decides and what it gets wrong."""
    return fragments.page("about.html", facts=judging.facts())


@pages.post("/theme")
def theme() -> AnyResponse:
    """Remembers the light in a cookie and goes back to the page it was changed on."""
    wanted = request.form.get("theme")
    response = redirect(local(request.form.get("next")), 303)
    if wanted in ("light", "dark"):
        response.set_cookie("theme", wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@pages.post("/language")
def language() -> AnyResponse:
    """Remembers the language in a cookie and goes back to the page it was chosen on."""
    wanted = request.form.get("language")
    response = redirect(local(request.form.get("next")), 303)
    if wanted in languages.LANGUAGES:
        response.set_cookie(languages.COOKIE, wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return response


def local(path: str | None) -> str:
    """A path on this site to go back to; the home page when somebody slipped in an address elsewhere."""
    if path and path.startswith("/") and "\\" not in path and not path.startswith("//"):
        return path
    return url_for("play.home")
