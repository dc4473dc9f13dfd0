"""The timetable: sizes that grow and shrink by the latent, patience, deadlines and what is left to do."""

from itertools import islice
from typing import Any

import pytest
import torch
from torch.nn import functional

from generator import clock, generate, schedule
from generator.clock import Clock
from generator.schedule import Waiting
from tests.generator.fakes import Guide
from tests.generator.runs import last, settings


def test_the_size_is_the_last_ones_whose_step_has_come() -> None:
    run = settings(size=64, sizes=[[2, 96], [4, 48]])
    assert [schedule.size_at(run, step) for step in range(6)] == [64, 64, 96, 96, 48, 48]
    assert schedule.sizes(run) == {64, 96, 48}
    assert schedule.sizes(settings(sizes=[[0, 96], [9, 500]])) == {96}, "what comes after the end does not count"


@pytest.mark.parametrize("prior", ["pixels", "fft", "strokes"])
def test_the_picture_stays_itself_when_its_size_changes(guide: Guide, prior: str) -> None:
    run = settings(prior=prior, sizes=[[0, 32], [2, 64], [4, 32]], learning_rate=0.001, steps=50)
    iterates = list(islice(generate(run, guide), 6))
    assert [iterate.size for iterate in iterates] == [32, 32, 64, 64, 32, 32]
    pictures = [iterate.prior.render(iterate.state.candidates.latent, 32, 1.0) for iterate in iterates]
    coarse = [functional.avg_pool2d(picture.detach(), 8) for picture in pictures]
    assert (coarse[-1] - coarse[0]).abs().mean() < 0.03


def test_patience_counts_steps_without_a_gain() -> None:
    waiting = Waiting().after(1.0).after(0.9).after(0.9).after(0.89995)
    assert waiting == Waiting(0.9, 2)
    assert waiting.after(0.8) == Waiting(0.8, 0)


def test_a_run_ends_early_when_nothing_improves(guide: Guide) -> None:
    still = {"learning_rate": 0.001, "steps": 200, "prior": "pixels"}
    end = last(generate(settings(**still, patience=3), guide))
    assert end.done
    assert end.step < 60
    later = [{"text": "a cat", "to_step": 90}, {"text": "a bus", "from_step": 90}]
    assert last(generate(settings(**still, patience=3, texts=later), guide)).step > 90


def seconds_each(monkeypatch: pytest.MonkeyPatch, pace: float) -> None:
    ticks = iter(range(100_000))
    monkeypatch.setattr(clock.time, "monotonic", lambda: pace * next(ticks))


@pytest.mark.parametrize(("pace", "steps"), [(1.0, 10), (3.0, 3), (30.0, 1)])
def test_a_deadline_is_kept_with_candidates(
    guide: Guide, monkeypatch: pytest.MonkeyPatch, pace: float, steps: int
) -> None:
    """No step begins that would end too late; at least one is made; the best are chosen by the time that is gone."""
    seconds_each(monkeypatch, pace)
    run = settings(prior="pixels", steps=100, deadline_s=10, candidates=4, keep=1, cull_at=50)
    iterates = list(generate(run, guide))
    assert len(iterates) == steps
    assert iterates[-1].done
    assert iterates[-1].seconds <= 10 or steps == 1
    if steps > 2:
        assert iterates[-1].candidates == 1


def test_eta_is_what_is_left(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds_each(monkeypatch, 2.0)
    assert [iterate.eta for iterate in generate(settings(steps=4), guide)] == [6, 4, 2, 0]
    assert next(generate(settings(steps=400, deadline_s=100), guide)).eta == 98


class Event:
    """Stands for CUDA's: one unit of time passes for each that is recorded."""

    clock = 0
    waited: list[int] = []

    def __init__(self, **_: Any) -> None:
        self.at = -1

    def record(self) -> None:
        Event.clock += 1
        self.at = Event.clock

    def synchronize(self) -> None:
        Event.waited.append(self.at)

    def elapsed_time(self, other: "Event") -> float:
        return 1000.0 * (other.at - self.at)


@pytest.mark.parametrize(("exact", "after"), [(False, [0, 0, 1, 2]), (True, [1, 2, 3, 4])])
def test_on_cuda_steps_are_counted_by_events_and_waited_for_later(
    monkeypatch: pytest.MonkeyPatch, exact: bool, after: list[int]
) -> None:
    monkeypatch.setattr(torch.cuda, "Event", Event)
    counted, seen = Clock(torch.device("cuda"), 0.0, exact=exact), []
    for _ in range(4):
        counted.start()
        counted.stop()
        seen.append(counted.seconds)
    assert seen == after
    counted.finish()
    assert counted.seconds == 4
