"""Recipes: what decides a training run of an embedded judge, read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scorer.training.compose import Mix


@dataclass(frozen=True)
class Recipe:
    """A training run, read from a TOML file; `steps` of `batch` pictures, with the size of pictures by step."""

    name: str
    seed: int
    batch: int
    steps: int
    learning_rate: float
    kernel_rate: float
    rates: list[tuple[int, float]]
    weight_decay: float
    sizes: list[list[int]]
    kinds: list[tuple[int, list[float]]]
    plain: list[tuple[int, float]]
    relations: list[tuple[int, list[float]]]
    placing: list[tuple[int, float]]
    leftward: list[tuple[int, float]]
    bend: list[tuple[int, float]]
    renewals: list[int]
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
        kinds, relations = (tuple(_since(step, odds)) for odds in (self.kinds, self.relations))
        plain, leftward, bend = (_since(step, shares) for shares in (self.plain, self.leftward, self.bend))
        return Mix(kinds, relations, plain, leftward, bend)

    def placing_weight(self, step: int) -> float:
        """Return what the loss of telling places counts at `step`, where naming counts 1."""
        return float(_since(step, self.placing))

    def rate(self, step: int) -> float:
        """Return the share of the learning rates that holds at `step`: straight lines between the points of `rates`."""
        steps, shares = zip(*self.rates, strict=True)
        return float(np.interp(step, steps, shares))


def _since(step: int, values: Sequence[Sequence[Any]]) -> Any:
    """Return what holds at `step`, of pairs of a step and what holds from there on."""
    return [value for start, value in values if start <= step][-1]
