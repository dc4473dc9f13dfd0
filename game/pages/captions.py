"""The reverse game: a picture, and three tries at words for it. What was asked for is shown only afterwards."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game import identity, judging
from game.judging import JudgeUnavailable
from game.pages import fragments, why
from game.pages.entries import seen
from game.rules import caption_duels, caption_tries, caption_why, captions, entries
from game.rules.caption_tries import Tries
from game.rules.captions import CaptionView

pages = Blueprint("captions", __name__)
SHOWN = 50


@pages.get("/captions")
def next_picture() -> Response:
    """Shows a picture that waits for the visitor's words, or says that there is none."""
    return desk(captions.next_picture(identity.current()))


@pages.get("/captions/<entry_id>")
def picture(entry_id: str) -> AnyResponse:
    """Shows a certain picture to caption or, with `?caption=`, how a caption of it did; who has no try left is led to
    how theirs did."""
    seen(entry_id)
    tries = _tries(entry_id)
    if "caption" in request.args:
        caption = captions.get(request.args["caption"], identity.current())
        if caption.entry_id != entry_id:
            abort(404)
        return result(entry_id, caption, tries)
    own = captions.of_player(entry_id, identity.current())
    if tries.left == 0 and own:
        return redirect(_address(_best(own)))
    return desk(captions.picture(entry_id))


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
    _reasons(caption)  # worked out and kept now, so that the page that shows them is a quick one
    return redirect(_address(caption), 303)


@pages.post("/captions/<entry_id>/told")
def give_up(entry_id: str) -> AnyResponse:
    """Ends the visitor's tries at a picture and shows what was asked for."""
    seen(entry_id)
    player = identity.require()
    caption_tries.give_up(entries.row(entry_id), player)
    own = captions.of_player(entry_id, player)
    return redirect(_address(_best(own)) if own else url_for("entries.show", entry_id=entry_id), 303)


@pages.get("/captions/tokens")
def tokens() -> Response:
    """Counts the tokens of a caption while it is written."""
    text = request.args.get("text", "")[: captions.LONGEST].strip()
    counted = captions.count_tokens(text) if text else 0
    return fragments.fragment("captions/tokens.html", False, tokens=counted, max_tokens=judging.facts().max_tokens)


def desk(entry: captions.Picture | None, text: str = "", error: str = "") -> Response:
    """The page with a picture and a place for words; without a picture, an invitation to draw one."""
    values: dict[str, object] = {"entry": entry, "text": text, "error": error}
    if entry is not None:
        own = captions.of_player(entry.entry_id, identity.current())
        values |= {"max_tokens": entry.max_tokens, "own": own, "tries": _tries(entry.entry_id)}
    return fragments.page("captions/picture.html", **values)


def result(entry_id: str, caption: CaptionView, tries: Tries) -> Response:
    """The page with how a caption did; what was asked for and others' words are there once the visitor may know."""
    return fragments.page(
        "captions/result.html",
        entry=entries.get(entry_id),
        caption=caption,
        tries=tries,
        own=captions.of_player(entry_id, identity.current()),
        duel=caption_duels.duel(entry_id),
        captions=captions.ranked(entry_id, None, SHOWN) if tries.told else None,
        reasons=_reasons(caption),
    )


def _reasons(caption: CaptionView) -> dict[str, object] | None:
    """What each word did, None while the judge cannot be asked: the score stands without; so it does while held."""
    if caption.state != "visible":
        return None
    try:
        return why.of_words(caption_why.of_caption(caption.id))
    except JudgeUnavailable:
        return None


def _tries(entry_id: str) -> Tries:
    return caption_tries.of(entries.row(entry_id), identity.current())


def _best(own: list[CaptionView]) -> CaptionView:
    return max(own, key=lambda caption: caption.similarity)


def _address(caption: CaptionView) -> str:
    return url_for(".picture", entry_id=caption.entry_id, caption=caption.id)
