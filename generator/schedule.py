"""A run's timetable: how far it is, how large its pictures are, how fast it moves, and when nothing improves."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from generator.settings import Settings

SLOWEST = 0.1
GAIN = 1e-4  # what the smoothed loss must fall by to count as an improvement


def place(settings: Settings, step: int, seconds: float) -> float:
    """The place in the timetable in steps, at most all: by steps made, or by time where the deadline comes sooner."""
    by_time = settings.steps * seconds / settings.deadline_s if settings.deadline_s else 0.0
    return min(float(settings.steps), max(float(step), by_time))


def size_at(settings: Settings, here: float) -> int:
    """The side of the picture in px at a place."""
    size = settings.size
    for step, then in settings.sizes:
        if step <= here:
            size = then
    return size


def sizes(settings: Settings) -> set[int]:
    """All sizes that the picture has in a run."""
    steps = [step for step, _ in settings.sizes if step < settings.steps]
    return {size_at(settings, step) for step in (0, *steps)}


def slowdown(progress: float) -> float:
    """The share of the learning rate at a place in the run: all of it for a half, then down along a cosine."""
    late = max(0.0, progress - 0.5) * 2
    return SLOWEST + (1 - SLOWEST) * (1 + math.cos(math.pi * late)) / 2


def last_change(settings: Settings) -> int:
    """The last step at which something else is wanted, or asked of fewer candidates or another size."""
    targets = (*settings.texts, *settings.images)
    borders = [border for target in targets for border in (target.from_step, target.to_step) if border]
    culled = [settings.cull_at] if settings.candidates > settings.keep else []
    steps = [*borders, *culled, *(step for step, _ in settings.sizes)]
    return max((step for step in steps if step < settings.steps), default=0)


@dataclass(frozen=True)
class Waiting:
    """How many steps the smoothed loss has not fallen below `best`, by more than GAIN."""

    best: float = math.inf
    steps: int = 0

    def after(self, loss: float) -> Waiting:
        """Returns the waiting after one more step with this smoothed loss."""
        return Waiting(loss) if loss < self.best - GAIN else replace(self, steps=self.steps + 1)
