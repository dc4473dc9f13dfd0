"""What a machine's picture declares."""

import pytest

from game.extensions import db
from game.models import Run, RunOrder
from game.rules import attempts, declared, players, prompts


@pytest.fixture
def made(context):
    """Makes runs for one prompt."""
    prompt, machine = prompts.add("a red cat"), players.machine("pixels")

    def make(state="done", similarity=None, **values):
        settings = {"prior": "pixels", "candidates": 4, **values.pop("settings", {})}
        percentile = None if similarity is None else 50.0
        run = Run(prompt_id=prompt.id, player_id=machine.id, settings=settings, state=state, similarity=similarity,
                  percentile=percentile, **values)  # fmt: skip
        db.session.add(run)
        db.session.commit()
        return run

    return make


def test_a_picture_says_how_many_runs_there_were_and_where_it_stands(made):
    best, second, worst = (made(similarity=value) for value in (0.5, 0.4, 0.3))
    made("failed")
    made("running", similarity=0.9)
    made("paused")
    told = declared.of(second.id)
    assert (told.runs, told.done, told.open, told.place, told.candidates) == (6, 3, 2, 2, 4)
    assert [declared.of(run.id).place for run in (best, worst)] == [1, 3]
    assert declared.of("nothing") is None


def test_what_a_person_did_to_it_is_declared_once_it_took_effect(made):
    run = made(similarity=0.5)
    dog = {"texts": [{"text": "a dog", "weight": 1.0}], "at": None}
    for command, step in ((dog, 40), ({"keep": [1, 2]}, 60), ({"stop": True}, None)):
        db.session.add(RunOrder(run_id=run.id, command=command, step=step))
    db.session.commit()
    assert [(told.step, told.texts, told.keep) for told in declared.told(run.id)] == [
        (40, ["a dog"], None),
        (60, None, [1, 2]),
    ]
    assert attempts.listing(run.player_id, None, 5).items[0].steered == 2


def test_a_fork_and_a_run_painted_again_say_so(made):
    first = made(similarity=0.5)
    fork, again = made(parent_id=first.id, parent_step=30), made(parent_id=first.id)
    assert (declared.of(fork.id).from_step, declared.of(fork.id).again) == (30, False)
    assert (declared.of(again.id).from_step, declared.of(again.id).again) == (None, True)
    listed = {attempt.id: attempt for attempt in attempts.listing(first.player_id, None, 5).items}
    assert (listed[fork.id].from_step, listed[again.id].again, listed[first.id].again) == (30, True, False)
