"""How a painting came about: which of its run's looks are told, and where they are."""

import pytest
from PIL import Image

from game import storage
from game.extensions import db
from game.models import Entry, RunEvent
from game.rules import entries, paintings, players, prompts, stills
from game.rules.refusals import Missing
from game.rules.views import PromptView
from tests.fakes import COLOURS
from tests.game.rules import rows


def plain(colour: str, side: int) -> str:
    """An object of the store: a picture of one colour."""
    return storage.put(storage.png(Image.new("RGB", (side, side), COLOURS.get(colour, colour))), ".png")


def painting(prompt: PromptView, kept: list[tuple[int, str]], colour: str, steps: int = 60) -> Entry:
    """Hangs a painting whose run kept looks of plain colours after some steps."""
    machine = players.machine("pixels")
    run = rows.run(prompt, machine, prior="pixels", steps=steps)
    for step, look in kept:
        data = {"step": step, "preview": f"/{step}", "object": plain(look, 32)}
        db.session.add(RunEvent(run_id=run.id, kind="preview", data=data))
    db.session.commit()
    return entries.row(paintings.hand_in(prompt.id, plain(colour, paintings.SIDE), machine, run.id).id)


@pytest.fixture
def prompt(context) -> PromptView:
    return prompts.add("a red cat")


def test_stills_are_told_in_order_and_the_finished_picture_ends_them(prompt) -> None:
    entry = painting(prompt, [(10, "white"), (40, "blue"), (60, "red")], "red")
    told = stills.of_entry(entry)
    assert [still.step for still in told.items] == [10, 40, 60]
    assert told.steps == 60
    assert told.items[1].picture == f"/api/v1/entries/{entry.id}/stills/40.png"
    assert told.items[2].picture == f"/api/v1/entries/{entry.id}/picture.png?size=512"
    assert storage.picture(stills.look(entry, 40)).getpixel((1, 1)) == COLOURS["blue"]
    assert stills.look(entry, 60) == entry.picture


def test_of_a_long_run_some_are_told_from_the_first_on(prompt) -> None:
    entry = painting(prompt, [(step, "white") for step in range(1, 101)], "red", steps=200)
    steps = [still.step for still in stills.of_entry(entry).items]
    assert len(steps) == stills.MOST
    assert (steps[0], steps[-2], steps[-1]) == (1, 100, 200)
    assert steps == sorted(set(steps))


def test_a_step_that_is_not_told_of_is_missing(prompt) -> None:
    entry = painting(prompt, [(10, "white")], "red")
    with pytest.raises(Missing):
        stills.look(entry, 11)


def test_a_drawing_and_a_painting_of_which_nothing_was_kept_have_none(prompt) -> None:
    bare = painting(prompt, [], "red")
    with pytest.raises(Missing):
        stills.of_entry(bare)
    drawn = painting(prompt, [(10, "white")], "red")
    drawn.drawing = "a.json.gz"
    with pytest.raises(Missing):
        stills.of_entry(drawn)
    assert stills.any_of(drawn.run_id)
    assert not stills.any_of(bare.run_id)


def test_who_may_see_the_picture_may_see_how_it_came_about(prompt, client) -> None:
    entry = painting(prompt, [(10, "white")], "red")
    told = client.get(f"/api/v1/entries/{entry.id}/stills").get_json()
    assert [still["step"] for still in told["items"]] == [10, 60]
    answer = client.get(told["items"][0]["picture"])
    assert answer.mimetype == "image/png"
    assert "public" in answer.headers["Cache-Control"]
    page = client.get(f"/entries/{entry.id}").text
    assert f'data-replay="/api/v1/entries/{entry.id}/stills" data-painted' in page
    entry.state = "hidden"
    db.session.commit()
    for address in (f"/api/v1/entries/{entry.id}/stills", told["items"][0]["picture"]):
        assert client.get(address).status_code == 404
