"""One slice after the other, with a generator that paints a line a step and a judge that likes black."""

import json
from itertools import pairwise

import pytest
from PIL import Image

from game import courtesy, easel, engine, painting, storage
from game.extensions import db
from game.models import Entry, Run
from game.rules import checkpoints, first_entries, prompts, run_events, runs, work


class Step:
    """An iterate of a run that draws one more line with every step."""

    seconds = 1.0

    def __init__(self, step: int, steps: int):
        self.step, self.steps, self.done = step, steps, step == steps
        self.loss, self.similarity = float("nan") if step == 0 else 1.0 / step, step / 100

    numbers, losses = (0,), (0.0,)

    def picture(self, size=8, candidate=0):
        return Image.new("RGB", (8, 8), (self.step, candidate, 0))

    def drawing(self):
        line = [[100 * self.step, 100, 64, 0], [100 * self.step, 4000, 64, 10]]
        ops = [{"op": "stroke", "color": 1, "pts": line}]
        return {"format": 1, "size": 512, "bg": 0, "palette": ["#ffffff", "#000000"], "ops": ops}

    def checkpoint(self):
        return json.dumps({"step": self.step}).encode()


class Painter:
    """Stands for the generator; remembers where it was begun, how far it came and what it was told."""

    def __init__(self, fail_at=None):
        self.begun, self.painted, self.told, self.fail_at = [], [], [], fail_at

    def begin(self, settings, resume):
        start = json.loads(resume)["step"] if resume else 0
        self.begun.append(start)
        return painting.Begun(self._paint(start, settings["steps"]), "cpu", self.told.append)

    def _paint(self, start, steps):
        for step in range(start + 1, steps + 1):
            if step == self.fail_at:
                raise ValueError("out of paint")
            self.painted.append(step)
            yield Step(step, steps)


@pytest.fixture
def painter(monkeypatch):
    """A slice is one step here, and every slice leaves a checkpoint."""
    painter = Painter()
    monkeypatch.setattr(painting, "begin", painter.begin)
    monkeypatch.setattr(easel, "SLICE", -1.0)
    monkeypatch.setattr(easel, "KEPT", -1.0)
    monkeypatch.setattr(easel, "_easel", None)
    return painter


@pytest.fixture
def prompt(context):
    return prompts.add("a black fence")


@pytest.fixture
def queue(prompt, monkeypatch):
    """Queues a run for a black fence; the job engine is left out."""
    monkeypatch.setattr(engine, "enqueue", lambda *_: None)

    def queue(steps=4, publish=False):
        return runs.queue(prompt.id, {"steps": steps}, None, publish).id

    return queue


def paint(run_id, slices=100, worker="w"):
    """Take a run and advance it by at most so many slices; returns this start's token, None if it was not given out."""
    token = easel.take(run_id, worker)
    if token is not None:
        any(easel.advance(run_id, token) for _ in range(slices))
    return token


def stop():
    """What a killed process forgets."""
    easel._easel = None


def kinds(run_id):
    return [event.kind for event in run_events.listing(run_id)]


def states(run_id):
    return [event.data["state"] for event in run_events.listing(run_id) if event.kind == "state"]


def test_a_run_is_painted_slice_by_slice_to_its_end(painter, queue):
    run_id = queue(steps=4)
    token = easel.take(run_id, "w")
    assert [easel.advance(run_id, token) for _ in range(4)] == [False, False, False, True]
    run = runs.get(run_id)
    assert (run.state, run.step, run.steps, run.worker, run.device, run.tries) == ("done", 4, 4, "w", "cpu", 1)
    assert [moment.step for moment in run.history] == [1, 2, 3, 4]
    assert states(run_id) == ["queued", "running", "done"]
    assert run.finished_at >= run.started_at


def test_a_finished_run_shows_what_the_judge_makes_of_its_picture(painter, queue, judge):
    run_id = queue()
    paint(run_id)
    run = runs.get(run_id)
    score = judge.score(Image.open(storage.path(runs.preview(run_id))).convert("RGB"), "a black fence")
    assert run.similarity == pytest.approx(score.similarity)
    assert run.percentile == pytest.approx(score.percentile)


def test_a_finished_run_is_published_only_when_that_was_wanted(painter, queue):
    quiet, loud = queue(), queue(publish=True)
    paint(quiet)
    stop()
    paint(loud)
    assert runs.get(quiet).entry_id is None
    entry = db.session.get(Entry, runs.get(loud).entry_id)
    assert (entry.kind, entry.run_id, entry.player.prior) == ("ai", loud, "strokes")


def test_a_killed_worker_goes_on_from_the_last_checkpoint(painter, queue):
    run_id = queue(steps=6)
    paint(run_id, slices=3)
    stop()
    paint(run_id, worker="another")
    assert painter.begun == [0, 3]
    assert painter.painted == [1, 2, 3, 4, 5, 6], "no step is painted twice or left out"
    assert runs.get(run_id).worker == "another"


def test_a_few_checkpoints_are_kept_spread_over_the_run(painter, queue):
    run_id = queue(steps=40)
    paint(run_id, slices=30)
    kept = checkpoints.listing(run_id)
    assert (len(kept), kept[0], kept[-1]) == (checkpoints.MOST, 1, 30)
    assert max(later - sooner for sooner, later in pairwise(kept)) <= 12
    assert len(list(storage.root().glob("*/*.ckpt"))) == checkpoints.MOST


def test_steps_since_the_last_checkpoint_are_painted_again(painter, queue, monkeypatch):
    run_id = queue(steps=6)
    paint(run_id, slices=1)
    monkeypatch.setattr(easel, "KEPT", 1e9)
    token = db.session.get(Run, run_id).token
    easel.advance(run_id, token)
    stop()
    paint(run_id)
    assert painter.begun == [0, 1]
    assert painter.painted == [1, 2, 2, 3, 4, 5, 6]


def test_a_worker_that_comes_back_from_the_dead_is_shut_out(painter, queue):
    run_id = queue(steps=6)
    old = easel.take(run_id, "old")
    easel.advance(run_id, old)
    new = easel.take(run_id, "new")
    assert easel.advance(run_id, old) is True, "it is told to let go"
    assert runs.get(run_id).state == "running"
    while not easel.advance(run_id, new):
        pass
    assert runs.get(run_id).state == "done"
    with pytest.raises(work.Superseded):
        work.end(run_id, old, "failed", error="late")


def test_a_superseded_worker_cannot_write_in_the_middle_of_its_slice(painter, queue):
    run_id = queue(steps=6)
    old = easel.take(run_id, "old")
    easel.advance(run_id, old)
    new = easel.take(run_id, "new")
    with pytest.raises(work.Superseded):
        work.progress(run_id, old, {"step": 5})
    with pytest.raises(work.Superseded):
        work.keep(run_id, old, work.Kept(5, "x", "y"))
    assert db.session.get(Run, run_id).token == new
    assert runs.get(run_id).step == 1


def test_a_running_run_is_cancelled_at_its_next_slice(painter, queue):
    run_id = queue()
    token = paint(run_id, slices=1)
    assert runs.cancel(run_id).state == "running"
    assert easel.advance(run_id, token) is True
    assert runs.get(run_id).state == "cancelled"
    assert painter.painted == [1]


def test_a_run_cancelled_while_its_worker_was_dead_is_not_begun_again(painter, queue):
    run_id = queue()
    paint(run_id, slices=1)
    stop()
    runs.cancel(run_id)
    assert paint(run_id) is None
    assert runs.get(run_id).state == "cancelled"


def test_a_run_that_raises_fails_with_a_reason(painter, queue):
    painter.fail_at = 3
    run_id = queue()
    paint(run_id)
    run = runs.get(run_id)
    assert run.state == "failed"
    assert run.error == "ValueError: out of paint"
    assert paint(run_id) is None, "a failed run is over"


def test_a_drawing_that_the_rules_refuse_fails_the_run(painter, queue, monkeypatch):
    monkeypatch.setattr(Step, "drawing", lambda self: {"format": 1, "size": 512, "bg": 0, "palette": [], "ops": []})
    run_id = queue()
    paint(run_id)
    assert runs.get(run_id).state == "failed"
    assert "#/palette" in runs.get(run_id).error


def test_a_run_that_kills_its_worker_each_time_is_given_up(painter, queue):
    run_id = queue()
    for _ in range(work.MOST_STARTS):
        assert easel.take(run_id, "w")
    assert easel.take(run_id, "w") is None
    run = runs.get(run_id)
    assert run.state == "failed"
    assert "memory" in run.error


def test_a_checkpoint_makes_earlier_starts_forgiven(painter, queue):
    run_id = queue(steps=50)
    for _ in range(3 * work.MOST_STARTS):
        assert paint(run_id, slices=1)
        stop()
    assert runs.get(run_id).step == 3 * work.MOST_STARTS


def test_dying_between_the_entry_and_the_end_makes_no_second_entry(painter, queue, monkeypatch):
    run_id = queue(steps=2, publish=True)
    end = work.end

    def dies(*args, **more):
        raise SystemExit

    monkeypatch.setattr(work, "end", dies)
    token = easel.take(run_id, "w")
    easel.advance(run_id, token)
    with pytest.raises(SystemExit):
        easel.advance(run_id, token)
    monkeypatch.setattr(work, "end", end)
    stop()
    paint(run_id)
    assert runs.get(run_id).state == "done"
    assert db.session.query(Entry).filter_by(run_id=run_id).count() == 1


def test_a_loss_that_is_no_number_is_left_out(painter, queue, monkeypatch):
    monkeypatch.setattr(Step, "__init__", nan_step)
    run_id = queue()
    paint(run_id, slices=1)
    assert runs.get(run_id).history[0].loss is None


def nan_step(self, step, steps):
    self.step, self.steps, self.done, self.loss, self.similarity = step, steps, step == steps, float("nan"), 0.5


def test_every_checkpoint_comes_with_a_still(painter, queue):
    run_id = queue(steps=4)
    paint(run_id)
    stills = runs.stills(run_id)
    assert [still["step"] for still in stills] == [1, 2, 3]
    assert Image.open(storage.path(runs.preview(run_id, 2))).getpixel((0, 0)) == (2, 0, 0)


def test_a_run_that_nobody_asked_for_steps_aside_while_somebody_asks(painter, queue, prompt, client, monkeypatch):
    monkeypatch.setattr(easel, "REST", 0.0)
    first = runs.queue(prompt.id, {"steps": 3}, None, run_id=first_entries.IDS[0]).id
    token = easel.take(first, "w")
    client.get("/healthz")
    assert easel.advance(first, token) is False
    assert painter.painted == [1], "who only looks is not in the way"

    client.post("/api/v1/players")
    assert easel.advance(first, token) is False
    assert painter.painted == [1]
    paint(queue(steps=1))
    assert painter.painted == [1, 1], "what somebody asked for goes on"

    monkeypatch.setattr(courtesy, "QUIET", 0.0)
    assert easel.advance(first, token) is False
    assert painter.painted == [1, 1, 2], "it goes on from its checkpoint"
    any(easel.advance(first, token) for _ in range(5))
    assert runs.get(first).state == "done"
