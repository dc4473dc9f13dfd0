"""Why a drawing or a caption has its score: a page of its own, and the piece that other pages fetch later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, abort

from game import identity
from game.pages import fragments, outlines, plots
from game.pages.entries import seen
from game.rules import caption_tries, caption_why, captions, entries, why
from game.rules.caption_why import CaptionWhy

pages = Blueprint("why", __name__)
SHOWN = 6  # reasons before "all of them"
HALF = 48  # of the widest bar
Told = TypeVar("Told")


@dataclass(frozen=True)
class Row:
    """Something that did something, with its bar: how far it goes to the right, below 0 to the left, up to HALF."""

    told: object
    bar: float
    counts: bool


@pages.get("/entries/<entry_id>/why")
def entry(entry_id: str) -> Response:
    """Shows what each part of a drawing did for its score."""
    view = seen(entry_id)
    found, drawing = why.of_entry(entry_id), why.drawing_of(entries.row(entry_id))
    values = {
        "entry": view,
        "why": found,
        "rows": _rows(found.reasons, lambda reason: reason.added, found.noise),
        "shown": SHOWN,
        "size": 0 if drawing is None else drawing.size,
        "cells": outlines.CELLS,
        "outlines": [] if drawing is None else outlines.outlines(drawing, found.reasons),
        "hot": outlines.hot(found.heat, found.noise),
        "places": len(found.heat),
        "climb_plot": plots.climb([(stage.ops, stage.percentile) for stage in found.curve]),
    }
    return _answer("why/entry", values)


@pages.get("/captions/<entry_id>/<caption_id>/why")
def caption(entry_id: str, caption_id: str) -> Response:
    """Shows what each word of a caption did for its score."""
    view = seen(entry_id)
    if captions.get(caption_id).entry_id != entry_id:
        abort(404)
    found = caption_why.of_caption(caption_id)
    told = caption_tries.of(entries.row(entry_id), identity.current()).told
    return _answer("why/caption", {"entry": view, "told": told, **of_words(found)})


def of_words(found: CaptionWhy) -> dict[str, object]:
    """What the template of a caption's reasons needs."""
    return {"why": found, "rows": _rows(found.words, lambda word: word.added, found.noise)}


def _answer(template: str, values: dict[str, object]) -> Response:
    if fragments.wanted():
        return fragments.fragment(f"{template}_reasons.html", True, **values)
    return fragments.page(f"{template}.html", **values)


def _rows(told: list[Told], added: Callable[[Told], float], noise: float) -> list[Row]:
    most = max([2 * noise, *(abs(added(each)) for each in told)])
    return [Row(each, round(HALF * added(each) / most, 1), abs(added(each)) > noise) for each in told]
