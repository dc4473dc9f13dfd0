"""How a machine would begin: whose drawing is the example, and how much of it is shown."""

import pytest

from game.extensions import db
from game.models import Entry
from game.rules import beginnings, drawing, entries, players, prompts, raster
from game.rules.refusals import Missing
from tests.conftest import doodle
from tests.game.rules import rows


@pytest.fixture
def machine(context):
    return players.machine("strokes")


def strokes(*colours):
    """A drawing of one stroke in each colour, one after and below the other."""
    ops = []
    for place, colour in enumerate(colours):
        (op,) = doodle(colour)["ops"]
        pts = [[x, y - 1000 + 900 * place, r, t + 100 * place] for x, y, r, t in op["pts"]]
        ops.append({**op, "pts": pts})
    return drawing.parse({**doodle(), "ops": ops})


def test_the_first_third_of_the_strokes_is_shown(machine):
    whole = strokes("red", "green", "blue", "red", "green", "blue")
    hung = entries.submit(prompts.add("a red fence").id, whole, machine)
    shown = beginnings.picture(db.session.get_one(Entry, hung.id))
    assert shown.tobytes() == raster.picture(strokes("red", "green")).tobytes()


def test_the_best_machine_under_the_prompt_is_the_example(machine):
    prompt = prompts.add("a red fence").id
    rows.hang(prompt, machine, 0.2, drawing="a.json.gz")
    best = rows.hang(prompt, machine, 0.6, drawing="b.json.gz")
    rows.hang(prompt, machine, 0.9)  # a painting, without strokes
    rows.hang(prompt, players.anonymous()[0], 0.8, drawing="c.json.gz")
    found = beginnings.of_prompt(prompt)
    assert (found.entry.id, found.own) == (best.id, True)


def test_where_no_machine_has_drawn_another_prompt_lends_one(machine):
    other = rows.hang(prompts.add("a green fence").id, machine, 0.2, drawing="a.json.gz")
    found = beginnings.of_prompt(prompts.add("a red fence").id)
    assert (found.entry.id, found.own) == (other.id, False)


def test_before_any_machine_has_drawn_there_is_none(machine):
    prompt = prompts.add("a red fence").id
    rows.hang(prompt, machine, 0.9)
    rows.hang(prompt, machine, 0.9, drawing="a.json.gz", state="held")
    assert beginnings.of_prompt(prompt) is None


def test_a_painting_has_no_beginning(machine):
    painting = rows.hang(prompts.add("a red fence").id, machine, 0.2)
    with pytest.raises(Missing):
        beginnings.picture(painting)
