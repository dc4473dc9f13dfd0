"""Why an entry has its score: the stroke that matters shows, what is off the sheet does not, and it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from game.extensions import db
from game.judging import INJECTED, JudgeBusy
from game.models import Entry, Explanation, Player
from game.rules import drawing, entries, explanations, prompts, stills, why
from game.rules.views import PromptView
from tests import doodles
from tests.conftest import doodle
from tests.fakes import ColourJudge
from tests.game.rules.test_stills import painting

Json = dict[str, Any]
OFF_THE_SHEET = {"op": "stroke", "color": 2, "pts": [[-3000, -3000, 200, 100], [-2000, -3500, 200, 120]]}


@pytest.fixture
def explain(context: Flask, ann: Player) -> Callable[[PromptView, Json], why.EntryWhy]:
    """Hands in a drawing and asks why it has its score."""

    def ask(prompt: PromptView, drawn: Json) -> why.EntryWhy:
        return why.of_entry(entries.submit(prompt.id, drawing.parse(drawn), ann).id)

    return ask


def by_number(found: why.EntryWhy) -> dict[int, why.Reason]:
    """The reasons by the order of drawing."""
    return {reason.number: reason for reason in found.reasons}


def test_the_stroke_that_matters_shows_and_the_one_that_does_not_belong_too(explain, red_cat) -> None:
    found = explain(red_cat, doodle("red", "blue", 0.6))
    red, blue = by_number(found)[1], by_number(found)[2]
    assert red.added > found.noise
    assert blue.added < -found.noise
    assert red.percentile_without < found.percentile < blue.percentile_without
    assert found.reasons[0] == max(found.reasons, key=lambda reason: abs(reason.added))
    assert found.sentence.startswith("The red")
    assert "blue" in found.sentence


def test_a_stroke_off_the_sheet_did_nothing(explain, red_cat) -> None:
    drawn = doodle("red", "blue")
    drawn["ops"].append(OFF_THE_SHEET)
    reason = by_number(explain(red_cat, drawn))[3]
    assert reason.added == pytest.approx(0, abs=1e-6)
    assert "off the sheet" in reason.words


def test_the_score_told_is_the_entrys_and_the_curve_ends_with_it(explain, red_cat) -> None:
    drawn = doodle("blue", "red")
    found = explain(red_cat, drawn)
    entry = db.session.get_one(Entry, found.entry_id)
    assert found.similarity == pytest.approx(entry.similarity, abs=1e-6)
    assert found.percentile == pytest.approx(entry.percentile)
    assert [stage.ops for stage in found.curve] == [0, 1, 2]
    assert found.curve[-1].similarity == found.similarity > found.curve[1].similarity


def test_a_long_drawing_has_a_curve_of_some_stages(explain, red_cat) -> None:
    many = [{"op": "stroke", "color": 1, "pts": [[100 * i, 900, 200, i]]} for i in range(70)]
    found = explain(red_cat, {**doodle(), "ops": many})
    ops = [stage.ops for stage in found.curve]
    assert ops == sorted(set(ops))
    assert len(ops) == why.STAGES + 1
    assert (ops[0], ops[-1]) == (0, 70)
    assert len(found.reasons) == why.MOST_PARTS
    assert sorted(i for reason in found.reasons if reason.kind != "colour" for i in reason.ops) == list(range(70))


def test_hot_places_are_where_the_asked_for_colour_is(explain, red_cat) -> None:
    heat = explain(red_cat, doodle("red", "blue")).heat
    assert max(heat[1]) > 0 > min(heat[5])


def test_other_prompts_are_named_only_when_they_fit_better(explain, red_cat) -> None:
    prompts.add("a blue whale")
    assert explain(red_cat, doodle("red")).fits_better == []
    worse = explain(red_cat, doodle("blue"))
    assert worse.fits_better[0].text == "a blue whale"
    assert worse.sentence.endswith("all in all it looks more like “a blue whale”.")


def test_reasons_are_worked_out_when_asked_for_and_kept(explain, red_cat, judge, ann) -> None:
    entry = entries.submit(red_cat.id, drawing.parse(doodle("red", "blue")), ann)
    assert db.session.get(Explanation, entry.id) is None, "never in the way of the score"
    looks = judge.looks
    first = why.of_entry(entry.id)
    assert judge.looks > looks
    looks = judge.looks
    assert why.of_entry(entry.id) == first
    assert judge.looks == looks


def test_another_judge_or_text_makes_them_void(explain, context, red_cat) -> None:
    found = explain(red_cat, doodle("red", "blue", 0.6))
    prompts.update(red_cat.id, text="a blue cat")
    reworded = why.of_entry(found.entry_id)
    assert reworded.text == "a blue cat"
    assert by_number(reworded)[1].added < 0 < by_number(reworded)[2].added
    other = ColourJudge("fake:other")
    context.extensions[INJECTED] = other
    entry = db.session.get_one(Entry, found.entry_id)
    entry.judge = other.spec
    db.session.commit()
    assert why.of_entry(found.entry_id).judge == "fake:other"
    assert other.looks > 0
    assert db.session.get_one(Explanation, found.entry_id).judge == "fake:other"


def test_a_picture_without_strokes_has_places_only(explain, red_cat) -> None:
    found = explain(red_cat, doodle("red", "blue"))
    entry = db.session.get_one(Entry, found.entry_id)
    entry.drawing = None
    db.session.commit()
    bare = why.of_entry(found.entry_id)
    assert bare.reasons == bare.curve == []
    assert bare.similarity == pytest.approx(found.similarity, abs=1e-3)
    assert bare.sentence.startswith("What is at the top")


def test_the_curve_of_a_painting_follows_its_stills(red_cat, context) -> None:
    painted = painting(red_cat, [(10, "white"), (20, "blue"), (40, "red")], "red")
    found = why.of_entry(painted.id)
    assert [stage.ops for stage in found.curve] == [1, 2, 3, 4]
    assert [still.step for still in stills.of_entry(painted).items] == [10, 20, 40, 60]
    similarities = [stage.similarity for stage in found.curve]
    assert similarities[2] == similarities[3] == found.similarity > similarities[1]
    assert found.reasons == []


def test_whoever_waits_too_long_is_told_when_to_come_back(explain, red_cat, ann, monkeypatch) -> None:
    monkeypatch.setattr(explanations, "PATIENCE", 0.01)
    entry = entries.submit(red_cat.id, drawing.parse(doodle("red")), ann)
    with explanations._desk, pytest.raises(JudgeBusy) as busy:
        why.of_entry(entry.id)
    assert busy.value.retry_after
    assert why.of_entry(entry.id).entry_id == entry.id, "and nothing is broken afterwards"


def test_the_embedded_judge_knows_the_parts_of_real_doodles(context, ann) -> None:
    del context.extensions[INJECTED]
    prompt = prompts.add("a house")
    entry = entries.submit(prompt.id, drawing.parse(doodles.drawing("house")), ann)
    found = why.of_entry(entry.id)
    most = max((reason for reason in found.reasons if reason.kind != "colour"), key=lambda reason: reason.added)
    assert most.added > found.noise
    assert set(most.ops) <= {0, 1, 2, 3, 4, 5}, "walls, roof and door, not windows nor the door's knob"
    knob = next(reason for reason in found.reasons if reason.ops == [6])
    assert abs(knob.added) < most.added / 2
    assert found.curve[-1].percentile > found.curve[0].percentile
