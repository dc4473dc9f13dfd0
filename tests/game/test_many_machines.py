"""Workers on several hosts and several web servers around one PostgreSQL, killed, frozen and cut off for real."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest
import sqlalchemy as sa

from game import create_app, engine, painting, tending
from game.extensions import db
from game.judging import INJECTED
from game.models import Entry, Machine, Run, RunEvent
from game.rules import machines, players, prompts, runs, work
from tests.fakes import ColourJudge

STEPS = 80
OPEN = ("queued", "running")


@pytest.fixture
def house(database, tmp_path, monkeypatch):
    """The game on a PostgreSQL database of its own; settings of runs are taken as they are given."""
    from flask_migrate import upgrade

    monkeypatch.setattr(painting, "check", lambda settings: {"prior": "strokes", "guide": "fake:colours", **settings})
    app = create_app({"DATA": tmp_path / "data", "DATABASE_URL": database, "RATE_LIMITS": "off"})
    app.extensions[INJECTED] = ColourJudge()
    with app.app_context():
        upgrade()
        engine.migrate()
        yield app
        db.session.remove()
        db.engine.dispose()
        engine.client().destroy()


class Processes:
    """Starts workers and web servers on a house, and ends them all."""

    def __init__(self, house, folder):
        self.all, self.log, self.folder = [], folder / "steps", folder
        self.data = str(house.config["PAINTOFF"].data)
        self.environment = {**os.environ, "PAINTOFF_DATABASE_URL": house.config["PAINTOFF"].database_url}

    def start(self, *words, **environment):
        said = self.folder / f"said-{len(self.all)}"
        with said.open("w") as file:
            env = {**self.environment, **environment}
            self.all.append(subprocess.Popen([sys.executable, "-m", *words], env=env, stderr=file))
        self.all[-1].said = said
        return self.all[-1]

    def worker(self, host, slot=0, **environment):
        return self.start("tests.game.slow_worker", self.data, str(self.log), host, str(slot), **environment)

    def web(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = self.start("tests.game.slow_web", self.data, str(port))
        process.address = f"http://127.0.0.1:{port}/api/v1"
        return process

    def painted(self):
        """The steps that were painted, by process, in the order of their first."""
        steps = {}
        for line in self.log.read_text().splitlines():
            pid, step = line.split()
            steps.setdefault(int(pid), []).append(int(step))
        return list(steps.values())

    def end(self):
        for process in self.all:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


@pytest.fixture
def processes(house, tmp_path):
    made = Processes(house, tmp_path)
    yield made
    made.end()


def wait_until(holds, *alive, seconds=400.0):
    end = time.monotonic() + seconds
    while not (found := holds()):
        db.session.rollback()
        for process in alive:
            assert process.poll() is None, process.said.read_text()
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.03)
    return found


def state(run_id):
    return db.session.scalar(sa.select(Run.state).where(Run.id == run_id))


def queue(**settings):
    return runs.queue(prompts.add("a black fence").id, {"steps": STEPS, **settings}, None, True).id


def test_what_a_dead_host_was_painting_goes_on_elsewhere_from_its_last_checkpoint(house, processes):
    run_id = queue()
    first, second = processes.worker("attic"), processes.worker("cellar")
    wait_until(lambda: len(runs.stills(run_id)) >= 2, first, second)
    name = runs.get(run_id).worker
    (dead, alive) = (first, second) if name.startswith("attic:") else (second, first)
    dead.kill()
    dead.wait()
    db.session.rollback()
    checkpoint = runs.stills(run_id)[-1]["step"]
    wait_until(lambda: state(run_id) not in OPEN, alive)
    run = runs.get(run_id)
    assert (run.state, run.error, run.step) == ("done", None, STEPS)
    assert run.worker != name
    before, after = processes.painted()
    assert after == list(range(checkpoint + 1, STEPS + 1)), "no step before the checkpoint is painted again"
    assert before[-1] - checkpoint < STEPS / 2
    assert [entry.run_id for entry in db.session.query(Entry)] == [run_id]
    wait_until(lambda: [view.name for view in machines.listing()] == [run.worker], alive)
    wait_until(lambda: engine.statuses([run_id]) == {run_id: "SUCCESS"}, alive)


def test_a_worker_that_wakes_up_after_its_lease_is_shut_out_and_begins_anew(house, processes):
    run_id = queue()
    frozen = processes.worker("attic")
    wait_until(lambda: len(runs.stills(run_id)) >= 1, frozen)
    frozen.send_signal(signal.SIGSTOP)
    other = processes.worker("cellar")
    wait_until(lambda: runs.get(run_id).worker.startswith("cellar:"), other)
    frozen.send_signal(signal.SIGCONT)
    wait_until(lambda: frozen.poll() is not None, other)
    assert frozen.returncode == tending.GONE, frozen.said.read_text()
    wait_until(lambda: state(run_id) not in OPEN, other)
    run = runs.get(run_id)
    assert (run.state, run.step, run.worker[:7]) == ("done", STEPS, "cellar:")
    steps = [moment.step for moment in run.history]
    assert steps == sorted(set(steps)), "nothing that the frozen one painted was written down afterwards"
    assert db.session.query(Entry).count() == 1


def test_a_run_that_hangs_ends_its_worker_each_time_and_is_given_up_with_a_reason(house, processes):
    run_id = queue(hang_at=1)
    ended = []
    while state(run_id) in OPEN and len(ended) <= work.MOST_STARTS:
        hanging = processes.worker("attic", WEDGED="0.5")
        wait_until(lambda hanging=hanging: hanging.poll() is not None or state(run_id) not in OPEN)
        ended.append(hanging.poll())
        db.session.rollback()
    run = runs.get(run_id)
    assert run.state == "failed"
    assert f"stopped {work.MOST_STARTS} times" in run.error
    assert ended[:-1] == [tending.HANGS] * work.MOST_STARTS


def test_a_worker_whose_connections_are_cut_goes_on(house, processes):
    run_id = queue()
    worker = processes.worker("attic")
    cut = sa.text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                  "AND datname = current_database()")  # fmt: skip
    for stills in (1, 2, 3):
        wait_until(lambda stills=stills: len(runs.stills(run_id)) >= stills, worker)
        assert db.session.scalar(cut) >= 1
        db.session.commit()
    wait_until(lambda: state(run_id) not in OPEN, worker)
    run = runs.get(run_id)
    assert (run.state, run.error) == ("done", None)
    assert [entry.run_id for entry in db.session.query(Entry)] == [run_id]


RUNS, EVERY = 50, 7


def test_fifty_runs_with_two_web_servers_and_workers_killed_at_random_give_fifty_results(house, processes):
    dice = random.Random(5)
    prompt_ids = [prompts.add(f"a fence of {count} boards").id for count in range(1, 6)]
    token = players.admin_token()
    webs = [processes.web(), processes.web()]
    quick = {"SLOW_STEP": "0.005"}
    workers = [processes.worker(host, **quick) for host in ("attic", "cellar", "yard")]
    for number in range(RUNS):
        body = {"prompt_id": prompt_ids[number % 5], "settings": {"steps": 8}, "publish_when_done": True}
        if number == RUNS // 2:
            os.kill(webs[0].pid, signal.SIGKILL)  # from now on only the other one answers
        queue_somewhere(webs, dice, token, body, f"run-{number}")
    killed = Counter()
    done = sa.select(sa.func.count()).select_from(Run).where(Run.state.not_in(OPEN))
    while (ended := db.session.scalar(done)) < RUNS:
        db.session.rollback()
        if ended >= EVERY * (killed.total() + 1):
            at = dice.randrange(len(workers))
            workers[at].kill()
            workers[at].wait()
            host = dice.choice(["attic", "cellar", "yard", f"barn-{killed.total()}"])
            killed[host] += 1
            workers[at] = processes.worker(host, slot=10 + killed.total(), **quick)
        for at, worker in enumerate(workers):
            if worker.poll() is not None:  # a busy machine kept it from its lease; its supervisor starts it again
                assert worker.returncode == tending.GONE, worker.said.read_text()
                workers[at] = processes.worker("loft", slot=100 + len(processes.all), **quick)
        assert webs[1].poll() is None, webs[1].said.read_text()
        time.sleep(0.02)
    assert killed.total() >= 5
    assert Counter(db.session.scalars(sa.select(Run.state))) == {"done": RUNS}
    entered = list(db.session.scalars(sa.select(Entry.run_id)))
    assert len(entered) == len(set(entered)) == RUNS
    ends = db.session.scalars(sa.select(RunEvent.run_id).where(RunEvent.data["state"].as_string() == "done"))
    assert set(Counter(ends).values()) == {1}, "each ended once"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Machine)) >= 1


def queue_somewhere(webs, dice, token, body, key):
    """Queue a run by whichever server answers; asked twice with a key, it is one run."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    end = time.monotonic() + 400
    while True:
        address = dice.choice(webs).address
        request = urllib.request.Request(f"{address}/runs", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                assert answer.status == 202
                return
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
