"""Calls of the reverse game: a picture, words for it, how they rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from game import identity
from game.api.calls import Answer, call
from game.api.shapes import Listing, Strict, address, visitor
from game.extensions import limiter
from game.rules import caption_why, captions, entries
from game.rules.caption_why import CaptionWhy
from game.rules.captions import CaptionView, Picture
from game.rules.pages import Page
from game.rules.refusals import Missing

api = Blueprint("api_captions", __name__)


class Words(Strict):
    """A caption to enter."""

    text: str


@dataclass(frozen=True)
class CaptionAnswer:
    """One caption."""

    caption: CaptionView


@call(api, "GET /captions/next", Answer(Picture), refuses=[404, 503])
def next_picture() -> Any:
    """Some picture that is not one's own nor captioned by oneself yet."""
    picture = captions.next_picture(identity.current())
    if picture is None:
        raise Missing("There is no picture left to caption. New ones come with every drawing.")
    return picture


@call(
    api,
    "POST /entries/<entry_id>/captions",
    Answer(CaptionAnswer, 201, keyed=True),
    body=Words,
    refuses=[404, 503],
)
@limiter.limit("60 per minute", key_func=visitor)
@limiter.limit("600 per minute", key_func=address)
def submit_caption(entry_id: str, body: Words) -> Any:
    """Enter words for a picture; the judge compares them with the picture, not with what was asked for."""
    entries.require_seen(entries.row(entry_id), identity.current())
    return CaptionAnswer(captions.submit(entry_id, body.text, identity.require()))


@call(api, "GET /entries/<entry_id>/captions", Answer(Page[CaptionView]), query=Listing, refuses=[404])
def list_captions(entry_id: str, query: Listing) -> Any:
    """A picture's captions, best first."""
    entries.require_seen(entries.row(entry_id), identity.current())
    return captions.ranked(entry_id, query.cursor, query.limit)


@call(api, "GET /captions/<caption_id>/why", Answer(CaptionWhy), refuses=[404, 503])
@limiter.limit("120 per minute", key_func=visitor)
def get_caption_why(caption_id: str) -> Any:
    """What each word did for a caption's score, how much of it was read, whether it would fit any picture."""
    entries.require_seen(entries.row(captions.get(caption_id).entry_id), identity.current())
    return caption_why.of_caption(caption_id)
