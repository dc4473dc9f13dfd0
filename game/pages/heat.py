"""Embeddings as pictures: their numbers row by row in a square, each level one SVG path; no style, no colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVELS = 5  # on each side of zero
FULL = 98  # percent of all numbers lie below the strongest level


@dataclass(frozen=True)
class Heat:
    """A square of `side` cells a side; `levels` are (-LEVELS to LEVELS without 0, path): squares above zero, diamonds
    below."""

    side: int
    levels: list[tuple[int, str]]


def scale(rows: Sequence[NDArray[np.float32]]) -> float:
    """Returns the number that is shown at full strength, the same for all these pictures."""
    return float(np.percentile(np.abs(np.stack(rows)), FULL)) or 1.0


def heat(values: NDArray[np.float32], full: float) -> Heat:
    """Lays out numbers (d,); the last row of the square is cut short where d is no square."""
    side = math.ceil(math.sqrt(len(values)))
    steps = np.clip(np.rint(values / full * LEVELS), -LEVELS, LEVELS).astype(int)
    levels = []
    for level in sorted(set(steps.tolist()) - {0}):
        cells = [divmod(int(place), side) for place in np.flatnonzero(steps == level)]
        levels.append((level, "".join(_cell(x, y, level > 0) for y, x in cells)))
    return Heat(side, levels)


def _cell(x: int, y: int, above: bool) -> str:
    return f"M{x} {y}h1v1h-1z" if above else f"M{x}.5 {y}l.5 .5-.5 .5-.5-.5z"
