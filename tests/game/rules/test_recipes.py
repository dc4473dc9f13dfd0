"""What makes a machine's picture good, and how similarity grows with steps."""

import pytest

from game.rules import climbs, prompts, recipes
from tests.game.rules.rows import hang, run, tell


def paint(prompt, machine, similarity, **settings):
    return hang(prompt, machine, similarity, run_id=run(prompt, machine, **settings).id)


def test_options_are_compared_within_prompts(context, machine):
    hard, easy = prompts.add("a red cat"), prompts.add("a red dog")
    paint(hard, machine, 0.2, prior="strokes")
    paint(hard, machine, 0.1, prior="siren")
    for value in (0.8, 0.7, 0.9):  # an easy prompt that the other one never saw
        paint(easy, machine, value, prior="siren")
    found = recipes.options("prior", recipes.batches())
    assert [(one.option, one.pictures, one.prompts, one.compared) for one in found] == [
        ("strokes", 1, 1, 1), ("siren", 4, 2, 1)
    ]  # fmt: skip
    assert [one.ahead for one in found] == [pytest.approx(0.1), pytest.approx(-0.1)]
    assert found[1].similarity == pytest.approx(0.625)
    assert found[0].ahead_low is None, "one prompt is too few for an interval"


def test_six_prompts_give_an_interval(context, machine):
    for i in range(6):
        prompt = prompts.add(f"{i} red cats")
        paint(prompt, machine, 0.3 + 0.01 * i, start="noise")
        paint(prompt, machine, 0.1, start={"format": 1, "size": 512, "ops": []})
        paint(prompt, machine, 0.2, start="data:image/png;base64,AAAA")
    best, picture, drawing = recipes.options("start", recipes.batches())
    assert (best.option, picture.option, drawing.option) == ("noise", "a picture", "a drawing")
    assert 0 < best.ahead_low < best.ahead < best.ahead_high
    assert drawing.ahead_high < 0


def test_an_option_that_met_no_other_stands_last_without_a_lead(context, machine):
    paint(prompts.add("a red cat"), machine, 0.9, size=64)
    assert [(one.option, one.ahead, one.compared) for one in recipes.options("sizes", recipes.batches())] == [
        ("64 px", None, 0)
    ]  # fmt: skip


def test_hidden_pictures_and_those_of_people_or_other_judges_do_not_count(context, ann, machine, red_cat):
    paint(red_cat, machine, 0.9, steps=100)
    hang(red_cat, machine, 0.9, state="hidden", run_id=run(red_cat, machine).id)
    hang(red_cat, machine, 0.9, judge="another", run_id=run(red_cat, machine).id)
    hang(red_cat, ann, 0.9)
    assert [(one.option, one.pictures) for one in recipes.options("steps", recipes.batches())] == [("100", 1)]


@pytest.mark.parametrize(
    ("size", "sizes", "words"),
    [
        (128, [], "128 px"),
        (128, [[100, 256]], "128 → 256 px"),
        (128, [[0, 64], [100, 128], [200, 128]], "64 → 128 px"),
        (64, [[50, 128], [90, 64]], "64 → 128 → 64 px"),
    ],
)
def test_a_schedule_in_words(size, sizes, words):
    assert recipes.schedule(size, sizes) == words


def test_similarity_is_told_at_round_steps_as_a_mean_over_runs(context, machine, red_cat):
    tell(run(red_cat, machine, steps=20), (1, 0.1), (3, 0.3), (20, 0.5))
    tell(run(red_cat, machine, steps=5), (1, 0.2), (5, 0.4), (5, 0.4))
    tell(run(red_cat, machine, "failed"), (1, 0.9), (5, 0.9))
    tell(run(red_cat, machine), (0, None), (1, 0.7))  # tells nothing about growth
    found = climbs.climbs()
    assert {(one.prior, one.guide) for one in found} == {("strokes", "fake:guide")}
    assert [(one.step, one.runs) for one in found] == [(1, 2), (2, 2), (5, 2), (10, 1), (20, 1)]
    assert [one.similarity for one in found][:2] == [pytest.approx(0.15), pytest.approx((0.2 + 0.25) / 2)]
    assert found[-1].similarity == pytest.approx(0.5)


def test_runs_with_different_guides_make_different_lines(context, machine, red_cat):
    for guide in ("one", "other"):
        tell(run(red_cat, machine, guide=guide), (1, 0.1), (10, 0.2))
    assert {one.guide for one in climbs.climbs()} == {"one", "other"}


def test_nothing_painted_is_nothing_told(context):
    assert climbs.climbs() == []
    assert recipes.options("prior", recipes.batches()) == []
