"""Who is asking: a session's visitor or the bearer of a token, and whether they may do what they ask."""

from __future__ import annotations

from flask import Flask, Response, abort, g, request, session

from game.extensions import csrf
from game.models import Player
from game.rules import audit, bans, players, sign_ins, traces
from game.tables import new_id

KEY, SIGN_IN = "player", "sign_in"  # in the session
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SESSIONLESS = frozenset({"api_players.create_player"})  # these neither use nor change a session
# What a banned visitor may still do: come in to keep order, answer a decision, take or delete what is theirs.
FREE = frozenset({"admin.enter", "admin.sign_in", "admin.logout", "entries.appeal", "about.theme", "about.language",
                  "yours.delete", "api_players.delete_me"})  # fmt: skip
NAMELESS = frozenset({"static", "operating.healthz", "operating.readyz", "operating.scrape"})


def register(app: Flask) -> None:
    """Give every visitor a session, and ask for its CSRF token when they change something."""
    app.before_request(protect)
    app.after_request(greet)
    app.after_request(note)


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
    if request.endpoint not in FREE:
        refuse_banned()


def refuse_banned() -> None:
    """Refuse whoever is banned, by player or by where they come from; those who keep order are not."""
    player = None if request.endpoint in SESSIONLESS else current()
    if player is None or not player.keeps_order:
        bans.require_free(None if player is None else player.id, request.remote_addr or "")


def note(response: Response) -> Response:
    """Note, once it is done, what somebody who keeps order did; and for a week from where a player wrote."""
    audit.end(response.status_code < 400)
    player: Player | None = g.get("visitor")
    wrote = request.method in CHANGING and response.status_code < 400
    if wrote and player is not None and not player.keeps_order:
        traces.leave(player.id, request.remote_addr or "")
    return response


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
            g.visitor = _of_session()
        else:
            g.visitor = players.by_token(token)
            if g.visitor is None:
                abort(401, "Nobody has this token. POST /api/v1/players makes a new one.")
    visitor: Player | None = g.visitor
    return visitor


def _of_session() -> Player | None:
    """The session's player; of somebody who keeps order only while that session of theirs is open."""
    player = players.find(session[KEY]) if KEY in session else None
    if player is not None and player.keeps_order and not sign_ins.is_open(session.get(SIGN_IN, ""), player.id):
        session.clear()
        return None
    return player


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


def keeps_order() -> bool:
    """Whether an administrator or a moderator is asking."""
    player = current()
    return player is not None and player.keeps_order


def require_admin() -> Player:
    """Return the administrator who is asking; anybody else is refused: 401 without a name to go by, else 403."""
    player = require_keeper()
    if not player.is_admin:
        abort(403, "This is for administrators.")
    return player


def require_keeper() -> Player:
    """As `require_admin`, for administrators and moderators."""
    player = current()
    if player is None:
        abort(401, "This is for administrators: send `Authorization: Bearer` with a token from `paintoff admin token`.")
    if not player.keeps_order:
        abort(403, "This is for those who keep order.")
    return player


def admins_only() -> None:
    """Refuse everybody but administrators, before anything else of a request is looked at."""
    begin_act(require_admin())


def keepers_only() -> None:
    """Refuse everybody but administrators and moderators, likewise."""
    begin_act(require_keeper())


def begin_act(player: Player) -> None:
    """Let what this request changes go into the log of acts."""
    if request.method in CHANGING:
        audit.begin(player.id, request.endpoint or "", dict(request.view_args or {}))


def log_in(player: Player) -> None:
    """Let the session go on as this player; of somebody who keeps order it stands in their list of sessions."""
    session.clear()
    session[KEY] = player.id
    if player.keeps_order:
        session[SIGN_IN] = sign_ins.open_for(player, request.user_agent.string)
    session.permanent = True
    g.visitor = player


def log_out() -> None:
    """End the session; the next request is a new visitor's."""
    if SIGN_IN in session:
        sign_ins.close(session[SIGN_IN])
    session.clear()
    g.pop("visitor", None)
