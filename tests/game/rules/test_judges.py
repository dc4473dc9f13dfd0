"""Who judges a board, and what was scored before."""

import pytest

from game.judging import INJECTED_SECOND
from game.rules import captions, judges, moderation, rejudging
from game.rules.refusals import Missing
from tests.fakes import ColourJudge


def test_a_board_says_who_judged_it_again_and_after_whom(context, red_cat, ann, enter, judge):
    enter(red_cat, ann, "red")
    before = judges.of_board(red_cat.id)
    assert (before.main.judge, before.main.entries, before.main.waiting, before.main.rejudged) == (
        "fake:colours", 1, 0, None,
    )  # fmt: skip
    assert before.second is None
    rejudging.rejudge(ColourJudge("fake:other"))
    assert (judges.of_board(red_cat.id).main.entries, judges.of_board(red_cat.id).main.waiting) == (0, 1)
    judge.spec = "fake:other"
    after = judges.of_board(red_cat.id).main
    assert (after.judge, after.entries, after.waiting, after.rejudged.former) == ("fake:other", 1, 0, "fake:colours")
    rejudging.rejudge(judge, anew=True)
    assert judges.of_board(red_cat.id).main.rejudged.former == "fake:other"


def test_the_second_judges_board_says_what_waits_for_it(context, red_cat, ann, enter):
    enter(red_cat, ann, "red")
    moderation.decide(enter(red_cat, ann, "blue").id, "hidden", "", None)
    second = context.extensions[INJECTED_SECOND] = ColourJudge("fake:second")
    seat = judges.of_board(red_cat.id).second
    assert (seat.judge, seat.entries, seat.waiting) == ("fake:second", 0, 1)
    rejudging.give_second(second)
    seat = judges.of_board(red_cat.id).second
    assert (seat.entries, seat.waiting, seat.rejudged) == (1, 0, None)


def test_past_scores_are_told_the_latest_first(context, red_cat, ann, enter):
    view = enter(red_cat, ann, "red")
    caption = captions.submit(view.id, "red", ann)
    assert judges.past_scores(view.id) == []
    rejudging.rejudge(ColourJudge("fake:other"))
    rejudging.rejudge(ColourJudge("fake:third"))
    told = judges.past_scores(view.id)
    assert [(past.role, past.judge, past.replaced_by) for past in told] == [
        ("caption", "fake:other", "fake:third"), ("main", "fake:other", "fake:third"),
        ("caption", "fake:colours", "fake:other"), ("main", "fake:colours", "fake:other"),
    ]  # fmt: skip
    assert told[0].caption_id == caption.id
    assert told[-1].similarity == view.similarity
    with pytest.raises(Missing):
        judges.of_board("nosuch")
