"""Brings the catalogues in translations/ up to date with the texts in templates, code and browser modules.

    make messages

New texts come in without a translation, those that are gone go, nothing is guessed; a line for each language says how
many wait for their translation.
"""

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "ar")
METHODS = [("game/**.py", "python"), ("templates/**.html", "jinja2")]
MODULES = [("static/**.js", "javascript")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "say": None,
    "several": (1, 2),
    "mark": None,
    "marks": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
MODULE_KEYWORDS = {"say": None, "several": (1, 2)}  # other modules have other things to mark
FOLDERS = {"game", "templates", "static"}
# They change with every run and tell nothing.
RESTLESS = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Language-Team|Last-Translator): .*\n',
    re.MULTILINE,
)


def extracted() -> Catalog:
    """Every text that is marked for translation, with the files it stands in."""
    catalogue = Catalog()
    for methods, keywords in ((METHODS, KEYWORDS), (MODULES, MODULE_KEYWORDS)):
        for file, _line, message, comments, context in extract_from_dir(
            ROOT, methods, OPTIONS, keywords, comment_tags=("TRANSLATORS:",), directory_filter=_is_ours
        ):
            if message:  # an empty text is no text
                catalogue.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    return catalogue


def path(language: str) -> Path:
    """Where a language's catalogue lies."""
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """A language's catalogue as it stands; an empty one for a new language."""
    place = path(language)
    return read_po(io.BytesIO(place.read_bytes()), language) if place.exists() else Catalog(language)


def written(catalogue: Catalog) -> bytes:
    """The text of a catalogue's file: sorted by file, without lines and dates, so that versions compare well."""
    catalogue.fuzzy = False
    catalogue.header_comment = "# The texts of Paint-Off; `make messages` keeps this file up to date."
    catalogue.project, catalogue.version = "Paint-Off", "1"
    target = io.BytesIO()
    write_po(target, catalogue, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return RESTLESS.sub("", target.getvalue().decode()).encode()


def updated(language: str, texts: Catalog) -> Catalog:
    """A language's catalogue with exactly the texts that are in use."""
    catalogue = read(language)
    catalogue.update(texts, no_fuzzy_matching=True)
    return catalogue


def is_translated(message: Message) -> bool:
    """Whether a text has its translation, each plural form of it."""
    given = message.string
    return bool(given) and (isinstance(given, str) or all(given))


def main() -> None:
    """Writes every catalogue anew and says what waits."""
    texts = extracted()
    for language in LANGUAGES:
        catalogue = updated(language, texts)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        path(language).write_bytes(written(catalogue))
        waiting = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{language}: {len(catalogue)} texts, {waiting} wait for their translation")


def _is_ours(folder: str) -> bool:
    parts = Path(folder).resolve().relative_to(ROOT).parts
    return not parts or (parts[0] in FOLDERS and parts[-1] not in {"__pycache__", "fonts"})


if __name__ == "__main__":
    main()
