"""Prompts: the home page, a prompt's wall, the way to the canvas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.rules import entries, prompts
from game.rules.refusals import Missing
from game.rules.views import EntryView

pages = Blueprint("play", __name__)
PROMPTS, ENTRIES = 12, 24  # shown at once


@pages.get("/")
def home() -> Response:
    """Shows the open prompts with the best of each side."""
    sort = "popular" if request.args.get("sort") == "popular" else "new"
    page = prompts.listing(sort, request.args.get("cursor"), PROMPTS)
    if fragments.wanted():
        return fragments.fragment("parts/duels.html", True, page=page, sort=sort)
    return fragments.page("play/home.html", page=page, sort=sort)


@pages.get("/prompts/<prompt_id>")
def prompt(prompt_id: str) -> Response:
    """Shows a prompt's wall: everyone, people only or machines only."""
    kind = request.args.get("kind", "all")
    if kind not in ("all", "human", "ai"):
        abort(404)
    cursor, me = request.args.get("cursor"), identity.current()
    page = entries.leaderboard(prompt_id, kind, cursor, ENTRIES)
    values = {
        "prompt": prompts.get(prompt_id),
        "page": page,
        "kind": kind,
        "cursor": cursor,
        "tied": tied(page.items),
        "more_url": url_for(".prompt", prompt_id=prompt_id, kind=None if kind == "all" else kind, cursor=page.next),
    }
    if fragments.wanted():
        return fragments.fragment("parts/board.html", True, **values)
    return fragments.page("play/prompt.html", mine=entries.best_of(prompt_id, me.id) if me else None, **values)


@pages.get("/prompts/<prompt_id>/draw")
def draw(prompt_id: str) -> Response:
    """Shows the canvas; a closed prompt shows its wall instead."""
    found = prompts.get(prompt_id)
    if found.state != "open":
        return redirect(url_for(".prompt", prompt_id=prompt_id))
    return fragments.page("play/draw.html", prompt=found)


@pages.get("/prompts/random")
def random() -> AnyResponse:
    """Leads to the canvas of some open prompt, or home while none is open."""
    try:
        found = prompts.random()
    except Missing:
        return redirect(url_for(".home"))
    return redirect(url_for(".draw", prompt_id=found.id))


def tied(shown: Sequence[EntryView]) -> set[str]:
    """Ids of the entries that share their rank with another one shown."""
    sharers = Counter(entry.rank for entry in shown)
    return {entry.id for entry in shown if sharers[entry.rank] > 1}
