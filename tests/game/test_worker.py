"""A worker as a process of its own: killed hard in the middle of a run, started again, stopped in order."""

import signal
import subprocess
import sys
import time

import pytest

from game import engine
from game.extensions import db
from game.models import Entry
from game.rules import prompts, runs

STEPS = 80


@pytest.fixture
def run_id(context):
    engine.migrate()
    return runs.queue(prompts.add("a black fence").id, {"steps": STEPS}, None, True).id


@pytest.fixture
def worker(context, tmp_path):
    """Starts workers on this test's data folder; they write the steps they painted into `worker.log`."""
    started = []

    def start():
        words = [sys.executable, "-m", "tests.game.slow_worker", str(context.config["PAINTOFF"].data), str(start.log)]
        started.append(subprocess.Popen(words, stderr=subprocess.PIPE, text=True))
        return started[-1]

    start.log = tmp_path / "steps"
    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_until(holds, process, seconds=400.0):
    end = time.monotonic() + seconds
    while not holds():
        db.session.rollback()
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def painted(worker):
    """The steps that were painted, by process."""
    steps = {}
    for line in worker.log.read_text().splitlines():
        pid, step = line.split()
        steps.setdefault(int(pid), []).append(int(step))
    return list(steps.values())


def test_a_run_survives_kill_9_of_its_worker(run_id, worker):
    first = worker()
    wait_until(lambda: len(runs.stills(run_id)) >= 2, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    db.session.rollback()
    assert runs.get(run_id).state == "running"
    checkpoint = runs.stills(run_id)[-1]["step"]

    second = worker()
    wait_until(lambda: runs.get(run_id).state not in ("queued", "running"), second)
    before, after = painted(worker)
    run = runs.get(run_id)
    assert (run.state, run.error, run.step) == ("done", None, STEPS)
    assert after == list(range(checkpoint + 1, STEPS + 1)), "it went on from the last checkpoint"
    assert before[-1] < STEPS
    entries = db.session.query(Entry).all()
    assert [(entry.run_id, entry.state) for entry in entries] == [(run_id, "visible")]
    wait_until(lambda: engine.statuses([run_id]) == {run_id: "SUCCESS"}, second)


def test_a_worker_that_is_stopped_in_order_ends_soon_and_leaves_its_run_to_the_next(run_id, worker):
    first = worker()
    wait_until(lambda: len(runs.stills(run_id)) >= 1, first)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=120) == 0
    db.session.rollback()
    assert runs.get(run_id).state == "running"
    second = worker()
    wait_until(lambda: runs.get(run_id).state == "done", second)
    assert db.session.query(Entry).count() == 1


def test_a_second_worker_of_a_slot_says_so_and_ends(run_id, worker):
    first = worker()
    wait_until(lambda: runs.get(run_id).state == "running", first)
    second = worker()
    assert second.wait(timeout=300) == 1
    assert "slot 0 is taken" in second.stderr.read()
