"""The lessons that only look: the list of them, search, the map and the angle."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from flask import Flask

from game import judging
from game.rules.views import EntryView
from tests.game.pages.conftest import QuickJudge, Visitor

Hang = Callable[..., EntryView]


class Away(QuickJudge):
    """A judge that does not answer."""

    def embed_texts(self, texts: object) -> object:
        raise judging.JudgeAway("nobody there", 5)


@pytest.fixture
def away(app: Flask) -> None:
    """The judge leaves."""
    app.extensions[judging.INJECTED] = Away()


def test_every_lesson_is_listed_and_leads_to_the_next(visitor: Visitor) -> None:
    links = re.findall(r'<h2><a href="(/explore/\w+)"', visitor.sees("/explore"))
    assert len(links) == len(set(links)) > 2
    for here, following in pairwise(links):
        assert f'<a href="{following}"' in visitor.sees(here).split("lesson-foot")[1]


def test_the_lessons_are_in_the_navigation(visitor: Visitor) -> None:
    assert 'href="/explore"' in visitor.sees("/").split("<main")[0]


def test_search_hangs_what_is_nearest_by_a_plain_form(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    assert 'name="q"' in visitor.sees("/explore/search")
    page = visitor.sees("/explore/search?q=anything+%3Cb%3E")
    assert f'href="/entries/{entry.id}"' in page
    assert "Nearest to “anything &lt;b&gt;”" in page


def test_search_says_what_is_too_long_and_keeps_it(visitor: Visitor) -> None:
    page = visitor.sees("/explore/search?q=" + "long+" * 80, 422)
    assert "at most 300 characters" in page
    assert 'value="long long' in page


@pytest.mark.usefixtures("away")
def test_search_without_a_judge_is_told_kindly_and_keeps_the_words(visitor: Visitor) -> None:
    page = visitor.sees("/explore/search?q=a+red+bus", 503)
    assert "The judge cannot be reached at the moment" in page
    assert 'value="a red bus"' in page


def test_the_map_hangs_every_drawing_once_and_has_a_table(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entries = [hang(prompt_id, word) for word in ("cat", "house", "duck")]
    page = visitor.sees(f"/explore/map?prompt={prompt_id}")
    drawing, table = page.split("<details")
    for entry in entries:
        assert drawing.count(f'href="/entries/{entry.id}"') == 1
        assert table.count(f'href="/entries/{entry.id}"') == 1
    assert "The yellow arrow points" in page


def test_a_prompt_with_too_few_drawings_has_no_map_and_invites(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    hang(prompt_id, "cat")
    page = visitor.sees(f"/explore/map?prompt={prompt_id}")
    assert "A map takes 3 drawings" in page
    assert f'href="/prompts/{prompt_id}/draw"' in page
    visitor.sees("/explore/map?prompt=nosuch", 404)


@pytest.mark.usefixtures("away")
def test_a_map_needs_the_judge_for_its_arrow_only(app: Flask, visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    app.extensions[judging.INJECTED] = QuickJudge()
    for word in ("cat", "house", "duck"):
        hang(prompt_id, word)
    app.extensions[judging.INJECTED] = Away()
    page = visitor.sees(f"/explore/map?prompt={prompt_id}")
    assert 'class="map-sheet"' in page
    assert "The yellow arrow points" not in page


@pytest.mark.parametrize(
    ("asked", "angle", "cosine"),
    [("", 50, "0.643"), ("?a=0&b=90", 90, "0.000"), ("?a=350&b=170", 180, "−1.000"), ("?a=nan&b=<", 50, "0.643")],
)
def test_the_angle_is_drawn_by_the_server(visitor: Visitor, asked: str, angle: int, cosine: str) -> None:
    page = visitor.sees("/explore/angle" + asked)
    assert f"<span data-angle-shown>{angle}</span>" in page
    assert f"data-cosine-shown>{cosine}<" in page
