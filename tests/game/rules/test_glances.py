"""A glance tells what handing in would tell, and leaves nothing behind."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from game.extensions import db
from game.judging import JudgeBusy
from game.models import Entry, Player
from game.rules import drawing, glances, prompts
from game.rules.drawing import DrawingError
from game.rules.refusals import Conflict, Missing
from game.rules.views import EntryView, PromptView
from tests.conftest import doodle
from tests.fakes import ColourJudge


def test_a_glance_tells_what_handing_in_would(
    red_cat: PromptView, ann: Player, enter: Callable[..., EntryView]
) -> None:
    seen = glances.glance(red_cat.id, drawing.parse(doodle("red", "blue")))
    entry = enter(red_cat, ann, "red", "blue")
    assert (seen.judge, seen.similarity, seen.percentile) == (entry.judge, entry.similarity, entry.percentile)


def test_a_glance_leaves_nothing_behind(red_cat: PromptView) -> None:
    glances.glance(red_cat.id, drawing.parse(doodle()))
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0
    assert prompts.get(red_cat.id).entries == 0


def test_a_blank_sheet_and_a_prompt_that_takes_nothing_are_refused(red_cat: PromptView, judge: ColourJudge) -> None:
    blank = {**doodle(), "ops": []}
    with pytest.raises(DrawingError):
        glances.glance(red_cat.id, drawing.parse(blank))
    with pytest.raises(Missing):
        glances.glance("nothing", drawing.parse(doodle()))
    prompts.update(red_cat.id, state="closed")
    with pytest.raises(Conflict):
        glances.glance(red_cat.id, drawing.parse(doodle()))
    assert judge.looks == 0


def test_nobody_waits_for_a_glance(red_cat: PromptView, judge: ColourJudge) -> None:
    with glances._desk, glances._desk, pytest.raises(JudgeBusy) as refused:
        glances.glance(red_cat.id, drawing.parse(doodle()))
    assert refused.value.retry_after == glances.COME_BACK
    assert judge.looks == 0
    assert glances.glance(red_cat.id, drawing.parse(doodle())).similarity > 0, "the desk is free again"


def test_a_glance_that_fails_frees_the_desk(red_cat: PromptView) -> None:
    for _ in range(glances.AT_ONCE + 1):
        with pytest.raises(DrawingError):
            glances.glance(red_cat.id, drawing.parse({**doodle(), "ops": []}))
