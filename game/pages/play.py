"""Prompts: the home page, a prompt's wall, the way to the canvas."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments, opening
from game.rules import beginnings, daily, entries, judges, prompts
from game.rules.refusals import Missing

pages = Blueprint("play", __name__)
PROMPTS, ENTRIES = 12, 24  # shown at once


@pages.get("/")
def home() -> Response:
    """Shows the open prompts with the best of each side."""
    sort = "popular" if request.args.get("sort") == "popular" else "new"
    page = prompts.listing(sort, request.args.get("cursor"), PROMPTS)
    if fragments.wanted():
        return fragments.fragment("parts/duels.html", True, page=page, sort=sort)
    me = identity.current()
    streak = daily.streak(me.id) if me else None
    first = {"opening": opening.of_home(), "tour": opening.tour_wanted()}
    return fragments.page("play/home.html", page=page, sort=sort, day=daily.today(), streak=streak, **first)


@pages.get("/prompts/<prompt_id>")
def prompt(prompt_id: str) -> Response:
    """Shows a prompt's wall: everyone, people only or machines only."""
    kind = request.args.get("kind", "all")
    if kind not in ("all", "human", "ai"):
        abort(404)
    cursor, me = request.args.get("cursor"), identity.current()
    seats = judges.of_board(prompt_id)
    judge = "second" if request.args.get("judge") == "second" and seats.second is not None else "main"
    page = entries.leaderboard(prompt_id, kind, cursor, ENTRIES, judge)
    values = {
        "prompt": prompts.get(prompt_id),
        "page": page,
        "kind": kind,
        "cursor": cursor,
        "by": judge,
        "seats": seats,
        "more_url": wall_url(prompt_id, kind, judge, page.next),
    }
    if fragments.wanted():
        return fragments.fragment("parts/board.html", True, **values)
    mine = entries.best_of(prompt_id, me.id) if me else None
    bare = not page.items and values["prompt"].state == "open"
    values["beginning"] = beginnings.of_prompt(prompt_id) if bare else None
    return fragments.page("play/prompt.html", mine=mine, wall_url=wall_url, **values)


@pages.get("/prompts/<prompt_id>/draw")
def draw(prompt_id: str) -> Response:
    """Shows the canvas; a closed prompt shows its wall instead."""
    found = prompts.get(prompt_id)
    if found.state != "open":
        return redirect(url_for(".prompt", prompt_id=prompt_id))
    return fragments.page("play/draw.html", prompt=found, beginning=beginnings.of_prompt(prompt_id))


@pages.get("/prompts/random")
def random() -> AnyResponse:
    """Leads to the canvas of some open prompt, or home while none is open."""
    try:
        found = prompts.random()
    except Missing:
        return redirect(url_for(".home"))
    return redirect(url_for(".draw", prompt_id=found.id))


def wall_url(prompt_id: str, kind: str, judge: str, cursor: str | None = None) -> str:
    """The address of a stretch of a wall; what goes without saying is left out."""
    sides = {"kind": None if kind == "all" else kind, "judge": None if judge == "main" else judge}
    return url_for("play.prompt", prompt_id=prompt_id, **sides, cursor=cursor)
