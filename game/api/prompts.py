"""Calls about prompts: what there is to draw, the boards, and handing in a drawing."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import unquote

from flask import Blueprint, request
from pydantic import BaseModel, Field

from game import identity
from game.api.calls import Answer, Body, call
from game.api.shapes import HandedIn, Listing, address, visitor
from game.extensions import limiter
from game.rules import drawing, entries, judges, prompts
from game.rules.drawing_format import DrawingIn
from game.rules.judges import Judges
from game.rules.pages import Page
from game.rules.views import EntryView, PromptView

api = Blueprint("api_prompts", __name__)


class PromptListing(Listing):
    """Which part of the list of prompts."""

    sort: Literal["new", "popular"] = "new"


class BoardListing(Listing):
    """Which part of a board."""

    kind: Literal["all", "human", "ai"] = "all"
    judge: Annotated[
        Literal["main", "second"],
        Field(description="By whose score: the judge's, or the second judge's where one sits."),
    ] = "main"


class Naming(BaseModel):
    """What a player may choose with a drawing."""

    name: Annotated[str | None, Field(description="The name to hang it under; kept for the player.")] = None


@call(api, "GET /prompts", Answer(Page[PromptView]), query=PromptListing)
def list_prompts(query: PromptListing) -> Any:
    """The open prompts, the newest or the most drawn first, each with the best of both sides."""
    return prompts.listing(query.sort, query.cursor, query.limit)


@call(api, "GET /prompts/random", Answer(PromptView), refuses=[404])
def random_prompt() -> Any:
    """Some open prompt."""
    return prompts.random()


@call(api, "GET /prompts/<prompt_id>", Answer(PromptView), refuses=[404])
def get_prompt(prompt_id: str) -> Any:
    """One prompt, open or closed."""
    return prompts.get(prompt_id)


@call(api, "GET /prompts/<prompt_id>/leaderboard", Answer(Page[EntryView]), query=BoardListing, refuses=[404])
def leaderboard(prompt_id: str, query: BoardListing) -> Any:
    """A prompt's board, best first. Ranks are those of the whole board, whichever side is asked for.

    With `judge=second` it goes by the second judge, whose ranks are in each entry's `second`.
    """
    return entries.leaderboard(prompt_id, query.kind, query.cursor, query.limit, query.judge)


@call(api, "GET /prompts/<prompt_id>/judges", Answer(Judges), refuses=[404])
def board_judges(prompt_id: str) -> Any:
    """Who judges a prompt's board, how many entries wait for that, and when it was judged again, after whom."""
    return judges.of_board(prompt_id)


@call(
    api,
    "POST /prompts/<prompt_id>/drawings",
    Answer(HandedIn, 201, keyed=True),
    query=Naming,
    body=Body(DrawingIn, drawing.parse),
    refuses=[404, 409, 503],
)
@limiter.limit("30 per minute", key_func=visitor)
@limiter.limit("300 per minute", key_func=address)
def submit_drawing(prompt_id: str, query: Naming, body: drawing.Drawing) -> Any:
    """Hand in a drawing: the server renders it, the judge scores it, and it hangs on the prompt's wall.

    While the judge is away the drawing is kept, `pending` and without numbers; it hangs once the judge has seen it. The
    artist's name may come in the header `X-Artist` instead, percent-encoded: logs keep addresses, but no headers.
    """
    return HandedIn(entries.submit(prompt_id, body, identity.require(), _artist() or query.name))


def _artist() -> str | None:
    """The name that came beside a drawing."""
    told = request.headers.get("X-Artist")
    return unquote(told) if told else None
