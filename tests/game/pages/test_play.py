"""The home page and the walls."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from game import judging
from game.rules import prompts
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor
from tests.game.pages.test_entries import Contrary

Hang = Callable[..., EntryView]


def test_home_explains_the_game_and_invites_to_the_first_drawing(visitor: Visitor, prompt_id: str) -> None:
    page = visitor.sees("/")
    assert "One judge ranks them all" in page
    assert f'href="/prompts/{prompt_id}/draw"' in page
    assert "No person yet." in page


def test_home_shows_the_best_of_a_prompt(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    hung = hang(prompt_id, "cat", "Ada")
    page = visitor.sees("/?sort=popular")
    assert f"/api/v1/entries/{hung.id}/picture.png" in page
    assert "Ada" in page


def test_home_goes_on_by_a_plain_link(visitor: Visitor) -> None:
    first = visitor.sees("/")
    more = first.split('id="more"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    second = visitor.sees(more)
    assert set(prompt_links(first)).isdisjoint(prompt_links(second))


def prompt_links(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('<h3><a href="')[1:]]


def test_a_piece_of_a_page_comes_without_its_frame(visitor: Visitor) -> None:
    answer = visitor.client.get("/", headers={"X-Fragment": "1"})
    assert answer.headers["X-Fragment"] == "last"
    assert "<html" not in answer.text
    assert 'class="duel"' in answer.text


def test_an_empty_wall_is_an_invitation(visitor: Visitor, prompt_id: str) -> None:
    assert "rank 1 of 1" in visitor.sees(f"/prompts/{prompt_id}")
    assert "No machine has painted this yet" in visitor.sees(f"/prompts/{prompt_id}?kind=ai")


def test_a_wall_shows_people_and_names_them(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    hang(prompt_id, "cat", "Ada")
    hang(prompt_id, "house")
    page = visitor.sees(f"/prompts/{prompt_id}?kind=human")
    assert page.count('class="hung ') + page.count('class="hung"') >= 2
    assert page.count("<span>Person</span>") == 2
    assert "Nameless" in page


def test_equal_drawings_are_shown_as_a_tie(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    hang(prompt_id, "cat", "Ada")
    hang(prompt_id, "cat", "Bob")
    assert visitor.sees(f"/prompts/{prompt_id}").count("tied") == 2


def test_hostile_names_and_prompts_are_shown_as_text(app: Flask, visitor: Visitor, hang: Hang) -> None:
    with app.app_context():
        prompt = prompts.add('<img src=x onerror="alert(1)">')
    entry = hang(prompt.id, "cat", "<script>alert(2)</script>")
    for address in (
        "/",
        f"/prompts/{prompt.id}",
        f"/entries/{entry.id}",
        f"/entries/{entry.id}/verdict",
        f"/players/{entry.player['id']}",
    ):
        page = visitor.sees(address)
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;" in page


def test_a_closed_prompt_keeps_its_wall_and_offers_no_canvas(app: Flask, visitor: Visitor, prompt_id: str) -> None:
    with app.app_context():
        prompts.update(prompt_id, state="closed")
    page = visitor.sees(f"/prompts/{prompt_id}")
    assert "closed for drawing" in page
    assert "/draw" not in page
    assert visitor.client.get(f"/prompts/{prompt_id}/draw").location == f"/prompts/{prompt_id}"


def test_some_open_prompt_is_found(visitor: Visitor) -> None:
    assert visitor.client.get("/prompts/random").location.endswith("/draw")


def test_with_no_prompt_open_the_judge_sleeps(app: Flask, visitor: Visitor) -> None:
    with app.app_context():
        for prompt in prompts.listing("new", None, 200).items:
            prompts.update(prompt.id, state="closed")
    assert "The judge is asleep" in visitor.sees("/")
    assert visitor.client.get("/prompts/random").location == "/"


def test_unknown_places_are_said_to_be_empty(visitor: Visitor) -> None:
    for address in (
        "/prompts/nosuch",
        "/prompts/nosuch/draw",
        "/entries/nosuch",
        "/entries/nosuch/verdict",
        "/players/nosuch",
        "/captions/nosuch",
        "/nosuch",
    ):
        assert "Nothing hangs here" in visitor.sees(address, 404)


def test_you_find_yourself_even_where_the_wall_goes_on(
    app: Flask, visitor: Visitor, prompt_id: str, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.pages.play.ENTRIES", 1)
    others = [hang(prompt_id, word) for word in ("cat", "house")]
    last = min(others, key=lambda entry: entry.similarity)
    with visitor.client.session_transaction() as session:
        session["player"] = last.player["id"]
    first = visitor.sees(f"/prompts/{prompt_id}")
    assert f'href="/entries/{last.id}/verdict">You are 2nd of 2' in first
    rest = visitor.sees(first.split('id="more"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&"))
    assert '<strong class="you">you</strong>' in rest
    assert f'href="#entry-{last.id}">You are 2nd of 2' in rest


def test_a_wall_goes_by_either_judge(
    app: Flask, visitor: Visitor, prompt_id: str, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = hang(prompt_id, "cat", "Ada")
    assert "By the second judge" not in visitor.sees(f"/prompts/{prompt_id}")
    assert "fake:contrary" not in visitor.sees(f"/prompts/{prompt_id}?judge=second")
    app.extensions[judging.INJECTED_SECOND] = Contrary()
    for word in ("house", "key", "tree"):
        hang(prompt_id, word)
    page = visitor.sees(f"/prompts/{prompt_id}?judge=second")
    assert "1 entry has not been before fake:contrary yet and waits" in page, page.split("<main")[1][:3000]
    assert f'id="entry-{early.id}"' not in page
    order = re.findall(r'id="entry-(\w+)"', page)
    by_main = re.findall(r'id="entry-(\w+)"', visitor.sees(f"/prompts/{prompt_id}"))
    assert order == [entry for entry in reversed(by_main) if entry != early.id]
    assert f'href="/prompts/{prompt_id}?kind=human&amp;judge=second"' in page
    monkeypatch.setattr("game.pages.play.ENTRIES", 2)
    first = visitor.sees(f"/prompts/{prompt_id}?judge=second")
    rest = visitor.sees(first.split('id="more"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&"))
    assert re.findall(r'id="entry-(\w+)"', rest) == order[2:]
