"""Calls of the arena: a blind pair, its two pictures, a vote, and the boards that votes come to."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, Response
from pydantic import BaseModel

from game import identity
from game.api import pictures
from game.api.calls import Answer, call
from game.api.shapes import Cursor, Limit, Listing, Strict, address, visitor
from game.extensions import limiter
from game.rules import arena, arena_boards
from game.rules.arena import Guess, Outcome, Pair
from game.rules.arena_boards import Rated, Tally, Wall
from game.rules.pages import Page

api = Blueprint("api_arena", __name__)
MOST_FROM_AN_ADDRESS = "2000 per day"  # votes: a class behind one address may play, a script may not


class Wish(BaseModel):
    """Of which prompt."""

    prompt: str | None = None


class Guessed(Strict):
    """Who may have made the two pictures, if anybody wants to say."""

    left: Literal["human", "ai"] | None = None
    right: Literal["human", "ai"] | None = None


class Choice(Strict):
    """A vote on the pair of this id, with a guess at who made the two."""

    pair: str
    winner: Literal["left", "right", "tie"]
    guess: Guessed = Guessed()


class Rating(Listing):
    """Which part of a prompt's board by votes."""

    kind: Literal["all", "human", "ai"] = "all"


class Division(BaseModel):
    """Whose favourites."""

    by: Literal["judge", "people"] = "judge"
    cursor: Cursor = None
    limit: Limit = 24


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
@limiter.limit(MOST_FROM_AN_ADDRESS, key_func=address)
def cast_vote(body: Choice) -> Any:
    """Vote on the pair that was offered, and guess; the answer tells who made the two. 100 votes a day and player."""
    guess = Guess(body.guess.left, body.guess.right)
    return arena.vote(body.pair, body.winner, identity.require(), guess)


@call(api, "GET /arena/walls", Answer(Page[Wall]), query=Listing)
def list_walls(query: Listing) -> Any:
    """Prompts that have been voted on, the most votes first."""
    return arena_boards.walls(query.cursor, query.limit)


@call(api, "GET /prompts/<prompt_id>/ratings", Answer(Page[Rated]), query=Rating, refuses=[404])
def list_ratings(prompt_id: str, query: Rating) -> Any:
    """A prompt's entries by people's votes: Bradley-Terry with bootstrap intervals, the highest lower bound first."""
    return arena_boards.board(prompt_id, query.kind, query.cursor, query.limit)


@call(api, "GET /prompts/<prompt_id>/votes", Answer(Tally), refuses=[404])
def get_votes(prompt_id: str) -> Any:
    """What a prompt's ratings rest on: votes and voters, and how many of these were dropped by test."""
    return arena_boards.tally(prompt_id)


@call(api, "GET /arena/divided", Answer(Page[Rated]), query=Division)
def list_divided(query: Division) -> Any:
    """What the judge loves and people do not, or the reverse, over the same pairs; the surest first."""
    return arena_boards.divided(query.by, query.cursor, query.limit)
