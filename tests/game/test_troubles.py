"""Troubles that pass: a run waits while a disk is really full, goes on when there is room, and fails in the end."""

import contextlib
import os
import subprocess

import pytest
from sqlalchemy.exc import OperationalError

from game import easel, engine, painting, storage, troubles
from game.rules import machines, runs, work
from tests.game.test_easel import Painter, prompt, queue  # noqa: F401  fixtures


@pytest.fixture
def painter(monkeypatch):
    """A slice is one step here, and every slice leaves a checkpoint; nothing rests."""
    painter = Painter()
    monkeypatch.setattr("game.painting.begin", painter.begin)
    for name, value in {"SLICE": -1.0, "KEPT": -1.0, "_easel": None}.items():
        monkeypatch.setattr(easel, name, value)
    monkeypatch.setattr(troubles, "_now", None)
    monkeypatch.setattr(troubles, "rest", lambda seconds: None)
    return painter


@pytest.fixture
def small_disk(context):
    """A disk of 512 kB below the objects."""
    storage.root().mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(storage.root())]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield storage.root()
    subprocess.run(["umount", str(storage.root())], check=True)


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(os.urandom(4096))


def test_a_run_waits_for_room_on_a_full_disk_and_then_goes_on(painter, queue, small_disk):  # noqa: F811
    run_id = queue(steps=6, publish=True)
    token = easel.take(run_id, "w")
    easel.advance(run_id, token)
    fill(small_disk)
    assert [easel.advance(run_id, token) for _ in range(3)] == [False] * 3
    run = runs.get(run_id)
    assert run.state == "running"
    assert run.error.startswith("Waits: There is no space left on the disk of ")
    assert "Make room" in run.error
    (small_disk / "filler").unlink()
    assert easel.advance(run_id, token) is False
    assert runs.get(run_id).error is None, "it goes on, and says no longer that it waits"
    while not easel.advance(run_id, token):
        pass
    run = runs.get(run_id)
    assert (run.state, run.error) == ("done", None)
    assert run.entry_id is not None
    assert painter.begun == [0], "nothing was painted twice"


def test_a_finished_picture_waits_for_room_too(painter, queue, small_disk):  # noqa: F811
    run_id = queue(steps=2)
    token = easel.take(run_id, "w")
    easel.advance(run_id, token)
    fill(small_disk)
    assert [easel.advance(run_id, token) for _ in range(3)] == [False] * 3
    assert runs.get(run_id).state == "running"
    (small_disk / "filler").unlink()
    assert easel.advance(run_id, token) is True
    assert (runs.get(run_id).state, runs.get(run_id).error) == ("done", None)
    assert painter.painted == [1, 2]


def test_a_disk_that_stays_full_fails_the_run_with_its_reason_and_keeps_the_checkpoint(
    painter, queue, small_disk, monkeypatch  # noqa: F811
):  # fmt: skip
    run_id = queue(steps=6)
    token = easel.take(run_id, "w")
    easel.advance(run_id, token)
    fill(small_disk)
    easel.advance(run_id, token)
    monkeypatch.setattr(troubles, "PATIENCE", -1.0)
    assert easel.advance(run_id, token) is True
    run = runs.get(run_id)
    assert run.state == "failed"
    assert "no space left on the disk" in run.error
    assert run.preview is not None


def test_a_database_that_is_away_for_a_while_costs_nothing(painter, queue, monkeypatch):  # noqa: F811
    run_id = queue(steps=3)
    token = easel.take(run_id, "w")
    progress, away = work.progress, [1, 2]

    def cut(*given):
        if away:
            raise OperationalError("UPDATE run", {}, Exception(f"server closed the connection ({away.pop()})"))
        progress(*given)

    monkeypatch.setattr(work, "progress", cut)
    ended = [easel.advance(run_id, token) for _ in range(2)]
    assert ended == [False, False]
    assert "(server closed the connection (2)). Look after it." in runs.get(run_id).error
    while not easel.advance(run_id, token):
        pass
    assert (runs.get(run_id).state, runs.get(run_id).error) == ("done", None)


def test_a_worker_takes_a_run_once_the_database_is_back(painter, queue, monkeypatch):  # noqa: F811
    run_id = queue(steps=3)
    take, away = work.take, [1, 2, 3]

    def cut(*given):
        if away:
            away.pop()
            raise OperationalError("UPDATE run", {}, Exception("connection refused"))
        return take(*given)

    monkeypatch.setattr(work, "take", cut)
    assert easel.take(run_id, "w") is not None
    assert engine.in_hand() == frozenset()


def test_what_does_not_pass_fails_at_once(painter, queue):  # noqa: F811
    painter.fail_at = 2
    run_id = queue(steps=3)
    token = easel.take(run_id, "w")
    assert easel.advance(run_id, token) is False
    assert easel.advance(run_id, token) is True
    assert runs.get(run_id).error == "ValueError: out of paint"


class OutOfMemoryError(Exception):
    """Named as torch's is."""


def test_a_run_for_which_there_is_no_room_beside_others_waits_until_they_have_ended(painter, queue, monkeypatch):  # noqa: F811
    made = []
    monkeypatch.setattr(painting, "make_room", lambda: made.append(1))
    machines.arrive("attic:0-a", "attic", 0)
    machines.arrive("attic:1-b", "attic", 1)
    other, run_id = queue(steps=3), queue(steps=3)
    others = easel.take(other, "attic:0-a")
    easel.advance(other, others)
    token = easel.take(run_id, "attic:1-b")
    crowded = [OutOfMemoryError(), MemoryError()]
    monkeypatch.setattr(painting, "begin", lambda *given: (_ for _ in ()).throw(crowded.pop()))
    monkeypatch.setattr(troubles, "PATIENCE", -1.0)
    assert [easel.advance(run_id, token) for _ in range(2)] == [False, False]
    run = runs.get(run_id)
    assert (run.state, run.device) == ("running", None)
    assert run.error == "Waits: Other runs on this machine leave too little memory. It goes on by itself."
    assert len(made) == 2
    work.end(other, others, "done")
    monkeypatch.setattr(painting, "begin", painter.begin)
    while not easel.advance(run_id, token):
        pass
    assert (runs.get(run_id).state, runs.get(run_id).error) == ("done", None)


def test_a_run_for_which_there_is_no_room_at_all_fails(painter, queue, monkeypatch):  # noqa: F811
    monkeypatch.setattr(painting, "make_room", lambda: None)
    machines.arrive("attic:1-b", "attic", 1)
    run_id = queue(steps=3)
    token = easel.take(run_id, "attic:1-b")
    monkeypatch.setattr(painting, "begin", lambda *given: (_ for _ in ()).throw(MemoryError()))
    assert easel.advance(run_id, token) is True
    assert "ran out of memory" in runs.get(run_id).error
