"""The recipe: what decides a training of the embedded VQGAN, read from a TOML file."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.training.pictures import Mix


@dataclass(frozen=True)
class Codebook:
    """How many codes there are, and how many numbers one has."""

    codes: int
    dim: int


@dataclass(frozen=True)
class Recipe:
    """A training: `steps` of `batch` pictures with `side` px; `embedded.toml` says what each number means."""

    seed: int
    batch: int
    steps: int
    side: int
    per_word: int
    rate: float
    warm_up: int
    quantise_from: int
    revive_until: int
    commitment: float
    edges: float
    tints: float
    critic_from: int
    critic_weight: float
    critic_rate: float
    critic_width: int
    critic_layers: int
    groups: int
    mix: Mix
    codebook: Codebook
    network: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Return the recipe in `path`; TypeError names a key that is missing or unknown."""
        values = tomllib.loads(path.read_text("utf-8"))
        return cls(**{**values, "mix": Mix(**values["mix"]), "codebook": Codebook(**values["codebook"])})

    def share(self, step: int) -> float:
        """Return the share of the learning rates that holds at `step`."""
        if step < self.warm_up:
            return (step + 1) / self.warm_up
        along = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return 0.02 + 0.98 * (1 + math.cos(math.pi * min(1.0, along))) / 2
