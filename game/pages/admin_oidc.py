"""Coming in through an OpenID Connect provider: it lets in whom an invitation or their own account has made known."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, oidc
from game.api.shapes import address
from game.extensions import limiter
from game.models import Player
from game.pages.admin import login
from game.rules import accounts, audit, players
from game.rules.refusals import Conflict

pages = Blueprint("admin_oidc", __name__, url_prefix="/admin/oidc")
log = logging.getLogger(__name__)


@pages.before_request
def guard() -> None:
    """There is nothing here without a provider."""
    if not oidc.is_there():
        abort(404)


@pages.get("/begin")
@limiter.limit("20 per minute", key_func=address)
def begin() -> AnyResponse:
    """Sends the visitor to the provider."""
    try:
        return oidc.begin(url_for(".arrive", _external=True), request.args.get("key", ""))
    except oidc.NotVouched as error:
        log.warning("the provider cannot be asked: %s", error)
        return _refused("The provider does not answer. Try again, or sign in with a password.", 503)


@pages.get("/back")
@limiter.limit("20 per minute", key_func=address)
def arrive() -> AnyResponse:
    """Lets in who comes back from the provider, if their identity is known here or they bring an invitation."""
    try:
        found, invitation = oidc.arrive()
    except oidc.NotVouched as error:
        log.warning("the provider does not vouch: %s", error)
        return _refused("The provider did not say who you are. Begin once more.", 403)
    player = accounts.by_identity(found.issuer, found.subject)
    if player is None:
        player = _made_known(found, invitation)
    if player is None:
        return _refused("Nobody here is known by that identity. Ask for an invitation.", 403)
    identity.log_in(player)
    return redirect(url_for("admin.index"), 303)


def _made_known(found: oidc.Identity, invitation: str) -> Player | None:
    """Who keeps order and adds an identity to their account, or comes with an invitation; None for others."""
    me = identity.current()
    player = me if me is not None and me.keeps_order else players.use_link(invitation)
    if player is None:
        return None
    audit.begin(player.id, "admin_oidc.arrive", {})
    try:
        accounts.set_identity(player, found.issuer, found.subject, found.name)
    except Conflict:
        return None
    return player


def _refused(why: str, status: int) -> Response:
    response = login(why)
    response.status_code = status
    return response
