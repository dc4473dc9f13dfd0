"""The reverse game: a picture, and words for it. What was asked for is shown only once the words are in."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, judging
from game.pages import fragments
from game.pages.entries import seen
from game.rules import captions

pages = Blueprint("captions", __name__)
SHOWN = 50


@pages.get("/captions")
def next_picture() -> Response:
    """Shows a picture that waits for the visitor's words, or says that there is none."""
    return desk(captions.next_picture(identity.current()))


@pages.get("/captions/<entry_id>")
def picture(entry_id: str) -> Response:
    """Shows a certain picture to caption or, with `?caption=`, how a caption of it did."""
    entry = seen(entry_id)
    if "caption" not in request.args:
        return desk(captions.picture(entry_id))
    caption = captions.get(request.args["caption"])
    if caption.entry_id != entry_id:
        abort(404)
    ranked = captions.ranked(entry_id, None, SHOWN)
    return fragments.page("captions/result.html", entry=entry, caption=caption, captions=ranked)


@pages.post("/captions/<entry_id>")
def submit(entry_id: str) -> AnyResponse:
    """Judges the visitor's words for a picture and shows how they did."""
    seen(entry_id)
    text = request.form.get("text", "").strip()
    try:
        caption = captions.submit(entry_id, text, identity.require())
    except captions.CaptionRefused as refusal:
        response = desk(captions.picture(entry_id), text, str(refusal))
        response.status_code = 422
        return response
    return redirect(url_for(".picture", entry_id=entry_id, caption=caption.id), 303)


@pages.get("/captions/tokens")
def tokens() -> Response:
    """Counts the tokens of a caption while it is written."""
    text = request.args.get("text", "")[: captions.LONGEST].strip()
    counted = captions.count_tokens(text) if text else 0
    return fragments.fragment("captions/tokens.html", False, tokens=counted, max_tokens=judging.facts().max_tokens)


def desk(entry: captions.Picture | None, text: str = "", error: str = "") -> Response:
    """The page with a picture and a place for words; without a picture, an invitation to draw one."""
    values = {"entry": entry, "text": text, "error": error, "max_tokens": entry.max_tokens if entry else 0}
    return fragments.page("captions/picture.html", **values)
