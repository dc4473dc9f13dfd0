"""A run taken by the hand while it paints: told something, paused, taken up again, given a choice, forked."""

from datetime import timedelta

import pytest

from game import easel, engine, painting, storage
from game.extensions import db
from game.models import Run
from game.rules import checkpoints, forks, players, prompts, run_history, runs, settling, steering
from game.rules.refusals import Conflict, Invalid, Missing
from game.tables import now
from tests.game.test_easel import Painter, Step, paint, stop

DOG = [{"text": "a dog", "weight": 1.0, "from_step": 0, "to_step": None}]


@pytest.fixture
def painter(monkeypatch):
    """A slice is one step here, and every slice leaves a checkpoint."""
    painter = Painter()
    monkeypatch.setattr(painting, "begin", painter.begin)
    monkeypatch.setattr(easel, "SLICE", -1.0)
    monkeypatch.setattr(easel, "LOOK", 0.0)
    monkeypatch.setattr(easel, "KEPT", -1.0)
    monkeypatch.setattr(easel, "_easel", None)
    return painter


@pytest.fixture
def jobs(monkeypatch):
    """The names of the work that the job engine was given; it is left out itself."""
    given = []
    monkeypatch.setattr(engine, "enqueue", lambda session, run_id, job=None, *more: given.append(job or run_id))
    monkeypatch.setattr(engine, "cancel", lambda job: given.count(job) and given.remove(job))
    return given


@pytest.fixture
def admin(context):
    return players.anonymous()[0].id


@pytest.fixture
def queue(context, jobs):
    prompt = prompts.add("a black fence")

    def queue(steps=6, **settings):
        return runs.queue(prompt.id, {"steps": steps, **settings}, None).id

    return queue


@pytest.fixture
def four(queue, painter, monkeypatch):
    """A run of four candidates that hang at step 2 for a minute, so far painted; two of them go on by themselves."""
    monkeypatch.setattr(Step, "numbers", (2, 0, 3, 1))
    monkeypatch.setattr(Step, "losses", (0.1, 0.2, float("nan"), 0.4))
    run_id = queue(candidates=4, keep=2, cull_at=2)
    db.session.get_one(Run, run_id).choice_s = 60
    db.session.commit()
    paint(run_id, slices=3)
    return run_id


def row(run_id):
    return db.session.get_one(Run, run_id, populate_existing=True)


def go_on(run_id, slices=1):
    for _ in range(slices):
        easel.advance(run_id, row(run_id).token)


def log(run_id):
    return [line.text for line in run_history.of(run_id).log]


def test_a_run_is_told_other_texts_and_says_from_which_step_they_counted(painter, queue, admin):
    run_id = queue()
    paint(run_id, slices=2)
    steering.steer(run_id, DOG, None, admin)
    steering.steer(run_id, DOG, 5, admin)
    assert [order.step for order in run_history.orders(run_id)] == [None, None]
    go_on(run_id)
    assert [(told["texts"][0]["text"], told["at"]) for told in painter.told] == [("a dog", None), ("a dog", 5)]
    assert [order.step for order in run_history.orders(run_id)] == [2, 5]
    go_on(run_id)
    assert len(painter.told) == 2, "nothing is told twice"
    assert "Step 2: paint a dog:1" in log(run_id)


def test_after_a_crash_a_run_is_told_again_what_its_checkpoint_does_not_know(painter, queue, admin, monkeypatch):
    run_id = queue(steps=9)
    paint(run_id, slices=2)
    steering.steer(run_id, DOG, None, admin)
    go_on(run_id)
    monkeypatch.setattr(easel, "KEPT", 1e9)
    steering.stop(run_id, admin)
    go_on(run_id)
    stop()
    painter.told.clear()
    paint(run_id, slices=1)
    assert painter.begun == [0, 3]
    assert painter.told == [{"stop": True, "at": 3}], "at the step it had, and the texts are in the checkpoint"


def test_what_cannot_be_told_is_refused(painter, queue, admin):
    run_id = queue(steps=2)
    with pytest.raises(Invalid, match="weight above zero"):
        steering.steer(run_id, [{"text": "a dog", "weight": -1}], None, admin)
    with pytest.raises(Invalid, match="2 steps") as refused:
        steering.steer(run_id, DOG, 2, admin)
    assert refused.value.pointer == "#/at_step"
    with pytest.raises(Conflict, match="no choice"):
        steering.choose(run_id, [0], admin)
    paint(run_id)
    with pytest.raises(Conflict, match="done"):
        steering.steer(run_id, DOG, None, admin)
    with pytest.raises(Missing):
        steering.stop("nothing", admin)


def test_a_running_run_is_laid_aside_with_all_it_has_and_taken_up_by_another_worker(painter, queue, jobs, monkeypatch):
    run_id = queue()
    monkeypatch.setattr(easel, "KEPT", 1e9)
    paint(run_id, slices=3)
    steering.pause(run_id)
    assert row(run_id).state == "running", "until its worker meets the wish"
    go_on(run_id)
    assert (row(run_id).state, row(run_id).step) == ("paused", 3)
    assert easel.take(run_id, "w") is None
    assert easel._easel is None, "its worker is free for others"
    steering.resume(run_id)
    assert jobs == [run_id, f"{run_id}.1"], "the job engine does nothing twice"
    paint(run_id, worker="another")
    assert painter.painted == [1, 2, 3, 4, 5, 6], "no step is painted twice or left out"
    assert (row(run_id).state, row(run_id).worker) == ("done", "another")
    assert log(run_id) == ["Queued", "Running on w", "Paused", "Queued", "Running on another", "Done"]


def test_a_waiting_run_is_laid_aside_at_once(painter, queue, jobs):
    run_id = queue()
    steering.pause(run_id)
    assert (row(run_id).state, jobs) == ("paused", [])
    assert runs.cancel(run_id).state == "cancelled"


def test_a_failed_run_goes_on_where_its_last_checkpoint_is(painter, queue):
    painter.fail_at = 4
    run_id = queue()
    paint(run_id)
    assert row(run_id).state == "failed"
    painter.fail_at = None
    steering.resume(run_id)
    paint(run_id)
    assert (row(run_id).state, row(run_id).error, painter.begun) == ("done", None, [0, 3])
    with pytest.raises(Conflict, match="done"):
        steering.resume(run_id)


def test_a_wish_to_pause_is_withdrawn(painter, queue, jobs):
    run_id = queue()
    paint(run_id, slices=1)
    steering.pause(run_id)
    steering.resume(run_id)
    go_on(run_id)
    assert (row(run_id).state, row(run_id).step, len(jobs)) == ("running", 2, 1)


def test_candidates_hang_side_by_side_and_a_person_chooses(painter, four, admin):
    assert painter.painted == [1, 2], "the machine waits"
    history = run_history.of(four)
    assert [(each.number, each.loss) for each in history.candidates] == [(2, 0.1), (0, 0.2), (3, None), (1, 0.4)]
    assert storage.picture(steering.candidate(four, 3)).getpixel((0, 0)) == (2, 2, 0)
    with pytest.raises(Invalid, match="2, 0, 3, 1"):
        steering.choose(four, [0, 7], admin)
    steering.choose(four, [3, 0], admin)
    go_on(four)
    assert painter.told == [{"keep": [0, 3], "at": None}]
    assert painter.painted == [1, 2, 3]
    assert run_history.of(four).candidates == []
    assert "A person chose" in log(four)


def test_when_the_time_is_up_the_machine_chooses_by_itself(painter, four):
    row(four).choose_by = now() - timedelta(seconds=1)
    db.session.commit()
    go_on(four, 2)
    assert (painter.told, painter.painted) == ([], [1, 2, 3, 4])
    assert "The time was up: the machine chose by itself" in log(four)


def test_a_choice_outlives_the_worker_that_offered_it(painter, four, admin):
    stop()
    paint(four, slices=3, worker="another")
    assert painter.painted == [1, 2], "still waiting"
    steering.choose(four, [1], admin)
    go_on(four)
    assert (painter.begun, painter.painted) == ([0, 2], [1, 2, 3])


def test_a_fork_goes_on_from_a_checkpoint_with_other_texts(painter, queue, jobs, admin):
    run_id = queue()
    paint(run_id)
    forked = forks.fork(run_id, 3, {"texts": DOG, "steps": 9}, admin)
    stop()
    paint(forked.id)
    assert (forked.parent_id, forked.parent_step, forked.step, forked.steps) == (run_id, 3, 3, 9)
    assert painter.begun == [0, 3]
    assert row(forked.id).settings["texts"] == DOG
    assert checkpoints.listing(run_id) == [1, 2, 3, 4, 5], "what another run began from is still the first one's"
    assert storage.get(checkpoint_of(run_id, 3))
    assert [(child.id, child.step) for child in run_history.of(run_id).children] == [(forked.id, 3)]


def checkpoint_of(run_id, step):
    from game.models import RunCheckpoint

    return db.session.get_one(RunCheckpoint, (run_id, step)).object


def test_a_fork_is_refused_where_it_cannot_begin(painter, queue, admin):
    run_id = queue()
    paint(run_id, slices=3)
    with pytest.raises(Invalid, match="kept at the steps 1, 2, 3"):
        forks.fork(run_id, 5, {}, admin)
    with pytest.raises(Invalid, match="more steps"):
        forks.fork(run_id, 3, {"steps": 3}, admin)
    with pytest.raises(Invalid, match="can change only") as refused:
        forks.fork(run_id, 3, {"prior": "pixels"}, admin)
    assert refused.value.pointer == "#/settings/prior"


def test_a_run_is_painted_again_with_another_seed(painter, queue, admin):
    run_id = queue(seed=7)
    other = forks.again(run_id, None, admin)
    assert other.settings == {**row(run_id).settings, "seed": other.settings["seed"]}
    assert other.settings["seed"] != 7
    assert (other.parent_id, other.parent_step, other.state) == (run_id, None, "queued")
    with pytest.raises(Invalid, match="own seed"):
        forks.again(run_id, 7, admin)


def test_the_judges_see_every_preview(painter, queue, judge):
    run_id = queue()
    paint(run_id, slices=3)
    seen = run_history.of(run_id).judged
    assert [each.step for each in seen] == [1, 2, 3]
    assert seen[0].similarity == pytest.approx(judge.score(Step(1, 6).picture(), "a black fence").similarity)


def test_old_checkpoints_go_a_week_after_the_end(painter, queue):
    old, young = queue(), queue()
    for run_id in (old, young):
        paint(run_id)
        stop()
    row(old).finished_at = now() - checkpoints.KEPT - timedelta(hours=1)
    row(old).checkpoint = None
    db.session.commit()
    assert checkpoints.clear() == 5
    assert (checkpoints.listing(old), len(checkpoints.listing(young))) == ([], 5)


def test_the_engine_is_asked_for_the_work_of_the_present_round(queue, jobs, monkeypatch):
    run_id = queue()
    steering.pause(run_id)
    steering.resume(run_id)
    monkeypatch.setattr(engine, "statuses", lambda ids: {run_id: "CANCELLED", **dict.fromkeys(ids, "ENQUEUED")})
    settling.settle()
    assert row(run_id).state == "queued"


def test_what_is_told_while_a_choice_waits_is_not_lost_when_the_run_is_laid_aside(painter, four, admin):
    steering.steer(four, DOG, None, admin)
    go_on(four)
    assert run_history.orders(four)[0].step is None, "it counts once the machine goes on"
    steering.pause(four)
    go_on(four)
    painter.told.clear()
    steering.resume(four)
    paint(four, slices=1)
    assert [told["texts"][0]["text"] for told in painter.told] == ["a dog"]
    assert len(run_history.of(four).candidates) == 4, "and the choice is there again"
    steering.choose(four, [1], admin)
    go_on(four)
    assert [order.step for order in run_history.orders(four)] == [2, 2]
