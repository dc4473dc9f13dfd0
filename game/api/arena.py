"""Calls of the arena: a blind pair, its two pictures, a vote."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import BaseModel

from game import identity
from game.api import pictures
from game.api.calls import Answer, call
from game.api.shapes import Strict, visitor
from game.extensions import limiter
from game.rules import arena
from game.rules.arena import Outcome, Pair

api = Blueprint("api_arena", __name__)


class Wish(BaseModel):
    """Of which prompt."""

    prompt: str | None = None


class Choice(Strict):
    """A vote on the pair of this id."""

    pair: str
    winner: Literal["left", "right", "tie"]


@call(api, "GET /arena/pair", Answer(Pair), query=Wish, refuses=[404])
@limiter.limit("60 per minute", key_func=visitor)
def get_pair(query: Wish) -> Any:
    """Two pictures of one prompt by two others; who made them is told after the vote. The same pair until then."""
    return arena.pair(identity.require(), query.prompt)


@call(api, "GET /arena/pairs/<pair_id>/<any(left,right):side>.png", Answer(None, media="image/png"), refuses=[404])
def get_pair_picture(pair_id: str, side: Literal["left", "right"]) -> Response:
    """One side of a pair that was offered to whoever asks."""
    return pictures.send(arena.picture(pair_id, side, identity.current()), pictures.FULL, public=False)


@call(api, "POST /arena/votes", Answer(Outcome, 201, keyed=True), body=Choice, refuses=[404, 409])
@limiter.limit("60 per minute", key_func=visitor)
def cast_vote(body: Choice) -> Any:
    """Vote on the pair that was offered; the answer tells who made the two."""
    return arena.vote(body.pair, body.winner, identity.require())
