"""The order of the queue: what an administrator sees is what workers take."""

import pytest

from game import engine, painting
from game.extensions import db
from game.models import Run
from game.rules import players, prompts, queueing, runs, work
from game.rules.refusals import Invalid, Spent


@pytest.fixture
def given(context, monkeypatch):
    """What went to the job engine: (its priority, run's id)."""
    given = []
    monkeypatch.setattr(painting, "check", lambda settings: {"prior": "strokes", "steps": 9, **settings})
    monkeypatch.setattr(engine, "enqueue", lambda session, run_id, job, priority: given.append((priority, run_id)))
    return given


@pytest.fixture
def cat(given):
    return prompts.add("a cat").id


@pytest.fixture
def dog(given):
    return prompts.add("a dog").id


def queue(prompt_id, **more):
    return runs.queue(prompt_id, {}, None, **more).id


def in_order(given):
    """Ids as the engine takes them: by priority, then as they came."""
    return [run_id for _, run_id in sorted(given, key=lambda each: each[0])]


def test_prompts_take_turns_and_nobody_waits_for_another_prompts_hundred(given, cat, dog):
    cats = [queue(cat) for _ in range(3)]
    dogs = [queue(dog) for _ in range(2)]
    assert in_order(given) == [cats[0], dogs[0], cats[1], dogs[1], cats[2]]


def test_who_comes_later_takes_turns_from_then_on(given, cat, dog):
    cats = [queue(cat) for _ in range(4)]
    for run_id in cats[:2]:
        work.end(run_id, work.take(run_id, "w"), "done")
    dogs = [queue(dog) for _ in range(2)]
    waiting = [run_id for run_id in in_order(given) if run_id not in cats[:2]]
    assert waiting == [cats[2], dogs[0], cats[3], dogs[1]]


def test_a_higher_priority_comes_first_whatever_the_turns(given, cat, dog):
    late, usual, first = queue(cat, priority=1), queue(dog), queue(cat, priority=9)
    assert in_order(given) == [first, usual, late]
    assert all(0 < priority < 2**31 for priority, _ in given)
    with pytest.raises(Invalid, match="from 1 to 9"):
        queue(cat, priority=10)


def test_places_are_told_as_the_engine_takes_them(given, cat, dog):
    ids = [queue(cat), queue(cat), queue(dog), queue(dog, priority=8)]
    assert [ids.index(run_id) for run_id in in_order(given)] == [3, 0, 2, 1]
    assert queueing.places(ids) == {run_id: place for place, run_id in enumerate(in_order(given), 1)}
    work.take(ids[0], "w")
    assert queueing.places(ids[:2]) == {ids[1]: 3}


def test_an_administrator_has_a_limit_and_is_told_what_to_do(given, cat, context):
    admin = players.anonymous()[0]
    context.config["PAINTOFF"] = type(context.config["PAINTOFF"])(
        **{**vars(context.config["PAINTOFF"]), "queue_limit": 2}
    )
    ids = [runs.queue(cat, {}, admin.id).id for _ in range(2)]
    with pytest.raises(Spent, match=r"2 runs waiting.*Cancel some"):
        runs.queue(cat, {}, admin.id)
    assert db.session.query(Run).count() == 2
    work.take(ids[0], "w")
    assert runs.queue(cat, {}, admin.id).state == "queued", "one that is painted waits no longer"
    queue(cat)
    queue(cat)
