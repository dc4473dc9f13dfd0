"""The language of an answer: which ones there are, how a visitor's is chosen, and the catalogues of translations.

The catalogues are the `.po` files in `translations/`, read as they stand when a language is first asked for: nothing
has to be compiled before the game starts, and no compiled file can lag behind.
"""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).resolve().parent.parent / "translations"
SOURCE = "en"  # what the texts in templates and code are written in
LANGUAGES = {"en": "English", "de": "Deutsch", "ar": "العربية"}  # each by its own name
WRITTEN = {"en": Locale("en", "GB"), "de": Locale("de"), "ar": Locale("ar")}  # how each writes numbers and dates
COOKIE = "language"
PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")  # addresses that programs ask, not people
# What anybody may keep and show to others is the same for everyone, whoever asked for it first.
SHARED = frozenset({"feeds.best", "sharing.card", "sharing.embed", "sharing.film", "sharing.oembed"})


class Catalogues(Domain):
    """The translations, a catalogue for each language, each read once."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the answer's language; an empty one where texts stay as they are written."""
        language = current()
        if language not in self.cache:
            self.cache[language] = load(language)
        found: NullTranslations = self.cache[language]
        return found


class Tongues(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogues in place of compiled ones."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        """The catalogues of the whole game."""
        return Catalogues()


babel = Tongues()


def register(app: Flask) -> None:
    """Let templates and code speak the visitor's language, and tell caches that pages differ by it."""
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    babel.init_app(app, default_locale=SOURCE, locale_selector=choose)
    app.context_processor(facts)
    app.after_request(vary)


def path(language: str) -> Path:
    """Return where a language's catalogue lies; the language that texts are written in has none."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> NullTranslations:
    """Return the catalogue of one language; an empty one for the language that texts are written in."""
    if not path(language).exists():
        return NullTranslations()
    with path(language).open("rb") as file:
        catalogue = read_po(file, language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def choose() -> str:
    """Return the language of the request: the visitor's own choice, else what their browser asks for, else English.

    Programs and what is shared between visitors are answered in English.
    """
    if not has_request_context() or request.path.startswith(PROGRAMS) or request.endpoint in SHARED:
        return SOURCE
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default=SOURCE) or SOURCE


def current() -> str:
    """Return the language of the answer that is being made; English outside of one."""
    locale = get_locale()
    return SOURCE if locale is None else str(locale.language)


def written() -> Locale:
    """Return how numbers and dates are written in the answer's language; always in Western digits."""
    return WRITTEN[current()]


def facts() -> dict[str, Any]:
    """What every template knows about languages: `language` of this page, its `direction`, and all `languages`."""
    language = current()
    return {"language": language, "direction": WRITTEN[language].text_direction, "languages": LANGUAGES}


def vary(response: Response) -> Response:
    """Tell caches what a page's language depends on."""
    if response.mimetype == "text/html" and request.endpoint not in SHARED:
        response.vary.update(("Accept-Language", "Cookie"))
    return response
