"""The words of the browser's modules: for each language a module of its own, which pages in that language run first."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Blueprint, Response, abort, request, url_for

from game import languages
from game.assets import asset

pages = Blueprint("words", __name__)
YEAR = 365 * 24 * 3600  # s
MODULES = "static/"
# Whose refusals the draw page hears from the API, which speaks English: it says them in its own language.
REFUSING = frozenset(
    f"game/rules/{name}.py"
    for name in ("captions", "entries", "idempotency", "players", "prompts", "raster", "rooms", "rooms_sheets")
)


@pages.get("/words/<version>/<language>.js")
def module(version: str, language: str) -> Response:
    """Answers with a module that teaches `static/ui/words.js` a language."""
    if language not in languages.LANGUAGES:
        abort(404)
    script = _script(language)
    response = Response(script, mimetype="text/javascript")
    kept = version == _version(script)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if kept else "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.app_template_global("words_address")
def address() -> str:
    """The address of the module in the page's language; it changes with its contents."""
    language = languages.current()
    return url_for("words.module", version=_version(_script(language)), language=language)


def _script(language: str) -> str:
    return f'import {{ learn }} from "{asset("ui/words.js")}";\nlearn("{language}", {_texts(language)});\n'


def _version(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()[:12]


@lru_cache
def _texts(language: str) -> str:
    """The translations as JSON: by the English text, plural forms by the English plural."""
    path = languages.path(language)
    if not path.exists():
        return "{}"
    with path.open("rb") as file:
        found = [message for message in read_po(file, language) if message.id and _is_for_modules(message)]
    told = {message.id: message.string for message in found if isinstance(message.id, str) and message.string}
    forms = {message.id[1]: message.string for message in found if _is_counted(message)}
    return json.dumps(told | forms, ensure_ascii=False, separators=(",", ":"))


def _is_for_modules(message: Message) -> bool:
    places = {str(place) for place, _ in message.locations}
    said = any(place.startswith(MODULES) for place in places)
    return said or (isinstance(message.id, str) and "%(" not in message.id and not REFUSING.isdisjoint(places))


def _is_counted(message: Message) -> bool:
    return isinstance(message.string, tuple) and all(message.string)
