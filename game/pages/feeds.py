"""The best of each prompt as an Atom feed (RFC 4287)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from game.rules import entries, prompts

pages = Blueprint("feeds", __name__)
BEST = 20
KEPT = 300  # seconds


@pages.get("/prompts/<prompt_id>/best.atom")
def best(prompt_id: str) -> Response:
    """Answers with the entries at the top of a prompt's board, for feed readers."""
    prompt = prompts.get(prompt_id)
    items = entries.leaderboard(prompt_id, "all", None, BEST).items
    updated = max([prompt.created_at, *(entry.created_at for entry in items)])
    told = render_template("share/feed.xml", prompt=prompt, entries=items, updated=updated)
    response = Response(told, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.add_etag()
    response.make_conditional(request)
    return response
