"""The queue of runs: how soon one begins, what keeping it safe costs, an idle worker, and the page of a long queue.

All on the embedded engine (SQLite) and the embedded judge, on data made for it; the worker is the real process.
"""

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import insert, select

from bench import Figure
from game import create_app, easel, engine, painting
from game.extensions import db
from game.models import Prompt, Run, RunEvent
from game.preparing import prepare
from game.rules import players, queueing, runs
from game.tables import new_id, now

QUICK = {"steps": 1, "strokes": 4, "size": 64, "cutouts": 2}
STARTS = 9  # runs, after one that loads the guide
PAUSE, WATCHED = 0.05, 40.0  # seconds: of a step that only sleeps, and of the run that is watched
IDLE = 30.0  # seconds
LONG = 10_000  # runs
REPEATS = 7
PATIENCE = 1800.0  # seconds
MOST_START, MOST_COST, MOST_IDLE, MOST_PAGE = 1.5, 3.0, 1.0, 50.0  # what they should be below


def figures() -> Iterator[Figure]:
    """Yield ms for a page and for places, % of a run for safety, % of a core when idle, seconds to the first step."""
    with house() as app:
        yield from long_queue(app)
    with house() as app:
        yield Figure("queue.cost", round(100 * cost(app), 2), "% of a run", MOST_COST)
        with working(str(app.config["PAINTOFF"].data)) as process:
            yield Figure("queue.idle", round(100 * idle(process), 2), "% of a core", MOST_IDLE)
            taken, stepped = first_steps()
            yield Figure("queue.taken", round(taken, 3), "s")
            yield Figure("queue.first_step", round(stepped, 3), "s", MOST_START)


@contextmanager
def house() -> Iterator[Flask]:
    """Have the game on a new data folder, with its context pushed."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATA": folder, "RATE_LIMITS": "off"})
        prepare(app, whole=True)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def prompt_id() -> str:
    """Return a prompt to paint for."""
    return db.session.scalars(select(Prompt.id).where(Prompt.needs_clip.is_(False)).limit(1)).one()


def long_queue(app: Flask) -> Iterator[Figure]:
    """Yield the best of a few times for the admin's page, the API's list and a page's places."""
    machine, prompts = players.machine("strokes").id, list(db.session.scalars(select(Prompt.id)))
    begun = now() - timedelta(days=1)
    settings = painting.check({"texts": [{"text": "a cat"}]})
    rows = [
        {"id": new_id(), "prompt_id": prompts[place % len(prompts)], "player_id": machine, "settings": settings,
         "steps": 400, "turn": place // len(prompts), "created_at": begun + timedelta(seconds=place)}
        for place in range(LONG)
    ]  # fmt: skip
    db.session.execute(insert(Run), rows)
    db.session.commit()
    client, headers = app.test_client(), {"Authorization": f"Bearer {players.admin_token()}"}
    for name, path in (("page", "/admin/runs?state=queued"), ("api", "/api/v1/runs?state=queued&limit=30")):
        yield Figure(f"queue.{name}.{LONG}", best_ms(lambda path=path: answered(client.get(path, headers=headers))),
                     "ms", MOST_PAGE)  # fmt: skip
    some = [row["id"] for row in rows[-30:]]
    yield Figure(f"queue.places.{LONG}", best_ms(lambda: queueing.places(some)), "ms", MOST_PAGE)


def answered(response: Any) -> None:
    """Raise unless a page came."""
    if response.status_code != 200:
        raise RuntimeError(f"{response.request.path} answered {response.status_code}")


class Still:
    """An iterate that took no computing: a picture of noise, which packs badly, and a checkpoint of a megabyte."""

    done, steps, loss, similarity = False, 1_000_000, 1.0, 0.2
    kept, numbers, losses = 0, (0,), (1.0,)
    noise = Image.effect_noise((512, 512), 60).convert("RGB")
    blob = os.urandom(1_000_000)

    def __init__(self, step: int) -> None:
        self.step, self.seconds = step, step * PAUSE

    def picture(self, size: int = 512, candidate: int = 0) -> Image.Image:
        """The picture; there is one candidate."""
        return self.noise.resize((size, size)) if candidate == 0 else self.noise

    def checkpoint(self) -> bytes:
        """The checkpoint; each another, so that it is really written."""
        Still.kept += 1
        return self.blob + str(self.step).encode()


def cost(app: Flask) -> float:
    """Return the share of a run's time for which the machine computes something other than the picture.

    That is the engine's steps, progress, previews (a judge looks at each) and checkpoints: the painting only sleeps.
    """
    marks: list[tuple[float, float]] = []

    def paint() -> Iterator[Still]:
        for step in itertools.count(1):
            if Still.kept > 1:  # the judge, who looks at every preview, has been loaded
                marks.append((time.monotonic(), time.process_time()))
            time.sleep(PAUSE)
            yield Still(step)

    begin: Callable[..., Any] = painting.begin
    painting.begin = lambda *_, **__: painting.Begun(paint(), "cpu", print)  # type: ignore[assignment,misc]
    try:
        run_id = runs.queue(prompt_id(), {}, None).id
        engine.launch(app, "bench:0", easel.take, easel.advance)
        wait_until(lambda: bool(marks) and marks[-1][0] - marks[0][0] > WATCHED)
        runs.cancel(run_id)
        wait_until(lambda: runs.get(run_id).state == "cancelled")
        engine.land()
    finally:
        painting.begin = begin  # type: ignore[assignment]
    (begun, computed), (ended, after) = marks[0], marks[-1]
    return (after - computed) / (ended - begun)


@contextmanager
def working(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """Have a worker at work on the folder's data."""
    log = Path(folder, "worker.log")
    environment = {**os.environ, "PAINTOFF_DATA": folder, "PAINTOFF_FIRST_ENTRIES": "off"}
    with log.open("w") as file:
        process = subprocess.Popen([sys.executable, "-m", "game.cli", "worker"], env=environment, stderr=file)
    try:
        wait_until(lambda: "waiting for runs" in log.read_text())
        yield process
    finally:
        process.terminate()
        process.wait(60)


def first_steps() -> tuple[float, float]:
    """Return the median seconds until a run is taken, and until its first step, with the guide loaded."""
    taken, stepped = [], []
    for _ in range(STARTS + 1):
        run_id = runs.queue(prompt_id(), QUICK, None).id
        wait_until(lambda run_id=run_id: is_done(run_id))
        run = runs.get(run_id)
        told = select(RunEvent.at).where(RunEvent.run_id == run_id, RunEvent.kind == "progress").order_by(RunEvent.id)
        taken.append((run.started_at - run.created_at).total_seconds())
        stepped.append((db.session.scalars(told.limit(1)).one() - run.created_at).total_seconds())
    return statistics.median(taken[1:]), statistics.median(stepped[1:])


def idle(process: subprocess.Popen[bytes]) -> float:
    """Return the share of a core that a worker with nothing to do takes."""
    time.sleep(3)
    before = computed(process.pid)
    time.sleep(IDLE)
    return (computed(process.pid) - before) / IDLE


def computed(pid: int) -> float:
    """Return the seconds that a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_done(run_id: str) -> bool:
    """Return whether a run is done; raises RuntimeError where it failed."""
    state, error = db.session.execute(select(Run.state, Run.error).where(Run.id == run_id)).one()
    if state == "failed":
        raise RuntimeError(error)
    return bool(state == "done")


def wait_until(holds: Callable[[], bool]) -> None:
    """Return once something holds; raises TimeoutError when that takes too long."""
    end = time.monotonic() + PATIENCE
    while not holds():
        db.session.rollback()
        if time.monotonic() > end:
            raise TimeoutError("the worker did not get on")
        time.sleep(0.2)  # rarely, for this process paints, too


def best_ms(work: Callable[[], Any]) -> float:
    """The shortest of REPEATS turns after one to warm up, in ms that this thread computes (as SQLite does)."""
    work()
    times = []
    for _ in range(REPEATS):
        begun = time.thread_time()
        work()
        times.append(time.thread_time() - begun)
    return round(1000 * min(times), 1)
