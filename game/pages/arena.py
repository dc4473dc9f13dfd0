"""The arena: a blind pair, a vote and a guess, then who made the two; and the boards that votes come to."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.api.arena import MOST_FROM_AN_ADDRESS
from game.api.shapes import address, visitor
from game.extensions import limiter
from game.pages import fragments
from game.rules import arena, arena_boards
from game.rules.arena import Guess, Outcome, Pair
from game.rules.refusals import Conflict, Missing, Spent

pages = Blueprint("arena", __name__)
WALLS, ENTRIES = 24, 24  # shown at once


@pages.get("/arena")
@limiter.limit("120 per minute", key_func=visitor)
def play() -> Response:
    """Shows the pair that waits for the visitor's vote, or a new one; or says why there is none."""
    prompt_id = request.args.get("prompt")
    try:
        return _bout(arena.pair(identity.require(), prompt_id), prompt_id)
    except (Missing, Spent) as refusal:
        values = {"reason": str(refusal), "spent": isinstance(refusal, Spent), "prompt_id": prompt_id}
        if fragments.wanted():
            return fragments.fragment("arena/none.html", True, **values)
        return fragments.page("arena/play.html", inside="arena/none.html", **values)


@pages.get("/arena/pairs/<pair_id>")
def pair(pair_id: str) -> Response:
    """Shows a pair that was offered to the visitor: blind until they have voted, then who made the two."""
    return _bout(arena.offered(pair_id, identity.current()), request.args.get("prompt"))


@pages.post("/arena/pairs/<pair_id>")
@limiter.limit("60 per minute", key_func=visitor)
@limiter.limit(MOST_FROM_AN_ADDRESS, key_func=address)
def vote(pair_id: str) -> AnyResponse:
    """Counts the visitor's vote and shows who made the two; a second vote changes nothing and is told so."""
    form, player = request.form, identity.require()
    guess = Guess(form.get("guess_left") or None, form.get("guess_right") or None)
    prompt_id = request.args.get("prompt")
    try:
        outcome: Pair | Outcome = arena.vote(pair_id, form.get("winner", ""), player, guess)
    except Conflict as refusal:
        flash(str(refusal))
        outcome = arena.offered(pair_id, player)
    if fragments.wanted():
        return _bout(outcome, prompt_id)
    return redirect(url_for(".pair", pair_id=pair_id, prompt=prompt_id), 303)


@pages.get("/arena/boards")
def boards() -> Response:
    """Shows the prompts that have been voted on."""
    page = arena_boards.walls(request.args.get("cursor"), WALLS)
    if fragments.wanted():
        return fragments.fragment("arena/walls.html", True, page=page)
    return fragments.page("arena/boards.html", page=page)


@pages.get("/arena/boards/<prompt_id>")
def board(prompt_id: str) -> Response:
    """Shows a prompt's entries by people's votes."""
    kind = request.args.get("kind", "all")
    if kind not in arena_boards.KINDS:
        abort(404)
    page = arena_boards.board(prompt_id, kind, request.args.get("cursor"), ENTRIES)
    shown = None if kind == "all" else kind
    more = url_for(".board", prompt_id=prompt_id, kind=shown, cursor=page.next)
    values = {"page": page, "kind": kind, "more": more}
    if fragments.wanted():
        return fragments.fragment("arena/standings.html", True, **values)
    return fragments.page("arena/board.html", tally=arena_boards.tally(prompt_id), **values)


@pages.get("/arena/divided")
def divided() -> Response:
    """Shows what the judge loves and people do not, or the reverse."""
    by = request.args.get("by", "judge")
    if by not in arena_boards.SIDES:
        abort(404)
    page = arena_boards.divided(by, request.args.get("cursor"), ENTRIES)
    more = url_for(".divided", by=None if by == "judge" else by, cursor=page.next)
    values = {"page": page, "by": by, "more": more}
    if fragments.wanted():
        return fragments.fragment("arena/divisions.html", True, **values)
    return fragments.page("arena/divided.html", **values)


def _bout(found: Pair | Outcome, prompt_id: str | None) -> Response:
    """A pair, blind or told; `prompt_id` is there where only pairs of this prompt are wanted."""
    inside = "arena/blind.html" if isinstance(found, Pair) else "arena/told.html"
    if fragments.wanted():
        return fragments.fragment(inside, False, bout=found, prompt_id=prompt_id)
    return fragments.page("arena/play.html", inside=inside, bout=found, prompt_id=prompt_id)
