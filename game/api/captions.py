"""Calls of the reverse game: a picture, words for it, how they rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from game import identity
from game.api.calls import Answer, call
from game.api.shapes import Listing, Strict, address, visitor
from game.extensions import limiter
from game.rules import caption_duels, caption_tries, caption_why, captions, entries
from game.rules.caption_duels import Duel
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
    """One caption, and how many tries at the picture are left."""

    caption: CaptionView
    tries_left: int


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
    refuses=[404, 409, 503],
)
@limiter.limit("60 per minute", key_func=visitor)
@limiter.limit("600 per minute", key_func=address)
def submit_caption(entry_id: str, body: Words) -> Any:
    """Enter words for a picture, three times at most; the judge compares them with the picture itself."""
    entries.require_seen(entries.row(entry_id), identity.current())
    player = identity.require()
    caption = captions.submit(entry_id, body.text, player)
    return CaptionAnswer(caption, caption_tries.of(entries.row(entry_id), player).left)


@call(api, "GET /entries/<entry_id>/captions", Answer(Page[CaptionView]), query=Listing, refuses=[404])
def list_captions(entry_id: str, query: Listing) -> Any:
    """A picture's captions, best first."""
    entries.require_seen(entries.row(entry_id), identity.current())
    return captions.ranked(entry_id, query.cursor, query.limit)


@call(api, "GET /entries/<entry_id>/captions/duel", Answer(Duel), refuses=[404])
def get_caption_duel(entry_id: str) -> Any:
    """The best words by people against the best by machines, for one picture."""
    entries.require_seen(entries.row(entry_id), identity.current())
    return caption_duels.duel(entry_id)


@call(api, "GET /captions/<caption_id>/why", Answer(CaptionWhy), refuses=[404, 503])
@limiter.limit("120 per minute", key_func=visitor)
def get_caption_why(caption_id: str) -> Any:
    """What each word did for a caption's score, how much of it was read, whether it would fit any picture."""
    entries.require_seen(entries.row(captions.get(caption_id).entry_id), identity.current())
    return caption_why.of_caption(caption_id)
