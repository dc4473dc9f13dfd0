"""Recipes: what decides a training run of an embedded judge, read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scorer.training.scenes import Mix


@dataclass(frozen=True)
class Recipe:
    """A training run, read from a TOML file: `steps` of `batch` pictures; pairs in lists say what holds from a step on.

    `without` are words that the judge never sees, to measure what it makes of words that it does not know.
    """

    name: str
    seed: int
    batch: int
    steps: int
    learning_rate: float
    kernel_rate: float
    rates: list[tuple[int, float]]
    weight_decay: float
    sizes: list[list[int]]
    kinds: list[tuple[int, dict[str, float]]]
    plain: list[tuple[int, float]]
    relations: list[tuple[int, list[float]]]
    placing: list[tuple[int, float]]
    leftward: list[tuple[int, float]]
    bend: list[tuple[int, float]]
    variety: list[tuple[int, float]]
    colouring: list[tuple[int, float]]
    nothing: list[tuple[int, float]]
    meaning: list[tuple[int, float]]
    renewals: list[int]
    without: list[str]
    model: dict[str, Any]
    preprocess: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Return the recipe in `path`; TypeError names a key that is missing or unknown."""
        return cls(**tomllib.loads(path.read_text("utf-8")))

    def side(self, step: int) -> int:
        """Return the side in pixels of the pictures at `step`."""
        return int(_since(step, self.sizes))

    def mix(self, step: int) -> Mix:
        """Return what the batch at `step` is made of."""
        shares = (self.plain, self.leftward, self.bend, self.variety)
        return Mix(_since(step, self.kinds), tuple(_since(step, self.relations)), *(_since(step, s) for s in shares))

    def weights(self, step: int) -> dict[str, float]:
        """Return what the losses that come and go count at `step`, where naming counts 1."""
        return {
            name: float(_since(step, getattr(self, name))) for name in ("placing", "colouring", "nothing", "meaning")
        }

    def rate(self, step: int) -> float:
        """Return the share of the learning rates that holds at `step`: straight lines between the points of `rates`."""
        steps, shares = zip(*self.rates, strict=True)
        return float(np.interp(step, steps, shares))


def _since(step: int, values: Sequence[Sequence[Any]]) -> Any:
    """Return what holds at `step`, of pairs of a step and what holds from there on."""
    return [value for start, value in values if start <= step][-1]
