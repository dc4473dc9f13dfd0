"""The first pictures of a new game: which runs are queued when, and that each is queued once."""

import json

import pytest
from sqlalchemy import select

from game import engine, storage
from game.extensions import db
from game.models import Run
from game.rules import daily, first_entries, prompts, runs
from tests.conftest import doodle
from tests.game.rules import rows


@pytest.fixture
def seeded(context):
    """A new game with five prompts; returns their ids, the newest first."""
    engine.migrate()
    ids = [prompts.add(f"a {colour} balloon").id for colour in ("red", "green", "blue", "black", "yellow")]
    return ids[::-1]


def end(run_id, state="done"):
    db.session.get_one(Run, run_id).state = state
    db.session.commit()


def queued():
    return list(db.session.scalars(select(Run.id).order_by(Run.id)))


def test_a_new_game_begins_with_a_short_run_for_the_prompt_of_the_day(seeded):
    assert first_entries.queue_next() is True
    run = runs.get(first_entries.IDS[0])
    assert run.prompt_id == daily.today().prompt.id
    assert (run.settings["prior"], run.publish_when_done) == ("strokes", True)
    assert run.settings["deadline_s"] == first_entries.SECONDS
    assert db.session.get_one(Run, run.id).requested_by is None
    assert engine.statuses([run.id]) == {run.id: "ENQUEUED"}


def test_they_come_one_at_a_time_each_for_another_prompt_and_then_no_more(seeded):
    for place, run_id in enumerate(first_entries.IDS, 1):
        assert first_entries.queue_next() is True
        first_entries.queue_next()
        assert len(queued()) == place, "the next waits for the one before"
        end(run_id, "failed" if place == 1 else "done")
    assert first_entries.queue_next() is False
    assert tuple(queued()) == first_entries.IDS
    assert len(set(db.session.scalars(select(Run.prompt_id)))) == len(first_entries.IDS)


def test_what_somebody_asked_for_goes_first(seeded):
    first_entries.queue_next()
    asked = runs.queue(seeded[0], {"steps": 3}, None)
    end(first_entries.IDS[0])
    assert first_entries.queue_next() is True
    assert len(queued()) == 2
    end(asked.id)
    first_entries.queue_next()
    assert first_entries.IDS[1] in queued()


def test_two_workers_queue_one_run(seeded, monkeypatch):
    queue = runs.queue

    def outrun(*given, **more):
        monkeypatch.setattr(runs, "queue", queue)
        first_entries.queue_next()  # the other worker, in the meantime
        return queue(*given, **more)

    monkeypatch.setattr(runs, "queue", outrun)
    assert first_entries.queue_next() is True
    assert queued() == [first_entries.IDS[0]]
    assert len(engine.statuses([first_entries.IDS[0]])) == 1


def test_a_game_that_has_seen_a_run_is_left_alone(seeded):
    end(runs.queue(seeded[0], {"steps": 3}, None).id)
    assert first_entries.queue_next() is False
    assert len(queued()) == 1
    assert first_entries.opening() is None


def test_one_that_was_cancelled_is_the_last(seeded):
    first_entries.queue_next()
    runs.cancel(first_entries.IDS[0])
    assert first_entries.queue_next() is False


def test_without_a_prompt_they_wait_for_one(context):
    engine.migrate()
    assert first_entries.queue_next() is True
    assert queued() == []
    prompts.add("a red balloon")
    assert first_entries.queue_next() is True
    assert queued() == [first_entries.IDS[0]]


def test_what_is_told_while_nothing_hangs_and_once_something_does(seeded):
    told = first_entries.opening()
    assert (told.text, told.first) == (None, None), "a machine unpacks its brushes"
    first_entries.queue_next()
    run = db.session.get_one(Run, first_entries.IDS[0])
    run.state, run.step, run.preview = "running", 12, storage.put(b"a look", ".png")
    db.session.commit()
    told = first_entries.opening()
    assert (told.text, told.step, told.steps) == (run.prompt.text, 12, first_entries.STEPS)
    assert told.preview == run.preview[:12]
    assert first_entries.preview() == run.preview
    hung = rows.hang(run.prompt_id, run.player, 0.4, run_id=run.id)
    assert first_entries.opening().first.id == hung.id


def test_its_picture_hangs_like_any_other(seeded):
    first_entries.queue_next()
    run = db.session.get_one(Run, first_entries.IDS[0])
    run.drawing = storage.put(json.dumps(doodle("red")).encode(), ".json")
    db.session.commit()
    entry = runs.publish(run.id)
    assert (entry.kind, entry.state, entry.run["id"]) == ("ai", "visible", run.id)
    assert first_entries.hangs_anything()
