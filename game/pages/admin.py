"""The studio: prompts to open and close, entries to hide and show, the door."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, oidc
from game.api.shapes import address
from game.extensions import limiter
from game.pages import fragments
from game.pages.moments import moment
from game.rules import accounts, entries, moderation, players, prompts

pages = Blueprint("admin", __name__, url_prefix="/admin")
SHOWN, MOST_REPORTS = 50, 200
DOOR = ("admin.login", "admin.enter", "admin.sign_in")
MODERATORS = ("admin_review", "admin_account")  # blueprints that moderators come into, too


@pages.before_request
def guard() -> AnyResponse | None:
    """Lets nobody past the door but administrators, and moderators where they have something to do."""
    if request.endpoint in DOOR:
        return None
    player = identity.current()
    if player is None:
        return redirect(url_for("admin.login")) if request.method == "GET" else abort(403)
    theirs = request.blueprint in MODERATORS or request.endpoint in ("admin.index", "admin.logout")
    if not (player.is_admin or (theirs and player.is_moderator)):
        abort(403)
    identity.begin_act(player)
    return None


@pages.get("/login")
def login(error: str = "") -> Response:
    """Shows the door; the one-time key is used by the button, so that a link preview does not spend it."""
    values = {"key": request.args.get("key"), "refused": "refused" in request.args, "error": error}
    values["provider"] = oidc.is_there()
    return fragments.page("admin/login.html", **values)


@pages.post("/login")
def enter() -> AnyResponse:
    """Uses a one-time key up and lets the visitor in with the role that it gives."""
    player = players.use_link(request.form.get("key", ""))
    if player is None:
        return redirect(url_for(".login", refused=1), 303)
    identity.log_in(player)
    flash("Set a name and a password under You: this link does not open the door again.")
    return redirect(url_for(".prompt_list" if player.is_admin else "admin_review.show"), 303)


@pages.post("/sign-in")
@limiter.limit("10 per minute; 60 per hour", key_func=address)
@limiter.limit("10 per minute; 60 per hour", key_func=lambda: "login:" + accounts.normal(request.form.get("login", "")))
def sign_in() -> AnyResponse:
    """Lets somebody in who knows their name and password; what of the two was wrong is not told."""
    player = accounts.sign_in(request.form.get("login", ""), request.form.get("password", ""))
    if player is None:
        response = login("That name and that password do not belong together. Nothing was changed; try again.")
        response.status_code = 403
        return response
    identity.log_in(player)
    return redirect(url_for("admin_review.show"), 303)


@pages.post("/logout")
def logout() -> AnyResponse:
    """Closes the door behind an administrator."""
    identity.log_out()
    return redirect(url_for("play.home"), 303)


@pages.get("/")
def index() -> AnyResponse:
    """Leads to the first room."""
    return redirect(url_for(".prompt_list" if identity.is_admin() else "admin_review.show"))


@pages.get("/prompts")
def prompt_list(text: str = "", error: str = "") -> Response:
    """Lists all prompts, newest first, open or not."""
    page = prompts.listing("new", request.args.get("cursor"), SHOWN, state=None)
    return fragments.page("admin/prompts.html", page=page, text=text, error=error)


@pages.post("/prompts")
def add_prompt() -> AnyResponse:
    """Writes a new prompt and opens it, now or at its time."""
    text = request.form.get("text", "").strip()
    try:
        opens_at, closes_at = (moment(request.form.get(name, "")) for name in ("opens_at", "closes_at"))
        prompts.add(text, closes_at, opens_at=opens_at)
    except ValueError as refusal:
        response = prompt_list(text, str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".prompt_list"), 303)


@pages.post("/prompts/<prompt_id>")
def change_prompt(prompt_id: str) -> AnyResponse:
    """Opens or closes a prompt."""
    prompts.update(prompt_id, state=request.form.get("state", ""))
    return redirect(url_for(".prompt_list"), 303)


@pages.get("/entries")
def entry_list() -> Response:
    """Lists entries, newest first, of one state or all; `reported` are those somebody complained about."""
    state = request.args.get("state", "all")
    page = entries.listing(None if state == "all" else state, request.args.get("cursor"), SHOWN)
    complaints: dict[str, list[str]] = {}
    for report in moderation.reports(None, MOST_REPORTS).items:
        complaints.setdefault(report.entry.id, []).append(report.reason)
    return fragments.page("admin/entries.html", page=page, state=state, complaints=complaints)


@pages.post("/entries/<entry_id>")
def moderate(entry_id: str) -> AnyResponse:
    """Hides an entry or shows it again; the decision is kept with its reason."""
    reason = request.form.get("reason", "").strip()
    moderation.decide(entry_id, request.form.get("state", ""), reason, identity.require())
    state = request.form.get("back", "all")
    return redirect(url_for(".entry_list", state=None if state == "all" else state), 303)
