"""Where the parts of a drawing and the judge's hot places are, as geometry for SVG; no style, no colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from game.rules.drawing import UNIT, Drawing, Fill, Stroke
from game.rules.leave_outs import Layers
from game.rules.why import Reason

MOST_POINTS = 3000  # of all strokes together; a page need not carry every one
CELLS = 128  # of a fill's outline, each way
FAINT = 0.15  # of the hottest place; what is less is not drawn


@dataclass(frozen=True)
class Line:
    """A stroke in px of the drawing: `points` is what SVG's polyline wants."""

    points: str
    width: float


@dataclass(frozen=True)
class Outline:
    """A part of a drawing: its strokes in px, and the region of its fills as a path in CELLS by CELLS units."""

    number: int
    lines: list[Line]
    region: str


@dataclass(frozen=True)
class Hot:
    """A place of the heat map, in places from the left and the top; `strength` above 0 to 1."""

    x: int
    y: int
    strength: float
    against: bool


def outlines(drawing: Drawing, reasons: Sequence[Reason]) -> list[Outline]:
    """Returns the parts that reasons are about, in the order of drawing."""
    total = sum(len(op.pts) for op in drawing.ops if isinstance(op, Stroke))
    step, layers = max(1, ceil(total / MOST_POINTS)), Layers(drawing)
    found = []
    for reason in sorted(reasons, key=lambda reason: reason.number):
        ops = [(i, drawing.ops[i]) for i in reason.ops]
        lines = [_line(op, step) for _, op in ops if isinstance(op, Stroke)]
        fills = [i for i, op in ops if isinstance(op, Fill)]
        found.append(Outline(reason.number, lines, _region(layers.cells(fills)) if fills else ""))
    return found


def hot(heat: Sequence[Sequence[float]], noise: float) -> list[Hot]:
    """Returns the places that matter; the strongest is 1, unless even that hardly rises above the judge's noise."""
    cells = np.array(heat)
    most = max(float(np.abs(cells).max()), 2 * noise)
    strengths = np.abs(cells) / most
    return [
        Hot(int(x), int(y), round(float(strengths[y, x]), 2), bool(cells[y, x] < 0))
        for y, x in np.argwhere(strengths >= FAINT)
    ]


def _line(stroke: Stroke, step: int) -> Line:
    kept = [*stroke.pts[::step], stroke.pts[-1]]
    points = " ".join(f"{x / UNIT:.5g},{y / UNIT:.5g}" for x, y, _, _ in kept)
    return Line(points, round(2 * sum(r for _, _, r, _ in kept) / len(kept) / UNIT, 1))


def _region(cells: NDArray[np.bool_]) -> str:
    """The rows of cells as runs: `M3 7h5v1h-5z`."""
    centres = ((np.arange(CELLS) + 0.5) * len(cells) / CELLS).astype(int)
    rows = np.pad(cells[np.ix_(centres, centres)].astype(np.int8), ((0, 0), (1, 1)))
    starts, ends = np.argwhere(np.diff(rows, axis=1) == 1), np.argwhere(np.diff(rows, axis=1) == -1)
    return "".join(f"M{x} {y}h{end - x}v1h{x - end}z" for (y, x), (_, end) in zip(starts, ends, strict=True))
