"""Climbs: one at a time, a short queue, every step kept, and nothing of it in the database."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from PIL import Image

from game import climbing, painting
from game.extensions import db
from game.models import Run
from game.rules import ascents
from game.rules.ascents import Step, Wish
from game.rules.refusals import Invalid, Missing, Spent

FISH = Wish("a red fish", "pixels", 7, 20)


@dataclass
class Stage:
    """An iterate of a climb."""

    step: int
    steps: int

    @property
    def done(self) -> bool:
        return self.step == self.steps

    @property
    def loss(self) -> float:
        return 1 / self.step

    @property
    def similarity(self) -> float:
        return self.step / 100

    def picture(self, size: int = 512) -> Image.Image:
        return Image.new("RGB", (size, size), (self.step, 0, 0))


class Machine:
    """Stands for the generator; holds its brush while `free` is not set."""

    def __init__(self) -> None:
        self.free, self.begun, self.at_once, self.most = threading.Event(), list[str](), 0, 0
        self.started = threading.Event()
        self.free.set()

    def begin(self, settings: dict[str, object], resume: bytes | None) -> painting.Begun:
        return painting.Begun(self._paint(settings), "cpu", lambda order: None)

    def _paint(self, settings: dict[str, object]) -> Iterator[Stage]:
        self.begun.append(settings["texts"][0]["text"])
        self.started.set()
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        assert self.free.wait(20)
        if "fall" in self.begun[-1]:
            self.at_once -= 1
            raise ValueError("a loose stone")
        for step in range(1, 4):
            yield Stage(step, 3)
        self.at_once -= 1


@pytest.fixture
def machine(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine that paints three steps of red."""
    machine = Machine()
    monkeypatch.setattr(painting, "begin", machine.begin)
    monkeypatch.setattr(painting, "check", lambda settings: settings)
    monkeypatch.setattr(painting, "vqgan", lambda: None)
    monkeypatch.setattr(painting, "seen", lambda iterate, side: [Image.new("RGB", (side, side))] * 4)
    yield machine
    machine.free.set()
    rest()


def rest() -> None:
    """Waits until everything is painted."""
    for painter in list(climbing._painters):
        painter.join(20)


def test_a_climb_keeps_every_step_and_no_run(machine: Machine) -> None:
    ascent_id = climbing.begin(FISH)
    rest()
    ascent = ascents.get(ascent_id)
    assert ascent.state == "done"
    assert ascent.steps == [Step(1, 1.0, 0.01), Step(2, 0.5, 0.02), Step(3, 0.33333, 0.03)]
    for step in (1, 2, 3):
        assert ascents.picture(ascent_id, step, "picture")[8:12] == b"WEBP"
        assert ascents.picture(ascent_id, step, "seen")[8:12] == b"WEBP"
    with pytest.raises(Missing):
        ascents.picture(ascent_id, 4, "picture")
    assert db.session.query(Run).count() == 0


def test_the_same_wish_is_climbed_once(machine: Machine) -> None:
    first = climbing.begin(FISH)
    rest()
    assert climbing.begin(Wish("  a red   fish ", "pixels", 7, 20)) == first
    assert climbing.begin(Wish("a red fish", "fft", 7, 20)) != first
    rest()
    assert machine.begun == ["a red fish", "a red fish"]


def test_one_is_painted_at_a_time_and_a_crowd_is_sent_away(machine: Machine) -> None:
    machine.free.clear()
    ids = [climbing.begin(Wish(f"fish {i}", "pixels", 0, 20)) for i in range(climbing.WAITING)]
    assert machine.started.wait(20)
    ids.append(climbing.begin(Wish("one more fish", "pixels", 0, 20)))
    assert [climbing.ahead(one) for one in ids] == list(range(climbing.WAITING + 1))
    assert ascents.get(ids[2]).state == "waiting"
    with pytest.raises(Spent, match="The machine is busy"):
        climbing.begin(Wish("a fish too many", "pixels", 0, 20))
    machine.free.set()
    rest()
    assert {ascents.get(one).state for one in ids} == {"done"}
    assert machine.most == 1


def test_who_falls_lets_the_next_one_climb_and_may_try_again(machine: Machine) -> None:
    machine.free.clear()
    fallen, other = climbing.begin(Wish("a fall", "siren", 1, 20)), climbing.begin(FISH)
    machine.free.set()
    rest()
    assert (ascents.get(fallen).state, ascents.get(other).state) == ("failed", "done")
    climbing.begin(Wish("a fall", "siren", 1, 20))
    rest()
    assert machine.begun.count("a fall") == 2


@pytest.mark.parametrize(
    "wish",
    [
        Wish(" ", "pixels", 1, 20),
        Wish("x" * 121, "pixels", 1, 20),
        Wish("a fish", "oil", 1, 20),
        Wish("a fish", "pixels", -1, 20),
        Wish("a fish", "pixels", 1, 5000),
        Wish("a fish", "vqgan", 1, 20),
    ],
)
def test_what_cannot_be_painted_is_refused(machine: Machine, wish: Wish) -> None:
    with pytest.raises(Invalid):
        climbing.begin(wish)


def test_climbs_are_wiped_off_after_a_day(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    ascent_id = climbing.begin(FISH)
    rest()
    assert ascents.clear() == 0
    monkeypatch.setattr(ascents, "KEPT", -1)
    assert ascents.clear() == 1
    with pytest.raises(Missing, match="wiped off"):
        ascents.get(ascent_id)


def test_a_climb_whose_painter_is_gone_has_failed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.free.clear()
    ascent_id = climbing.begin(FISH)
    monkeypatch.setattr(ascents, "SILENT", -1.0)
    assert ascents.get(ascent_id).state == "failed"


@pytest.mark.parametrize("ascent_id", ["", "../../secret", "0" * 23, "g" * 24])
def test_only_a_climb_has_a_folder(context: Flask, ascent_id: str) -> None:
    with pytest.raises(Missing):
        ascents.get(ascent_id)
