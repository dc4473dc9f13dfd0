"""Geometry of the plots that the templates draw as SVG; no style, no colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 150
HEADROOM = 24  # px above the highest bar, for the needle's head


@dataclass(frozen=True)
class Bar:
    """A histogram bar in px; `below` says that it lies under the needle."""

    x: float
    y: float
    width: float
    height: float
    below: bool


@dataclass(frozen=True)
class Needle:
    """A histogram with a needle; `low` and `high` are cosines at the plot's edges."""

    width: int
    height: int
    bars: list[Bar]
    needle: float
    low: float
    high: float
    total: int


@dataclass(frozen=True)
class Gridline:
    """A horizontal line at `y` px that stands for `value`."""

    y: float
    value: float


@dataclass(frozen=True)
class Climb:
    """A line through a drawing's percentiles, 0 at the bottom and 100 at the top, by the operations drawn."""

    width: int
    height: int
    points: str
    dots: list[tuple[float, float]]
    lines: list[Gridline]


def needle(edges: Sequence[float], counts: Sequence[int], similarity: float) -> Needle:
    """Lays out the background's histogram and where `similarity` points; the axis grows to hold the needle."""
    low, high = min(edges[0], similarity), max(edges[-1], similarity)
    margin = (high - low) * 0.03 or 0.01
    low, high = low - margin, high + margin
    most = max(counts, default=0) or 1

    def across(value: float) -> float:
        return round(WIDTH * (value - low) / (high - low), 1)

    bars = []
    for left, right, number in zip(edges, edges[1:], counts, strict=False):
        if number:
            height = round(max((HEIGHT - HEADROOM) * number / most, 1.0), 1)
            width = round(max(across(right) - across(left) - 1, 0.5), 1)
            bars.append(Bar(across(left), HEIGHT - height, width, height, (left + right) / 2 <= similarity))
    return Needle(WIDTH, HEIGHT, bars, across(similarity), low, high, sum(counts))


def climb(stages: Sequence[tuple[int, float]]) -> Climb | None:
    """Lays out percentiles by the number of operations; None until two are known."""
    if len(stages) < 2:
        return None
    last = stages[-1][0]
    dots = [(round(WIDTH * ops / last, 1), round(HEIGHT * (100 - place) / 100, 1)) for ops, place in stages]
    lines = [Gridline(HEIGHT * (100 - value) / 100, value) for value in (100.0, 50.0, 0.0)]
    return Climb(WIDTH, HEIGHT, " ".join(f"{x},{y}" for x, y in dots), dots, lines)
