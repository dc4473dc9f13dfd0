"""Runs and the job engine brought together again, on a real queue."""

import pytest

from game import engine, painting
from game.extensions import db
from game.models import Run
from game.rules import prompts, run_events, runs, settling, work


@pytest.fixture
def run_id(context, monkeypatch):
    monkeypatch.setattr(painting, "check", lambda settings: {"prior": "strokes", "steps": 9, **settings})
    engine.migrate()
    return runs.queue(prompts.add("a red balloon").id, {}, None).id


def status(run_id, attempt=0):
    return engine.statuses([settling.job(run_id, attempt)]).get(settling.job(run_id, attempt))


def test_a_run_that_the_engine_does_not_know_is_queued_again(run_id):
    engine.client().delete_workflows([run_id])
    assert settling.settle() == 1
    assert status(run_id) == "ENQUEUED"
    assert settling.settle() == 0


def test_a_run_whose_job_has_ended_before_it_is_queued_as_another_attempt(run_id):
    engine.client().cancel_workflow(run_id)
    assert settling.settle() == 1
    assert status(run_id, 1) == "ENQUEUED"
    assert runs.get(run_id).state == "queued"
    assert settling.settle() == 0


def test_a_run_that_is_lost_again_and_again_fails_with_a_reason(run_id):
    for attempt in range(work.MOST_STARTS + 1):
        assert runs.get(run_id).state == "queued"
        engine.client().cancel_workflow(settling.job(run_id, attempt))
        settling.settle()
    run = runs.get(run_id)
    assert run.state == "failed"
    assert "lost this run 3 times" in run.error
    assert run_events.listing(run_id)[-1].data["state"] == "failed"


def test_a_run_that_ended_is_left_alone(run_id):
    token = work.take(run_id, "w")
    work.end(run_id, token, "done")
    engine.client().delete_workflows([run_id])
    assert settling.settle() == 0
    assert db.session.get_one(Run, run_id).state == "done"
