"""The catalogues: every text of the game has its translation, in each language, with the same gaps and marks in it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from game import languages
from scripts import messages

GAP = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
MARK = re.compile(r"</?\w+[^>]*>")
PERCENT = re.compile(r"%%|%(?!\()")  # one alone would be taken for a gap where two are written
# What counts: "one vote" may be a word without its number, where the language has a word for it.
COUNTED = {"n", "num", "tried", "steps"}


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """Every text that is marked in templates, code and browser modules."""
    return messages.extracted()


def singular(message: Message) -> str:
    """A text, of one with a plural its first form."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    """A text's translation, of one with a plural all of them."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def gaps(text: str) -> set[str]:
    """What is filled into a text."""
    return {one or other for one, other in GAP.findall(text)}


def test_the_languages_of_the_game_have_a_catalogue_each() -> None:
    assert set(messages.LANGUAGES) == set(languages.LANGUAGES) - {languages.SOURCE}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_has_every_text_in_use(texts: Catalog, language: str) -> None:
    catalogue = messages.read(language)
    used, kept = ({(singular(one), one.context) for one in some if one.id} for some in (texts, catalogue))
    assert used - kept == set(), "run `make messages`, then translate what came in"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_waits_for_its_translation_and_nothing_was_guessed(language: str) -> None:
    catalogue = messages.read(language)
    assert [one.id for one in catalogue if one.id and not messages.is_translated(one)] == []
    assert [one.id for one in catalogue if one.id and one.fuzzy] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_has_the_gaps_and_marks_of_its_text(language: str) -> None:
    wrong = []
    for message in messages.read(language):
        if not message.id:
            continue
        wrong += [(message.id, str(error)) for error in message.check(None)]
        wanted = set().union(*map(gaps, [message.id] if isinstance(message.id, str) else message.id))
        optional = set() if isinstance(message.id, str) else COUNTED
        for form in forms(message):
            if not wanted - optional <= gaps(form) <= wanted:
                wrong.append((message.id, form))
            for signs in (MARK, PERCENT):
                if Counter(signs.findall(form)) != Counter(signs.findall(singular(message))):
                    wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize(("language", "plurals"), [("de", 2), ("ar", 6)])
def test_a_catalogue_knows_how_its_language_counts(language: str, plurals: int) -> None:
    catalogue = messages.read(language)
    assert catalogue.num_plurals == plurals
    for message in catalogue:
        assert not message.pluralizable or not message.id or len(forms(message)) == plurals, message.id
