"""An entry outside: short links, its card, its film, the frame that other sites embed, oEmbed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotImplemented as Unknown
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from game import headers
from game.extensions import limiter
from game.pages import formats
from game.pages.entries import seen
from game.pages.offers import EMBED_HIGH, EMBED_WIDE
from game.rules import cards, entries, films, links, stills
from game.rules.views import EntryView
from game.sayings import mark

pages = Blueprint("sharing", __name__)
MEDIA = {"webp": "image/webp", "gif": "image/gif", "mp4": "video/mp4"}
SOON, LATER = 300, 24 * 3600  # seconds that an answer may be kept: with a rank in it, without one
AGAIN = 10  # seconds until somebody who was sent away may come back
LEAST_WIDE, LEAST_HIGH = 240, 360  # px of an embedded entry
BUSY = mark("Other films are being made at the moment. Try again in a few seconds; the drawing stays where it is.")
ADDRESS = re.compile(r"/(?:entries/(?P<id>\w+)(?:/verdict|/embed)?|s/(?P<code>\w+))/?")


@pages.get("/s/<code>")
@limiter.limit("300 per minute")
def follow(code: str) -> AnyResponse:
    """Leads from a short link to the entry."""
    return redirect(url_for("entries.show", entry_id=links.entry_id(code)))


@pages.get("/entries/<entry_id>/card.png")
@limiter.limit("120 per minute")
def card(entry_id: str) -> Response:
    """Answers with the picture that other sites show beside a link."""
    view = seen(entry_id)
    told = cards.facts(view, formats.of_hundred(view.percentile))
    return _open(Response(cards.card(entries.row(entry_id), told), mimetype="image/png"), view, SOON)


@pages.get("/entries/<entry_id>/film.<any(webp, gif, mp4):kind>")
@limiter.limit("20 per minute")
def film(entry_id: str, kind: str) -> Response:
    """Answers with how an entry was made, as a film."""
    view = seen(entry_id)
    try:
        response = Response(films.film(entries.row(entry_id), kind), mimetype=MEDIA[kind])
    except films.FilmsBusy:
        raise ServiceUnavailable(_(BUSY), retry_after=AGAIN) from None
    response.headers["Content-Disposition"] = f'inline; filename="paint-off-{entry_id}.{kind}"'
    return _open(response, view, LATER)


@pages.get("/entries/<entry_id>/embed")
def embed(entry_id: str) -> Response:
    """Shows an entry in little, for a frame on somebody else's page."""
    view = _hanging(entry_id)
    kept = view.run is not None and stills.any_of(view.run["id"])
    response = Response(render_template("share/embed.html", entry=view, stills=kept), mimetype="text/html")
    headers.let_frame(response)
    return _open(response, view, SOON)


@pages.get("/oembed")
@limiter.limit("300 per minute")
def oembed() -> Response:
    """Answers how to embed the entry at an address (https://oembed.com)."""
    if request.args.get("format", "json") != "json":
        raise Unknown("oEmbed is answered as JSON here.")
    view = _hanging(_addressed(request.args.get("url", "")))
    wide = _at_most(EMBED_WIDE, LEAST_WIDE, "maxwidth")
    high = _at_most(EMBED_HIGH, LEAST_HIGH, "maxheight")
    response = jsonify(
        version="1.0",
        type="rich",
        title=view.prompt_text,
        author_name=view.player["name"] or "Nameless",
        author_url=url_for("players.show", player_id=view.player["id"], _external=True),
        provider_name="Paint-Off",
        provider_url=url_for("play.home", _external=True),
        cache_age=SOON,
        thumbnail_url=url_for(".card", entry_id=view.id, _external=True),
        thumbnail_width=cards.WIDE,
        thumbnail_height=cards.HIGH,
        html=render_template("share/frame.html", entry=view, wide=wide, high=high),
        width=wide,
        height=high,
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return _open(response, view, SOON)


def _hanging(entry_id: str) -> EntryView:
    """An entry that hangs: what does not is shown on no other site, not even to its author."""
    view = seen(entry_id)
    if view.state != "visible":
        abort(404)
    return view


def _addressed(address: str) -> str:
    """The id of the entry at one of our addresses."""
    parts = urlsplit(address)
    found = ADDRESS.fullmatch(parts.path) if parts.netloc == request.host else None
    if found is None:
        abort(404)
    return found["id"] or links.entry_id(found["code"])


def _at_most(size: int, least: int, limit: str) -> int:
    return max(least, min(size, request.args.get(limit, size, type=int)))


def _open(response: Response, view: EntryView, seconds: int) -> Response:
    """Lets other sites show an answer and anybody keep it for a while, if anybody may see the entry."""
    if view.state == "visible":
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    else:
        response.headers["Cache-Control"] = "private, no-store"
    response.add_etag()
    response.make_conditional(request)
    return response
