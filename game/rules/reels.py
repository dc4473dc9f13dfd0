"""A drawing at moments of its making: when which point appears, and the picture at evenly spaced moments.

`beats` is the twin of static/replay/timeline.js: recorded times are followed, but pauses are cut; where times are
missing or nonsense, the hand moves at an even pace.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from game.rules import raster
from game.rules.drawing import Drawing, Fill, Stroke

if TYPE_CHECKING:
    from PIL import Image

    from game.rules.raster_loops import Grid, Ints

PAUSE = 250  # ms, the longest one kept
FILL = 300  # ms before a fill lands
PACE = 0.6 * 16  # 1/16 px a ms, where no times are known
LEAST = 60  # ms that the shortest stroke takes then


class Beat(NamedTuple):
    """Something appears: at `at` ms, of operation `op`, the point `point` (a fill's is 0)."""

    at: float
    op: int
    point: int


def beats(drawing: Drawing) -> list[Beat]:
    """Return when each point of a drawing appears, in order; the last one's `at` is how long the drawing takes."""
    found, now = list[Beat](), 0.0
    for index, op in enumerate(drawing.ops):
        if isinstance(op, Fill):
            now += FILL
            found.append(Beat(now, index, 0))
            continue
        times = _paced(op)
        found += [Beat(now + time, index, point) for point, time in enumerate(times)]
        now += times[-1] + PAUSE
    return found


def moments(drawing: Drawing, count: int, size: int) -> Iterator[Image.Image]:
    """Yield a drawing's pictures, `size` px a side, at `count` moments: the blank sheet first, all of it last.

    `count` is 2 or more. The last picture is byte for byte the one that `raster.picture` makes.
    """
    sheet, told = _Sheet(drawing), beats(drawing)
    total = told[-1].at if told else 0.0
    yield sheet.picture(size)
    done = 0
    for number in range(1, count):
        until = total * number / (count - 1) if number < count - 1 else total
        while done < len(told) and told[done].at <= until:
            done += 1
        if done:
            sheet.show(told[done - 1])
        yield sheet.picture(size)


class _Sheet:
    """A drawing that grows; what is drawn already is never drawn again."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._ops, self._pts = raster.arrays(drawing)
        side = drawing.size * raster.MASTER_SCALE
        self._grid: Grid = np.full((side, side), drawing.bg, np.uint8)
        self._op, self._point = 0, -1  # the operation under way, and its last point that is drawn

    def show(self, beat: Beat) -> None:
        """Draw everything up to a beat, which is never before the last one shown."""
        while self._op < beat.op:
            self._to(self._last(self._op))
            self._op, self._point = self._op + 1, -1
        self._to(beat.point)

    def picture(self, size: int) -> Image.Image:
        """The picture as it stands."""
        return raster.picture_of(self._grid, self._drawing.palette, size)

    def _to(self, point: int) -> None:
        from game.rules.raster_loops import apply_op

        if point <= self._point:
            return
        op: Ints = self._ops[self._op].copy()
        if isinstance(self._drawing.ops[self._op], Stroke):
            # From the point drawn last: its disc is there already, so nothing differs from one go.
            op[2], op[3] = op[2] + max(self._point, 0), op[2] + point + 1
        apply_op(self._grid.reshape(-1), len(self._grid), op, self._pts, raster.MASTER_SCALE)
        self._point = point

    def _last(self, index: int) -> int:
        op = self._drawing.ops[index]
        return len(op.pts) - 1 if isinstance(op, Stroke) else 0


def _paced(stroke: Stroke) -> list[float]:
    """The ms at which a stroke's points appear, counted from its first one."""
    points, times = stroke.pts, [0.0]
    recorded = points[-1][3] > points[0][3]
    for before, after in pairwise(points):
        step = min(max(after[3] - before[3], 0), PAUSE) if recorded else _apart(before, after) / PACE
        times.append(times[-1] + step)
    if recorded or times[-1] >= LEAST or len(points) == 1:
        return times
    return [LEAST * i / (len(points) - 1) for i in range(len(points))]


def _apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    return hypot(other[0] - one[0], other[1] - one[1])
