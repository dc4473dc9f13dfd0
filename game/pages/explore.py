"""Explore: short lessons with the judge that sits. Here the list of them, the angle, the search and the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from game.api.shapes import visitor
from game.extensions import limiter
from game.pages import angles, fragments, maps_drawn
from game.pages.lessons import LESSONS, lesson
from game.rules import maps, prompts, search

pages = Blueprint("explore", __name__, url_prefix="/explore")
FOUND, PROMPTS = 24, 24  # shown at once
OFTEN = "60 per minute"


@pages.get("")
def index() -> Response:
    """Shows what there is to learn."""
    return fragments.page("explore/index.html", lessons=LESSONS)


@pages.get("/angle")
def angle() -> Response:
    """Shows what a cosine is, with two arrows."""
    return lesson("angle", figure=angles.figure(request.args))


@pages.get("/search")
@limiter.limit(OFTEN, key_func=visitor)
def search_entries() -> Response:
    """Shows the entries nearest to some words; a form while there are none."""
    words = request.args.get("q", "")

    def ask() -> Mapping[str, Any]:
        return {"found": search.search(words, FOUND)} if words.strip() else {}

    return lesson("search", ask, words=words, longest=search.LONGEST)


@pages.get("/map")
@limiter.limit(OFTEN, key_func=visitor)
def map_of_prompt() -> Response:
    """Shows the drawings for a prompt as the judge has them in its head: the most drawn prompt if none is named."""
    known = prompts.listing("popular", None, PROMPTS, state=None).items
    wanted = request.args.get("prompt") or (known[0].id if known else None)
    if wanted is None:
        return lesson("map", prompts=[], prompt=None)
    prompt = prompts.get(wanted)

    def ask() -> Mapping[str, Any]:
        found = maps.of_prompt(prompt.id)
        return {"map": found, "plot": None if found is None else maps_drawn.plot(found)}

    others = [] if any(one.id == prompt.id for one in known) else [prompt]
    return lesson("map", ask, prompts=others + known, prompt=prompt, least=maps.LEAST)
