"""A visitor's first minute: what is being painted while nothing hangs, and the tour."""

from collections.abc import Callable

import pytest
from flask import Flask

from game import engine, storage
from game.extensions import db
from game.models import Run
from game.rules import drawing, entries, first_entries, players, prompts
from game.rules.views import EntryView
from game.settings import load
from tests import doodles
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]
PIECE = {"X-Fragment": "1"}


@pytest.fixture
def lively(app: Flask) -> None:
    """Machines begin by themselves, as they do where nobody has turned it off."""
    app.config["PAINTOFF"] = load({"DATA": app.config["PAINTOFF"].data, "FIRST_ENTRIES": "on"})


@pytest.fixture
def painted(app: Flask, lively: None) -> Run:
    """The first run, under way."""
    with app.app_context():
        engine.migrate()
        first_entries.queue_next()
        run = db.session.get_one(Run, first_entries.IDS[0])
        run.state, run.step, run.preview = "running", 60, storage.put(b"looks like this", ".png")
        db.session.commit()
        assert run.prompt.text
        return run


def test_bare_walls_say_that_a_machine_gets_ready(visitor: Visitor, lively: None) -> None:
    page = visitor.sees("/")
    assert "unpacking its brushes" in page
    assert 'data-get="/opening"' in page


def test_where_it_is_turned_off_nothing_is_promised(visitor: Visitor) -> None:
    assert "data-every" not in visitor.sees("/")


def test_home_says_what_is_being_painted_and_shows_it(visitor: Visitor, painted: Run) -> None:
    page = visitor.sees("/")
    assert "Being painted right now" in page
    assert painted.prompt.text in page.split("Being painted right now")[1]
    assert f'<progress class="opening-progress" max="{first_entries.STEPS}" value="60"' in page
    answer = visitor.client.get("/opening.png?v=1")
    assert answer.data == b"looks like this"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_first_picture_comes_without_a_reload(visitor: Visitor, painted: Run, hang: Hang) -> None:
    before = visitor.client.get("/opening", headers=PIECE)
    assert before.headers["X-Fragment"] == "more"
    hung = hang(painted.prompt_id, "cat", "Ada")
    after = visitor.client.get("/opening", headers=PIECE)
    assert after.headers["X-Fragment"] == "last"
    assert f"/entries/{hung.id}" in after.text
    assert "Being painted" not in visitor.sees("/")


def test_the_piece_alone_is_no_page(visitor: Visitor) -> None:
    answer = visitor.client.get("/opening")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_new_visitor_is_shown_around_until_they_put_it_away(visitor: Visitor) -> None:
    page = visitor.sees("/")
    assert 'id="tour"' in page
    steps = page.split('class="tour-steps"')[1].split("</ol>")[0]
    assert 1 <= steps.count("<li>") <= 4, "at most four, all readable without JavaScript"
    answer = visitor.sends("/", "/tour")
    assert answer.headers["Location"] == "/"
    assert 'id="tour"' not in visitor.sees("/")


def test_the_tour_comes_back_from_the_page_about_the_judge(visitor: Visitor) -> None:
    visitor.sends("/", "/tour")
    assert "/?tour=again#tour" in visitor.sees("/about")
    assert 'id="tour"' in visitor.sees("/?tour=again")


def test_who_has_played_is_not_taken_for_new(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    hung = hang(prompt_id, "cat")
    assert visitor.sends(f"/entries/{hung.id}", f"/entries/{hung.id}/report", reason="no").status_code == 303
    assert 'id="tour"' not in visitor.sees("/")


def test_a_sheet_and_a_bare_wall_offer_a_machines_beginning_marked_as_such(
    visitor: Visitor, prompt_id: str, app: Flask
) -> None:
    assert "How a machine would begin" not in visitor.sees(f"/prompts/{prompt_id}/draw")
    with app.app_context():
        other = prompts.listing("new", None, 2).items[1].id
        drawn = drawing.parse(doodles.drawing("cat"))
        hung = entries.submit(other, drawn, players.machine("strokes"))
    for page in (f"/prompts/{prompt_id}/draw", f"/prompts/{prompt_id}", f"/prompts/{other}/draw"):
        seen = visitor.sees(page)
        assert f"/api/v1/entries/{hung.id}/beginning.png" in seen
        assert "Example by a machine" in seen
    assert "No machine has drawn this yet" in visitor.sees(f"/prompts/{prompt_id}/draw")
    assert "for this prompt" in visitor.sees(f"/prompts/{other}/draw")
    assert "beginning.png" not in visitor.sees(f"/prompts/{other}"), "a wall that is not bare needs no example"
    picture = visitor.client.get(f"/api/v1/entries/{hung.id}/beginning.png")
    assert picture.mimetype == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]
