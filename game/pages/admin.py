"""The studio: prompts to open and close, entries to hide and show, the door."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.rules import entries, moderation, players, prompts

pages = Blueprint("admin", __name__, url_prefix="/admin")
SHOWN, MOST_REPORTS = 50, 200
DOOR = ("admin.login", "admin.enter")


@pages.before_request
def guard() -> AnyResponse | None:
    """Lets nobody but administrators past the door."""
    if request.endpoint in DOOR:
        return None
    if request.method == "GET" and identity.current() is None:
        return redirect(url_for("admin.login"))
    if not identity.is_admin():
        abort(403)
    return None


@pages.get("/login")
def login() -> Response:
    """Shows the door; the one-time key is used by the button, so that a link preview does not spend it."""
    return fragments.page("admin/login.html", key=request.args.get("key"), refused="refused" in request.args)


@pages.post("/login")
def enter() -> AnyResponse:
    """Uses a one-time key up and makes the visitor an administrator."""
    player = players.use_link(request.form.get("key", ""))
    if player is None:
        return redirect(url_for(".login", refused=1), 303)
    identity.log_in(player)
    return redirect(url_for(".prompt_list"), 303)


@pages.post("/logout")
def logout() -> AnyResponse:
    """Closes the door behind an administrator."""
    identity.log_out()
    return redirect(url_for("play.home"), 303)


@pages.get("/")
def index() -> AnyResponse:
    """Leads to the first room."""
    return redirect(url_for(".prompt_list"))


@pages.get("/prompts")
def prompt_list(text: str = "", error: str = "") -> Response:
    """Lists all prompts, newest first, open or not."""
    page = prompts.listing("new", request.args.get("cursor"), SHOWN, state=None)
    return fragments.page("admin/prompts.html", page=page, text=text, error=error)


@pages.post("/prompts")
def add_prompt() -> AnyResponse:
    """Writes a new prompt and opens it."""
    text = request.form.get("text", "").strip()
    try:
        prompts.add(text)
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
