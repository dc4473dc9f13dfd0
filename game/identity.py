"""Who is asking: a session's visitor or the bearer of a token, and whether they may do what they ask."""

from __future__ import annotations

from flask import Flask, Response, abort, g, request, session

from game.extensions import csrf
from game.models import Player
from game.rules import players
from game.tables import new_id

KEY = "player"  # in the session
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SESSIONLESS = frozenset({"api_players.create_player"})  # these neither use nor change a session
NAMELESS = frozenset({"static", "operating.healthz", "operating.readyz", "operating.scrape"})


def register(app: Flask) -> None:
    """Give every visitor a session, and ask for its CSRF token when they change something."""
    app.before_request(protect)
    app.after_request(greet)


def greet(response: Response) -> Response:
    """Give a visitor their session with the first answer, unless anybody may keep that answer."""
    shared = request.endpoint in NAMELESS or response.cache_control.public
    if not shared and response.status_code < 400 and bearer_token() is None:
        welcome()
    return response


def protect() -> None:
    """Refuse what another site could have made a visitor's browser send; the bearer of a token sent it on purpose."""
    if request.method not in CHANGING or request.endpoint is None:
        return
    if bearer_token() is None and request.endpoint not in SESSIONLESS:
        csrf.protect()


def bearer_token() -> str | None:
    """Return the bearer token that came with the request, None without one."""
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer":
        return None
    return authorization.token or ""


def current() -> Player | None:
    """Return who is asking; None for a visitor who has not done anything yet. An unknown token is refused (401)."""
    if "visitor" not in g:
        token = bearer_token()
        if token is None:
            g.visitor = players.find(session[KEY]) if KEY in session else None
        else:
            g.visitor = players.by_token(token)
            if g.visitor is None:
                abort(401, "Nobody has this token. POST /api/v1/players makes a new one.")
    visitor: Player | None = g.visitor
    return visitor


def require() -> Player:
    """Return who is asking, a new player if need be."""
    player = current()
    if player is None:
        player = g.visitor = players.ensure(welcome())
    return player


def welcome() -> str:
    """Return the session's player id, given out with the first request; their row is made with their first act."""
    if KEY not in session:
        session[KEY] = new_id()
        session.permanent = True
    player_id: str = session[KEY]
    return player_id


def is_admin() -> bool:
    """Whether an administrator is asking."""
    player = current()
    return player is not None and player.is_admin


def require_admin() -> Player:
    """Return the administrator who is asking; anybody else is refused: 401 without a name to go by, else 403."""
    player = current()
    if player is None:
        abort(401, "This is for administrators: send `Authorization: Bearer` with a token from `paintoff admin token`.")
    if not player.is_admin:
        abort(403, "This is for administrators.")
    return player


def admins_only() -> None:
    """Refuse everybody but administrators, before anything else of a request is looked at."""
    require_admin()


def log_in(player: Player) -> None:
    """Let the session go on as this player."""
    session.clear()
    session[KEY] = player.id
    session.permanent = True
    g.visitor = player


def log_out() -> None:
    """End the session; the next request is a new visitor's."""
    session.clear()
    g.pop("visitor", None)
