"""The words of the browser's modules: for each language a module of its own, which pages in that language run first."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

import brotli
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Blueprint, Response, abort, request, url_for

from game import languages
from game.assets import asset

pages = Blueprint("words", __name__)
YEAR = 365 * 24 * 3600  # s
# Whose words a page needs: all of them, or those of the draw page alone, whose weight is counted, or that of a room.
AREAS = {
    "all": ("static/",),
    "draw": ("static/draw/", "static/ui/"),
    "room": ("static/draw/", "static/ui/", "static/rooms/"),
}
# What the API may answer to a drawing that is handed in: it speaks English, and the page says it in its own language.
REFUSALS = frozenset(
    (
        "There is no such prompt.",
        "This prompt is closed. Its wall stays; pick one that is open to draw.",
        "The same request is still being worked on. Ask again in a while.",
        "A name needs at least one letter. Without one you stay anonymous, which is fine, too.",
        "The name holds characters that cannot be seen. Leave these out.",
        "There is a word in this name that does not hang here. Take another one.",
    )
)
ROOMS = frozenset(("game/rules/rooms.py", "game/rules/rooms_sheets.py"))


@pages.get("/words/<version>/<area>-<language>.js")
def module(version: str, area: str, language: str) -> Response:
    """Answers with a module that teaches `static/ui/words.js` a language."""
    if language not in languages.LANGUAGES or area not in AREAS:
        abort(404)
    script = _script(area, language)
    response = Response(script, mimetype="text/javascript")
    if request.accept_encodings.quality("br") > 0:
        response = Response(_packed(script), mimetype="text/javascript", headers={"Content-Encoding": "br"})
    response.vary.add("Accept-Encoding")
    kept = version == _version(script)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if kept else "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.app_template_global("words_address")
def address(area: str | None) -> str:
    """The address of the module with an area's words, all by default, in the page's language; it changes with them."""
    language, area = languages.current(), area or "all"
    return url_for("words.module", version=_version(_script(area, language)), area=area, language=language)


def mark(text: str) -> str:
    """What a text is known by in the browser, see `mark` in static/ui/words.js."""
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 % 2**32
    return _digits(found % 36**5)


def _digits(number: int) -> str:
    rest, last = divmod(number, 36)
    return (_digits(rest) if rest else "") + "0123456789abcdefghijklmnopqrstuvwxyz"[last]


def _script(area: str, language: str) -> str:
    return f'import {{ learn }} from "{asset("ui/words.js")}";\nlearn("{language}", {_texts(area, language)});\n'


def _version(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()[:12]


@lru_cache
def _packed(script: str) -> bytes:
    packed: bytes = brotli.compress(script.encode(), quality=11)
    return packed


@lru_cache
def _texts(area: str, language: str) -> str:
    """The translations as JSON: by the mark of the English text, plural forms by that of the English plural."""
    path = languages.path(language)
    if not path.exists():
        return "{}"
    with path.open("rb") as file:
        found = [message for message in read_po(file, language) if message.id and _is_for(area, message)]
    said = {mark(message.id): message.string for message in found if isinstance(message.id, str) and _is_new(message)}
    forms = {mark(message.id[1]): message.string for message in found if _is_counted(message)}
    return json.dumps(said | forms, ensure_ascii=False, separators=(",", ":"))


def _is_for(area: str, message: Message) -> bool:
    places = {str(place) for place, _ in message.locations}
    if message.id in REFUSALS or any(place.startswith(AREAS[area]) for place in places):
        return True
    return area == "room" and "%(" not in str(message.id) and not ROOMS.isdisjoint(places)


def _is_new(message: Message) -> bool:
    return bool(message.string) and message.string != message.id


def _is_counted(message: Message) -> bool:
    return isinstance(message.string, tuple) and all(message.string)
