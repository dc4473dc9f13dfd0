"""Explore, what the judge sees: one text against four pictures, and the words it would choose for one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from game import identity
from game.api.shapes import address, visitor
from game.extensions import limiter
from game.judge import Floats
from game.pages import heat
from game.pages.lessons import lesson
from game.rules import agreements, drawing, entries, glances, naming
from game.rules.agreements import Comparison
from game.rules.embeddings import embedding_of
from game.rules.refusals import Invalid
from game.rules.views import EntryView, entry_views
from game.sayings import say

pages = Blueprint("explore_looking", __name__, url_prefix="/explore")
OFTEN = "60 per minute"
COLDEST, WARMEST, USUAL = 1, 100, round(1000 * agreements.USUAL)  # temperatures, in thousandths


@pages.get("/cosine")
@limiter.limit(OFTEN, key_func=visitor)
def cosine() -> Response:
    """Shows a text beside up to four pictures, all chosen by the visitor: as numbers, as squares and as shares."""
    asked, me = request.args, identity.current()
    warmth = _within(asked.get("t"), COLDEST, WARMEST, USUAL)
    words = asked.get("find", "")

    def ask() -> Mapping[str, Any]:
        shelf = agreements.shelf(me, words)
        chosen = asked.getlist("e")[: agreements.MOST] or [view.id for view in shelf[: agreements.MOST]]
        if not chosen:
            return {"shelf": []}
        text = asked.get("text", "").strip() or _first_prompt(chosen[0], shelf)
        found = agreements.compare(text, chosen, warmth / 1000, me)
        at_hand = {one.entry.id: one.entry for one in found.pictures} | {view.id: view for view in shelf}
        return {"found": found, "text": text, "shelf": list(at_hand.values()), "chosen": chosen, **_squares(found)}

    fixed = {"most": agreements.MOST, "longest": agreements.LONGEST, "coldest": COLDEST, "warmest": WARMEST}
    return lesson("cosine", ask, text=asked.get("text", ""), words=words, warmth=warmth, **fixed)


@pages.get("/words")
@limiter.limit(OFTEN, key_func=visitor)
def words() -> Response:
    """Shows which words the judge believes in for an entry; a sheet to draw on and pictures to choose from."""
    me, entry_id, text = identity.current(), request.args.get("entry"), request.args.get("words", "")

    def ask() -> Mapping[str, Any]:
        if entry_id is None:
            return {}
        entry = entries.require_seen(entries.row(entry_id), me)
        own = naming.split(text)
        return {"naming": naming.believe(embedding_of(entry), own), "entry": entry_views([entry])[0]}

    return lesson("words", ask, shelf=agreements.shelf(me), words=text, asked=entry_id, most=naming.MOST)


@pages.post("/words")
@limiter.limit("60 per minute; 600 per hour", key_func=visitor)
@limiter.limit("240 per minute", key_func=address)
def words_for_drawing() -> Response:
    """Shows which words the judge believes in for a drawing that was made on the page; nothing of it is kept."""
    text = request.form.get("words", "")

    def ask() -> Mapping[str, Any]:
        own = naming.split(text)
        return {"naming": naming.believe(_embedding(request.form.get("drawing", "")), own)}

    return lesson("words", ask, shelf=agreements.shelf(identity.current()), words=text, asked=None, most=naming.MOST)


def _embedding(text: str) -> Floats:
    """What the judge makes of a drawing in JSON; a drawing that is refused is told on the page."""
    try:
        return glances.embedding(drawing.parse(json.loads(text)))
    except (ValueError, RecursionError) as error:
        detail = error.detail if isinstance(error, drawing.DrawingError) else say("Draw something first.")
        raise Invalid([("#/drawing", detail)]) from None


def _first_prompt(entry_id: str, shelf: list[EntryView]) -> str:
    """The prompt of the first picture: something to compare with before the visitor has written anything."""
    return next((view.prompt_text for view in shelf if view.id == entry_id), "") or entries.get(entry_id).prompt_text


def _squares(found: Comparison) -> dict[str, Any]:
    """The text's numbers, each picture's, and their products, each kind of them on one scale."""
    rows = [found.embedding, *(one.embedding for one in found.pictures)]
    full = heat.scale(rows)
    products = [one.products for one in found.pictures]
    full_product = heat.scale(products)
    return {
        "text_heat": heat.heat(found.embedding, full),
        "heats": [heat.heat(row, full) for row in rows[1:]],
        "product_heats": [heat.heat(row, full_product) for row in products],
        "full": full,
        "full_product": full_product,
    }


def _within(text: str | None, least: int, most: int, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and least <= int(text) <= most else usual
