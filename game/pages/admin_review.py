"""The queue of what waits for a person: one picture at a time, a key for each decision; captions in a list."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.pages import fragments
from game.pages.admin import guard
from game.rules import moderation, review

pages = Blueprint("admin_review", __name__, url_prefix="/admin/review")
pages.before_request(guard)
SHOWN = 50
SAID = {"visible": "Hung", "held": "Held", "hidden": "Taken down"}


@pages.get("")
def show() -> Response:
    """Shows the entry that waits longest, the one after `?after=`, or with `?at=` a certain one."""
    after = request.args.get("after")
    item = review.item(request.args["at"]) if "at" in request.args else review.first(after)
    return _answer(item, after)


@pages.post("/<entry_id>")
def decide(entry_id: str) -> AnyResponse:
    """Hangs, holds or takes down an entry, tells its author why, and shows the next one."""
    given = request.form.get("reason", "").strip()
    state, reason = request.form.get("state", "hidden" if given else ""), given or request.form.get("own", "").strip()
    entry = moderation.decide(entry_id, state, reason, identity.require())
    if fragments.wanted():
        return _answer(review.first(entry_id), entry_id, f"{SAID.get(state, state)}: {entry.prompt_text}.")
    return redirect(url_for(".show", after=entry_id), 303)


@pages.get("/captions")
def captions() -> Response:
    """Lists the captions that wait, newest first."""
    page = review.held_captions(request.args.get("cursor"), SHOWN)
    return fragments.page("admin/captions.html", page=page)


@pages.post("/captions/<caption_id>")
def decide_caption(caption_id: str) -> AnyResponse:
    """Hangs a caption or takes it down."""
    review.decide_caption(caption_id, request.form.get("state", ""))
    return redirect(url_for(".captions"), 303)


def _answer(item: review.Item | None, after: str | None, said: str = "") -> Response:
    values = {"item": item, "after": after, "said": said, "waiting": review.count(), "reasons": review.REASONS}
    if fragments.wanted():
        return fragments.fragment("admin/review_item.html", False, **values)
    return fragments.page("admin/review.html", words=review.count_captions(), **values)
