"""Explore, what machines do: a walk through the VQGAN's latent, and a picture being climbed step by step."""

from __future__ import annotations

import random
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import climbing, painting
from game.api import pictures
from game.api.shapes import address, visitor
from game.extensions import limiter
from game.pages import fragments, run_plots
from game.pages.lessons import lesson
from game.rules import ascents, latents
from game.rules.ascents import Ascent, Wish
from game.rules.refusals import Invalid, Spent

pages = Blueprint("explore_painting", __name__, url_prefix="/explore")


@pages.get("/latent")
def latent() -> Response:
    """Shows the way between two samples of the VQGAN's codebook, chosen by lot unless they are named."""
    lots = [_seed(request.args.get(name), latents.SEEDS) for name in ("from", "to")]
    first, last = (random.randrange(latents.SEEDS) if lot is None else lot for lot in lots)
    fixed: dict[str, Any] = {
        "columns": latents.COLUMNS,
        "rows": latents.ROWS,
        "side": latents.SIDE,
        "seeds": latents.SEEDS,
    }
    anew = {"first": random.randrange(latents.SEEDS), "last": random.randrange(latents.SEEDS)}
    return lesson("latent", first=first, last=last, anew=anew, mark=painting.vqgan(), **fixed)


@pages.get("/latent/<int:first>-<int:last>.webp")
@limiter.limit("40 per minute", key_func=visitor)
@limiter.limit("120 per minute", key_func=address)
def sheet(first: int, last: int) -> Response:
    """The stills between two samples on one sheet; with the weights' mark in its address it may be kept for good."""
    response = Response(latents.sheet(first, last), mimetype="image/webp")
    if request.args.get("v") == painting.vqgan():
        pictures.keep(response, True)
    return response


@pages.get("/climb")
def climb() -> Response:
    """Shows the form for a climb."""
    return _form(Wish("", ascents.PRIORS[0], random.randrange(ascents.SEEDS), ascents.BUDGETS[1]))


@pages.post("/climb")
@limiter.limit("6 per minute; 40 per hour", key_func=visitor)
@limiter.limit("30 per minute", key_func=address)
def begin() -> AnyResponse:
    """Has a picture climbed and leads to where it can be watched."""
    form = request.form
    seed, steps = _seed(form.get("seed"), ascents.SEEDS), _seed(form.get("steps"), ascents.BUDGETS[-1] + 1)
    wish = Wish(form.get("text", ""), form.get("prior", ""), -1 if seed is None else seed, steps or 0)
    try:
        return redirect(url_for(".watch", ascent_id=climbing.begin(wish)), 303)
    except Invalid as refusal:
        return _form(wish, refusal.detail, 422)
    except Spent as refusal:
        return _form(wish, str(refusal), 429)


@pages.get("/climb/<ascent_id>")
def watch(ascent_id: str) -> Response:
    """Shows a climb: how far it is, and when it is done every step of it."""
    ascent = ascents.get(ascent_id)
    ended = ascent.state in ("done", "failed")
    values: dict[str, Any] = {
        "ascent": ascent,
        "ahead": climbing.ahead(ascent_id),
        "plot": _plot(ascent) if ended else None,
    }
    if fragments.wanted():
        return fragments.fragment("explore/climb_found.html", ended, **values)
    return _form(ascent.wish, **values)


@pages.get("/climb/<ascent_id>/<int:step>-<any(picture, seen):kind>.webp")
def still(ascent_id: str, step: int, kind: str) -> Response:
    """A step's picture, or what the guide saw of it. It does not change as long as it is there."""
    response = Response(ascents.picture(ascent_id, step, kind), mimetype="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={ascents.KEPT}"
    return response


def _form(wish: Wish, trouble: str | None = None, status: int = 200, **values: Any) -> Response:
    priors = [prior for prior in ascents.PRIORS if prior != "vqgan" or painting.vqgan()]
    choices = {"priors": priors, "budgets": ascents.BUDGETS, "seeds": ascents.SEEDS, "longest": ascents.LONGEST}
    page = lesson("climb", **{"wish": wish, "problem": trouble, "guide": ascents.guide(), **choices, **values})
    page.status_code = status
    return page


def _plot(ascent: Ascent) -> run_plots.Curves | None:
    return run_plots.curves({"guide": [(one.step, one.similarity) for one in ascent.steps]}, ascent.wish.steps)


def _seed(text: str | None, seeds: int) -> int | None:
    """A number from a form; None for one that makes no sense."""
    return int(text) if text and len(text) < 9 and text.isascii() and text.isdigit() and int(text) < seeds else None
