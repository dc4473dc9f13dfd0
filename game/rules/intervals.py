"""Means with the uncertainty that few numbers leave: the bootstrap over prompts (Efron 1979, "Bootstrap Methods")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 2000
FEWEST = 5  # numbers; from fewer no interval is told, for it would promise too much
SEED = 20210121  # the same numbers have the same interval, whoever asks


@dataclass(frozen=True)
class Estimate:
    """A mean of `of` numbers, None of none; `low` and `high` hold it in 95 of 100 resamplings, None when too few."""

    mean: float | None
    low: float | None
    high: float | None
    of: int

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval lies above or below zero, else 0."""
        if self.low is None or self.high is None:
            return 0
        return (self.low > 0) - (self.high < 0)


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of numbers that were drawn independently, such as one for each prompt, with its interval."""
    if not len(values):
        return Estimate(None, None, None, 0)
    numbers = np.asarray(values, np.float64)
    mean = float(numbers.mean())
    if len(numbers) < FEWEST:
        return Estimate(mean, None, None, len(numbers))
    # A resampling is how often each number is drawn, and of many numbers blocks keep the memory small.
    rng = np.random.default_rng(SEED)
    block = max(1, 2_000_000 // len(numbers))
    means: list[float] = []
    while len(means) < ROUNDS:
        drawn = rng.integers(len(numbers), size=(min(block, ROUNDS - len(means)), len(numbers)))
        means += numbers[drawn].mean(1).tolist()
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(mean, float(low), float(high), len(numbers))
