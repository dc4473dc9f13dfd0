"""The server's rasteriser: a checked drawing in, the master or the picture out.

The master is a square of palette indices at twice the drawing's size: hard-edged, so a fill meets lines exactly and
every colour stays countable. The picture is its exact area average. The loops are in `raster_loops`, their twin for the
browser in static/draw/raster.js; after a change in either, `python -m tests.golden.make` renews the shared checksums.
The loops, and numba with them, are loaded for the first drawing: the server answers a good part of a second earlier.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from game.rules.drawing import Drawing, DrawingError, Fill
from game.sayings import say

if TYPE_CHECKING:
    from game.rules.raster_loops import Grid, Ints

MASTER_SCALE = 2
MOST_SCALE = 4
MOST_SIZE = 2048  # px, of a picture


def master(drawing: Drawing, scale: int = MASTER_SCALE) -> Grid:
    """Return the drawing's grid of palette indices, uint8 (size * scale, size * scale); scale 1 to 4."""
    from game.rules.raster_loops import render

    if not 1 <= scale <= MOST_SCALE:
        raise ValueError(f"The scale is 1 to {MOST_SCALE} cells a pixel, not {scale}.")
    ops, pts = arrays(drawing)
    w = drawing.size * scale
    return render(ops, pts, drawing.size, drawing.bg, scale).reshape(w, w)


def picture(drawing: Drawing, size: int = 512) -> Image.Image:
    """Return the RGB picture of `size` (1 to 2048) pixels a side that is judged: the area average of the master."""
    return picture_of(master(drawing), drawing.palette, size)


def picture_of(grid: Grid, palette: tuple[str, ...], size: int = 512) -> Image.Image:
    """Return the picture of a grid that is already rendered, as `picture` does."""
    from game.rules.raster_loops import average

    if not 1 <= size <= MOST_SIZE:
        raise ValueError(f"A picture is 1 to {MOST_SIZE} px wide and high, not {size}.")
    colors = np.frombuffer(bytes.fromhex("".join(color[1:] for color in palette)), np.uint8)
    pixels = average(grid.reshape(-1), grid.shape[0], colors, size)
    return Image.fromarray(pixels.reshape(size, size, 3))


def checksum(drawing: Drawing) -> int:
    """Return the CRC-32 of the master's bytes, which the browser's twin computes from its own."""
    return zlib.crc32(master(drawing).tobytes())


def require_marks(drawing: Drawing, grid: Grid | None = None) -> None:
    """Raise DrawingError when nothing can be seen: no operation, or only ones off the canvas or in the background.

    `grid` is the drawing's master where it is rendered already.
    """
    if bool(((master(drawing) if grid is None else grid) == drawing.bg).all()):
        raise DrawingError(
            [("#/ops", say("The canvas is still empty, so there is nothing to judge yet. Draw something."))]
        )


def arrays(drawing: Drawing) -> tuple[Ints, Ints]:
    """Return the drawing as `render` takes it: operations (n, 4) as `apply_op` reads, all points (m, 3) in a row."""
    from game.rules.raster_loops import FILL, STROKE

    ops: list[tuple[int, int, int, int]] = []
    pts: list[tuple[int, int, int]] = []
    for op in drawing.ops:
        if isinstance(op, Fill):
            ops.append((FILL, op.color, op.x, op.y))
        else:
            ops.append((STROKE, op.color, len(pts), len(pts) + len(op.pts)))
            pts += [point[:3] for point in op.pts]
    return np.array(ops, np.int64).reshape(-1, 4), np.array(pts, np.int64).reshape(-1, 3)
