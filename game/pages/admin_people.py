"""Who keeps order: roles, sessions, invitations."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.pages.admin import guard
from game.rules import accounts, players, sign_ins
from game.rules.refusals import Invalid, Refusal

pages = Blueprint("admin_people", __name__, url_prefix="/admin/people")
pages.before_request(guard)


@pages.get("")
def show(link: str = "", error: str = "") -> Response:
    """Lists everybody who keeps order, and the invitations that are still good."""
    values = {"keepers": accounts.keepers(), "invitations": accounts.invitations()}
    return fragments.page("admin/people.html", link=link, error=error, **values)


@pages.post("/invitations")
def invite() -> Response:
    """Makes an invitation and shows its link, this once."""
    role = request.form.get("role", "")
    if role not in accounts.ROLES:
        raise Invalid([("#/role", "An invitation is for an administrator or a moderator.")])
    path = players.one_time_link(role, identity.require().id)
    return show(request.url_root.rstrip("/") + path)


@pages.post("/invitations/<invitation_id>")
def withdraw(invitation_id: str) -> AnyResponse:
    """Makes an invitation useless."""
    accounts.withdraw(invitation_id)
    return redirect(url_for(".show"), 303)


@pages.post("/<player_id>")
def change(player_id: str) -> AnyResponse:
    """Gives a role, ends all sessions, or closes the account."""
    act = request.form.get("act", "")
    try:
        if act == "close":
            accounts.close(player_id)
        elif act == "sessions":
            sign_ins.end_all(player_id)
        else:
            accounts.give_role(player_id, act)
    except Refusal as refusal:
        response = show(error=str(refusal))
        response.status_code = 409
        return response
    return redirect(url_for(".show"), 303)
