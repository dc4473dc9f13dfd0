"""A drawing without some of its operations, and as it was after the first few: what the judge is shown for its reasons.

A plain re-rendering would not do: without its outline a fill runs over the whole sheet, and the outline would get the
blame. So a fill stays where it was in the whole drawing, and takes only those cells besides that what is left out had
covered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from game.rules import raster
from game.rules.drawing import UNIT, Drawing, Fill

if TYPE_CHECKING:
    from game.rules.raster_loops import Grid

SIZE = 512  # px, of the pictures: that which is judged
Cells = NDArray[np.bool_]
Box = tuple[int, int, int, int]  # cells: left, top, right, bottom; the last two excluded


@dataclass(frozen=True)
class Patch:
    """Cells of a grid that a fill has painted: their box, and which in it."""

    box: Box
    cells: Cells

    def pour(self, grid: Grid, color: int) -> None:
        """Paint the cells."""
        left, top, right, bottom = self.box
        grid[top:bottom, left:right][self.cells] = color


class Layers:
    """A drawing, rendered once, of which parts can be left out; `whole` is its master. Its methods may share threads.

    Grids are uint8 (w, w) palette indices, w twice the drawing's size.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self._ops, self._pts = raster.arrays(drawing)
        self._patches: dict[int, Patch] = {}
        self.whole = self._blank()
        for i, op in enumerate(drawing.ops):
            before = self.whole.copy() if isinstance(op, Fill) else None
            self._paint(self.whole, i)
            if before is not None:
                self._patches[i] = _patch(before != self.whole)
        self._picture = raster.picture_of(self.whole, drawing.palette, SIZE)

    def without(self, left_out: Collection[int]) -> Grid:
        """Return the master without the operations of these indices."""
        grid, gone = self._blank(), list[int]()
        for i, op in enumerate(self.drawing.ops):
            if i in left_out:
                gone.append(i)
            elif not isinstance(op, Fill):
                self._paint(grid, i)
            elif any(_touch(self._box(other), self._patches[i].box) for other in gone):
                uncovered = self.cells(gone) & (self._paint(grid.copy(), i) != grid)
                self._patches[i].pour(grid, op.color)
                grid[uncovered] = op.color
            else:
                self._patches[i].pour(grid, op.color)
        return grid

    def after(self, count: int) -> Grid:
        """Return the master as it was after the first `count` operations."""
        return self.without(range(count, len(self.drawing.ops)))

    def cells(self, ops: Collection[int]) -> Cells:
        """Return which cells the operations of these indices paint, seen or covered later."""
        found = np.zeros(self.whole.shape, np.uint8)
        for i in ops:
            if i in self._patches:
                self._patches[i].pour(found, 1)
            else:
                self._paint(found, i, 1)
        return found.astype(np.bool_)

    def picture(self, grid: Grid) -> Image.Image:
        """Return the RGB picture of a grid, SIZE px a side; only what differs from the whole is averaged anew."""
        left, top, right, bottom = _patch(grid != self.whole).box
        picture = self._picture.copy()
        if right == left:
            return picture
        # Cells and pixels have common edges at every tile; averages of whole tiles are those of the whole picture.
        tiles = gcd(len(grid), SIZE)
        cells, pixels = len(grid) // tiles, SIZE // tiles
        many = max(-(-right // cells) - left // cells, -(-bottom // cells) - top // cells)
        x, y = min(left // cells, tiles - many), min(top // cells, tiles - many)
        square = grid[y * cells : (y + many) * cells, x * cells : (x + many) * cells]
        patch = raster.picture_of(np.ascontiguousarray(square), self.drawing.palette, many * pixels)
        picture.paste(patch, (x * pixels, y * pixels))
        return picture

    def _blank(self) -> Grid:
        side = self.drawing.size * raster.MASTER_SCALE
        return np.full((side, side), self.drawing.bg, np.uint8)

    def _paint(self, grid: Grid, index: int, color: int | None = None) -> Grid:
        from game.rules.raster_loops import apply_op

        op = self._ops[index]
        if color is not None:
            op = op.copy()
            op[1] = color
        apply_op(grid.reshape(-1), len(grid), op, self._pts, raster.MASTER_SCALE)
        return grid

    def _box(self, index: int) -> Box:
        """The cells that an operation may have painted, and some around them."""
        op = self.drawing.ops[index]
        if isinstance(op, Fill):
            return self._patches[index].box
        xs, ys, radii = ([point[k] * raster.MASTER_SCALE // UNIT for point in op.pts] for k in range(3))
        wide = max(radii) + 2 * raster.MASTER_SCALE
        return min(xs) - wide, min(ys) - wide, max(xs) + wide, max(ys) + wide


def _patch(cells: Cells) -> Patch:
    rows, columns = np.flatnonzero(cells.any(1)), np.flatnonzero(cells.any(0))
    if not len(rows):
        return Patch((0, 0, 0, 0), cells[:0, :0])
    left, top, right, bottom = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    return Patch((left, top, right, bottom), cells[top:bottom, left:right].copy())


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
