"""One's own account in the studio: a name and a password, the sessions that are open."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, oidc
from game.pages import fragments
from game.pages.admin import guard
from game.rules import accounts, sign_ins
from game.rules.refusals import Refusal

pages = Blueprint("admin_account", __name__, url_prefix="/admin/account")
pages.before_request(guard)


@pages.get("")
def show(error: str = "") -> Response:
    """Shows the account and its sessions."""
    me = identity.require()
    values = {"account": accounts.of(me), "role": accounts.role_of(me), "error": error, "least": accounts.LEAST}
    values["provider"] = oidc.is_there()
    return fragments.page("admin/account.html", sessions=sign_ins.listing(me.id, _key()), form=request.form, **values)


@pages.post("")
def change() -> AnyResponse:
    """Sets name and password; all other sessions end."""
    form = request.form
    try:
        accounts.set_password(identity.require(), form.get("login", ""), form.get("password", ""), _key())
    except Refusal as refusal:
        response = show(str(refusal))
        response.status_code = 422
        return response
    flash("Kept. All other sessions of yours are over.")
    return redirect(url_for(".show"), 303)


@pages.post("/sessions/<sign_in_id>")
def revoke(sign_in_id: str) -> AnyResponse:
    """Ends one of the sessions."""
    sign_ins.revoke(sign_in_id, identity.require().id)
    return redirect(url_for(".show"), 303)


def _key() -> str:
    return str(session.get(identity.SIGN_IN, ""))
