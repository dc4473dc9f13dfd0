"""A worker begins a new game by itself: from a thread beside its runs, until there is nothing more to come."""

import threading
import time

import pytest

from game import engine, opening
from game.extensions import db
from game.models import Run
from game.rules import first_entries, prompts, runs


@pytest.fixture
def looked(monkeypatch):
    """Tells of each look that a worker's thread takes whether another may come; it waits for no clock."""
    told = []
    queue_next = first_entries.queue_next

    def look():
        told.append(queue_next())
        return told[-1]

    monkeypatch.setattr(first_entries, "queue_next", look)
    return told


def end_of(thread_name):
    for thread in threading.enumerate():
        if thread.name == thread_name:
            thread.join(30)
            assert not thread.is_alive()


def test_a_new_game_gets_its_first_run_and_the_thread_ends_with_a_cancelled_one(context, looked):
    engine.migrate()
    prompts.add("a red balloon")
    opening.begin(context, every=0.01)
    wait_until(lambda: db.session.get(Run, first_entries.IDS[0]) is not None)
    runs.cancel(first_entries.IDS[0])
    end_of("opening")
    assert looked[-1] is False


def test_a_game_with_runs_is_looked_at_once(context, looked):
    engine.migrate()
    runs.queue(prompts.add("a red balloon").id, {"steps": 3}, None)
    opening.begin(context, every=0.01)
    end_of("opening")
    assert looked == [False]


def test_a_database_that_is_away_does_not_end_it(context, monkeypatch):
    answers = iter([OSError("away"), False])
    done = threading.Event()

    def look():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        done.set()
        return answer

    monkeypatch.setattr(first_entries, "queue_next", look)
    opening.begin(context, every=0.01)
    assert done.wait(30)


def wait_until(holds):
    end = time.monotonic() + 30
    while not holds():
        db.session.rollback()
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
