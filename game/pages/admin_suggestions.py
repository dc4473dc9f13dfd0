"""The curation queue: suggestions to ask for, to approve with a time, or to put aside; days that are planned."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, muse
from game.pages import fragments
from game.pages.admin import guard
from game.pages.moments import day, moment
from game.rules import curation, daily
from game.rules.refusals import Refusal

pages = Blueprint("admin_suggestions", __name__, url_prefix="/admin/suggestions")
pages.before_request(guard)
SHOWN, ASKED = 25, 10


@pages.get("")
def show(error: str = "") -> Response:
    """Lists what waits, the most promising first, and the days to come that have a prompt."""
    page = curation.waiting(request.args.get("cursor"), SHOWN)
    values = {"page": page, "planned": daily.planned(), "error": error, "muse": muse.is_there() and muse.name()}
    return fragments.page("admin/suggestions.html", **values)


@pages.post("")
def suggest() -> AnyResponse:
    """Asks the grammar or the endpoint for more."""
    return _done(lambda: flash(_told(len(curation.suggest(ASKED, request.form.get("source") or None)))))


@pages.post("/<suggestion_id>")
def decide(suggestion_id: str) -> AnyResponse:
    """Makes a prompt of a suggestion, or puts it aside."""
    if request.form.get("act") == "refuse":
        return _done(lambda: curation.refuse(suggestion_id, identity.require()))
    return _done(lambda: curation.approve(suggestion_id, _terms(), identity.require()))


def _done(act: Callable[[], object]) -> AnyResponse:
    try:
        act()
    except Refusal as refusal:
        response = show(str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".show"), 303)


def _told(count: int) -> str:
    return f"{count} new ones wait below." if count else "Nothing new came of it. Try again."


def _terms() -> curation.Terms:
    form = request.form
    opens_at, closes_at = moment(form.get("opens_at", "")), moment(form.get("closes_at", ""))
    return curation.Terms(form.get("text", ""), opens_at, closes_at, day(form.get("day", "")))
