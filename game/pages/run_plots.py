"""Geometry of a run's curves: the guide's and both judges' similarities on one scale, the loss on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from game.pages.plots import HEIGHT, WIDTH, Gridline
from game.rules.run_history import History
from game.rules.runs import RunView

MOST = 240  # points of a line
Point = tuple[int, float]


@dataclass(frozen=True)
class Line:
    """A line: whose it is (`guide`, `judge`, `second` or `loss`), SVG's points, where it ends, its first and last
    value."""

    whose: str
    points: str
    x: float
    y: float
    first: float
    last: float


@dataclass(frozen=True)
class Curves:
    """Lines on one scale over the steps of a run."""

    width: int
    height: int
    lines: list[Line]
    grid: list[Gridline]
    last_step: int
    steps: int


def similarities(run: RunView, history: History) -> Curves | None:
    """Lays out what guide and judges saw by step; None until there are two points of one."""
    guide = [(moment.step, moment.similarity) for moment in run.history if moment.similarity is not None]
    judge = [(seen.step, seen.similarity) for seen in history.judged]
    second = [(seen.step, seen.second_similarity) for seen in history.judged if seen.second_similarity is not None]
    return curves({"guide": guide, "judge": judge, "second": second}, run.steps)


def losses(run: RunView) -> Curves | None:
    """Lays out the loss by step; None until there are two points."""
    return curves({"loss": [(now.step, now.loss) for now in run.history if now.loss is not None]}, run.steps)


def curves(series: dict[str, Sequence[Point]], steps: int) -> Curves | None:
    """Lays out lines on one scale, those with less than two points left out; None without any."""
    drawn = {whose: thinned(points) for whose, points in series.items() if len(points) > 1}
    values = [value for points in drawn.values() for _, value in points]
    if not values:
        return None
    low, high = min(values), max(values)
    margin = (high - low) * 0.08 or 0.01
    low, high = low - margin, high + margin

    def place(step: int, value: float) -> tuple[float, float]:
        return round(WIDTH * min(step / max(steps, 1), 1), 1), round(HEIGHT * (high - value) / (high - low), 1)

    lines = []
    for whose, points in drawn.items():
        placed = [place(step, value) for step, value in points]
        path = " ".join(f"{x},{y}" for x, y in placed)
        lines.append(Line(whose, path, *placed[-1], points[0][1], points[-1][1]))
    grid = [Gridline(round(HEIGHT * part, 1), high - part * (high - low)) for part in (0.0, 0.5, 1.0)]
    last = max(points[-1][0] for points in drawn.values())
    return Curves(WIDTH, HEIGHT, lines, grid, last, steps)


def thinned(points: Sequence[Point]) -> list[Point]:
    """Every n-th point, so that MOST are left, and the last one."""
    apart = max(1, -(-len(points) // MOST))
    few = list(points[::apart])
    return few if few[-1] == points[-1] else [*few, points[-1]]
