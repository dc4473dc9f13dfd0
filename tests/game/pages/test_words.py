"""The words of the browser's modules: each language has a module of its own, English costs nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from game.languages import LANGUAGES
from game.pages.words import REFUSALS, mark
from scripts.messages import extracted

ROOT = Path(__file__).resolve().parents[3]
GERMAN = {"Accept-Language": "de"}
MARKS = ["ume0m", "rw452", "8kjqp", "dd8ki"]
MODULES = sorted(path for path in (ROOT / "static").rglob("*.js"))
SAID = re.compile(r'\b(?:say|several)\(\s*("(?:[^"\\]|\\.)*")')
# A sentence, or some words of which the first is capital: what people read. Keys, headers and addresses are none of it.
SENTENCE = re.compile(r'(?<![\w.])"((?:[A-Z][a-z]+|A) [^"\\<>=/]*|[A-Z][a-z]+[^"\\]*[.?])"')


def address(page: str) -> str | None:
    """Where a page's words come from."""
    found = re.search(r'src="(/words/[^"]+)"', page)
    return found and found[1]


def test_a_page_in_english_asks_for_no_words(client: FlaskClient) -> None:
    assert address(client.get("/about").text) is None


def test_a_german_page_runs_its_words_before_every_other_module(client: FlaskClient) -> None:
    page = client.get("/about", headers=GERMAN).text
    where = address(page)
    assert where is not None
    assert page.index(where) == page.index('<script type="module" src="') + len('<script type="module" src="')
    answer = client.get(where)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    learnt = re.fullmatch(r'import { learn } from "(/static/\S+/words\.js)";\nlearn\("de", ({.*})\);\n', answer.text)
    assert learnt
    assert learnt[1] in page, "the module that is taught must be the one that the page's modules ask"
    texts = json.loads(learnt[2])
    assert texts[mark("Pen down.")] == "Stift unten."
    assert len(texts[mark("{n} strokes")]) == 2
    assert all(mark(refusal) in texts for refusal in REFUSALS), "the API refuses in English"


def test_an_outdated_address_still_answers_but_is_not_kept(client: FlaskClient) -> None:
    assert client.get("/words/0123456789ab/all-ar.js").headers["Cache-Control"] == "no-cache"
    assert client.get("/words/0123456789ab/all-xx.js").status_code == 404
    assert client.get("/words/0123456789ab/some-ar.js").status_code == 404


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_the_draw_page_gets_its_own_words_alone_and_they_are_few(client: FlaskClient, language: str) -> None:
    where = f"/words/0123456789ab/draw-{language}.js"
    packed = client.get(where, headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < 3000
    plain = client.get(where, headers={"Accept-Encoding": "identity"}).text
    assert brotli.decompress(packed.data).decode() == plain
    room = client.get(f"/words/0123456789ab/room-{language}.js").text
    everything = client.get(f"/words/0123456789ab/all-{language}.js").text
    time_is_up, replayed = f'"{mark("Time is up")}":', f'"{mark("Watch it being drawn")}":'
    assert [time_is_up in text for text in (plain, room, everything)] == [False, True, True]
    assert [replayed in text for text in (plain, room, everything)] == [False, False, True]


def test_no_two_texts_have_the_same_mark() -> None:
    ids = [message.id if isinstance(message.id, str) else message.id[1] for message in extracted() if message.id]
    assert len({mark(each) for each in ids}) == len(set(ids))
    assert [mark(text) for text in ("Pen down.", "{n} strokes", ", ", "Größe ←")] == MARKS, "as tests/js/words.test.mjs"


def test_every_text_that_a_module_says_is_in_the_catalogues() -> None:
    ids = [message.id for message in extracted()]
    known = {each for one in ids for each in ([one] if isinstance(one, str) else one)}
    said = {json.loads(text) for path in MODULES for text in SAID.findall(path.read_text())}
    assert len(said) > 100
    assert said <= known


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT / "static").as_posix())
def test_no_module_has_a_sentence_that_nobody_can_translate(path: Path) -> None:
    code = "\n".join(line.split("//")[0] if "://" not in line else line for line in path.read_text().splitlines())
    bare = re.sub(r'\b(?:say|several|warn)\((?:\s*"(?:[^"\\]|\\.)*",?)+', "", code)
    assert SENTENCE.findall(bare) == []
