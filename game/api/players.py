"""Calls about players: become one, take a name, see what one has entered."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from game import identity
from game.api.calls import Answer, call, model_body
from game.api.shapes import Listing, Strict, address, visitor
from game.extensions import limiter
from game.rules import belongings, entries, players
from game.rules.pages import Page
from game.rules.refusals import Missing
from game.rules.views import EntryView, PlayerView, player_view

api = Blueprint("api_players", __name__)


class Named(Strict):
    """A name to hang under."""

    name: str


class MaybeNamed(Strict):
    """A name to hang under, or none."""

    name: str | None = None


@dataclass(frozen=True)
class NewPlayer:
    """A new player with their token, which is told this once."""

    player: PlayerView
    token: str


@dataclass(frozen=True)
class Me:
    """Who is asking; a visitor who has done nothing yet is no player."""

    player: PlayerView | None
    is_admin: bool


@call(api, "POST /players", Answer(NewPlayer, 201), body=model_body(MaybeNamed, required=False))
@limiter.limit("20 per minute", key_func=address)
def create_player(body: MaybeNamed) -> Any:
    """Become a player, with a bearer token for all other calls. It is told this once, so no Idempotency-Key is kept."""
    name = None if body.name is None else players.wall_name(body.name)
    player, token = players.anonymous()
    if name is not None:
        players.rename(player, name)
    return NewPlayer(player_view(player), token)


@call(api, "GET /me", Answer(Me))
def get_me() -> Any:
    """Who is asking."""
    player = identity.current()
    return Me(None if player is None else player_view(player), identity.is_admin())


@call(api, "PATCH /me", Answer(Me), body=Named)
def rename_me(body: Named) -> Any:
    """Take a name."""
    player = players.rename(identity.require(), body.name)
    return Me(player_view(player), player.is_admin)


@call(api, "GET /me/export", Answer(None, media="application/zip"), refuses=[404])
@limiter.limit("10 per hour", key_func=visitor)
def export_me() -> Response:
    """All that is one's own as a ZIP file: `player.json`, pictures, drawings."""
    player = identity.current()
    if player is None:
        raise Missing("Nothing here is yours yet.")
    file = io.BytesIO()
    belongings.pack(player, file)
    return Response(file.getvalue(), mimetype="application/zip", headers={"Cache-Control": "private, no-store"})


@call(api, "DELETE /me", Answer(None, 204, media=""), refuses=[403, 404, 409])
def delete_me() -> Response:
    """Delete all that is one's own, for good: pictures, drawings, captions, name and token."""
    player = identity.current()
    if player is None:
        raise Missing("Nothing here is yours yet.")
    belongings.delete_all(player)
    identity.log_out()
    return Response(status=204)


@call(api, "GET /players/<player_id>/entries", Answer(Page[EntryView]), query=Listing, refuses=[404])
def list_works(player_id: str, query: Listing) -> Any:
    """A player's entries, newest first."""
    players.get(player_id)
    return entries.of_player(player_id, query.cursor, query.limit)
