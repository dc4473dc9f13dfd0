"""The rasteriser's loops: the twin, line by line, of static/draw/raster.js. Both give the same bytes.

Only `+ - * / sqrt ceil floor` on doubles, which IEEE 754 fixes to the last bit; numba compiles the loops as written
(no fastmath, no fused operations). Change one twin and change the other, then run `python -m tests.golden.make`.

All compiled functions stand in this one file because numba's cache notices a change only in the file of the function
it was asked for. They are compiled at their first call and kept in `__pycache__`, or where NUMBA_CACHE_DIR says (needed
when neither the package's folder nor the home folder can be written). They release the GIL.

A grid is a flat uint8 array of w * w palette indices, row by row; `scale` is grid cells a pixel.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, sqrt
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

UNIT = 16  # coordinates and radii on the wire: integers, 1/16 px
MARK = 255  # never a palette index (at most 64): the region being filled
STROKE, FILL = 0, 1

Grid = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Point = tuple[float, float, float]  # x, y, r
Box = tuple[int, int, int, int]  # x0, y0, x1, y1; right and lower edge excluded
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile at the first call; numba's decorator is untyped, so this is the one place that says the type stays."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def span(g: Grid, w: int, y: int, a: int, b: int, c: int) -> None:
    """Paint columns a to b (both included) of row y."""
    if y < 0 or y >= w or b < a or b < 0 or a >= w:
        return
    g[y * w + max(a, 0) : y * w + min(b, w - 1) + 1] = c


@compiled
def disc(g: Grid, w: int, p: Point, c: int) -> None:
    """Paint every cell whose centre lies in the disc p = (x, y, r), in cells."""
    x, y, r = p
    top, bottom = max(ceil(y - r - 0.5), 0), min(floor(y + r - 0.5), w - 1)
    for row in range(top, bottom + 1):
        d = (row + 0.5) - y
        k = sqrt(max(r * r - d * d, 0.0))
        span(g, w, row, ceil(x - k - 0.5), floor(x + k - 0.5), c)


@compiled
def quad(g: Grid, w: int, p: Point, q: Point, c: int) -> None:
    """Paint the band between the discs p and q: the quadrilateral of their ends square to the line that joins them."""
    (x0, y0, r0), (x1, y1, r1) = p, q
    dx, dy = x1 - x0, y1 - y0
    length = sqrt(dx * dx + dy * dy)
    if not length > 0:
        return
    nx, ny = -dy / length, dx / length
    px = (x0 + nx * r0, x1 + nx * r1, x1 - nx * r1, x0 - nx * r0)
    py = (y0 + ny * r0, y1 + ny * r1, y1 - ny * r1, y0 - ny * r0)
    top = max(ceil(min(py[0], py[1], py[2], py[3]) - 0.5), 0)
    bottom = min(floor(max(py[0], py[1], py[2], py[3]) - 0.5), w - 1)
    for row in range(top, bottom + 1):
        m = row + 0.5
        left, right = np.inf, -np.inf
        for e in range(4):
            f = (e + 1) & 3
            xa, ya, xb, yb = px[e], py[e], px[f], py[f]
            if (ya <= m and m < yb) or (yb <= m and m < ya):
                x = xa + (m - ya) / (yb - ya) * (xb - xa)
                if x < left:
                    left = x
                if x > right:
                    right = x
        if right >= left:
            span(g, w, row, ceil(left - 0.5), floor(right - 0.5), c)


@compiled
def flood(g: Grid, w: int, h: int, x: int, y: int, c: int) -> Box:
    """Turn the 4-connected region of cell (x, y) into c, another value than it has; return the region's box."""
    s = g[y * w + x]
    x0, y0, x1, y1 = x, y, x + 1, y + 1
    todo = [(y, x, x, 0)]
    while len(todo) > 0:
        row, first, last, back = todo.pop()
        line = g[row * w : row * w + w]
        if line[first] != s:
            continue
        left, right = first, last
        while left > 0 and line[left - 1] == s:
            left -= 1
        while right < w - 1 and line[right + 1] == s:
            right += 1
        line[left : right + 1] = c
        x0, y0, x1, y1 = min(x0, left), min(y0, row), max(x1, right + 1), max(y1, row + 1)
        for step in (-1, 1):
            if row + step < 0 or row + step >= h:
                continue
            line = g[(row + step) * w : (row + step) * w + w]
            i = left
            while i <= right:
                j = i
                if step == back and i == first:
                    j = last
                elif line[i] == s:
                    while j < right and line[j + 1] == s:
                        j += 1
                    todo.append((row + step, i, j, -step))
                i = j + 1
    return x0, y0, x1, y1


@compiled
def grow(m: Grid, w: int, h: int, k: int) -> Grid:
    """Widen the ones of a grid of zeros and ones by k cells in the eight directions (a square dilation); a new grid."""
    wide = m.copy()
    for y in range(h):
        line, to = m[y * w : y * w + w], wide[y * w : y * w + w]
        for s in range(1, k + 1):
            for i in range(w - s):
                to[i] |= line[i + s]
            for i in range(w - s):
                to[i + s] |= line[i]
    both = wide.copy()
    for y in range(h):
        to = both[y * w : y * w + w]
        for near in range(max(y - k, 0), min(y + k, h - 1) + 1):
            line = wide[near * w : near * w + w]
            for i in range(w):
                to[i] |= line[i]
    return both


@compiled
def fill(g: Grid, w: int, x: int, y: int, c: int, k: int) -> Box:
    """Fill the region of cell (x, y) with c, but not through gaps of up to 2 k cells.

    What is filled is what the region loses when its walls grow by k and what the rest then gains when it grows back
    (a morphological opening). A seed in so narrow a place fills plainly, gaps and all.
    """
    s = g[y * w + x]
    if s == c:
        return x, y, x, y
    box = flood(g, w, w, x, y, MARK)
    x0, y0 = max(box[0] - k, 0), max(box[1] - k, 0)
    ww, wh = min(box[2] + k, w) - x0, min(box[3] + k, w) - y0
    wall = np.zeros(ww * wh, np.uint8)
    for j in range(wh):
        line, to = g[(y0 + j) * w + x0 : (y0 + j) * w + x0 + ww], wall[j * ww : j * ww + ww]
        for i in range(ww):
            to[i] = 0 if line[i] == MARK else 1
    wall = grow(wall, ww, wh, k)
    narrow = wall[(y - y0) * ww + x - x0] == 1
    if not narrow:
        flood(wall, ww, wh, x - x0, y - y0, 2)
    for i in range(ww * wh):
        wall[i] = 1 if narrow or wall[i] == 2 else 0
    reached = grow(wall, ww, wh, k)
    for j in range(wh):
        line, to = g[(y0 + j) * w + x0 : (y0 + j) * w + x0 + ww], reached[j * ww : j * ww + ww]
        for i in range(ww):
            if line[i] == MARK:
                line[i] = c if to[i] == 1 else s
    return box


@compiled
def stroke_segment(g: Grid, w: int, p: Ints, q: Ints, c: int, scale: int) -> None:
    """Draw one step of a growing stroke: the disc at point q and the band from point p before it (q at the start)."""
    a = (p[0] * scale / UNIT, p[1] * scale / UNIT, p[2] * scale / UNIT)
    b = (q[0] * scale / UNIT, q[1] * scale / UNIT, q[2] * scale / UNIT)
    disc(g, w, b, c)
    quad(g, w, a, b, c)


@compiled
def apply_op(g: Grid, w: int, op: Ints, pts: Ints, scale: int) -> None:
    """Draw one operation: (STROKE, colour, first point, end of points) or (FILL, colour, x, y)."""
    if op[0] == FILL:
        x = min(max(floor(op[2] * scale / UNIT), 0), w - 1)
        y = min(max(floor(op[3] * scale / UNIT), 0), w - 1)
        fill(g, w, x, y, op[1], scale)
        return
    p = op[2]
    for q in range(op[2], op[3]):
        stroke_segment(g, w, pts[p], pts[q], op[1], scale)
        p = q


@compiled
def render(ops: Ints, pts: Ints, size: int, bg: int, scale: int) -> Grid:
    """Return the grid of a whole drawing, (size * scale) cells wide and high."""
    w = size * scale
    g = np.full(w * w, bg, np.uint8)
    for i in range(len(ops)):
        apply_op(g, w, ops[i], pts, scale)
    return g


@compiled
def average(g: Grid, w: int, colors: Grid, n: int) -> Grid:
    """Return the grid as an RGB picture of n by n pixels: every pixel the exact mean of the area it covers.

    Halves are rounded up. In whole numbers: a cell is n units wide, a pixel w units, so any n goes with any w.
    """
    out = np.zeros(n * n * 3, np.uint8)
    area = w * w
    half = area // 2
    for y in range(n):
        j0, j1 = y * w // n, (y * w + w - 1) // n
        for x in range(n):
            i0, i1 = x * w // n, (x * w + w - 1) // n
            red, green, blue = half, half, half
            for j in range(j0, j1 + 1):
                high = min((j + 1) * n, (y + 1) * w) - max(j * n, y * w)
                for i in range(i0, i1 + 1):
                    part = high * (min((i + 1) * n, (x + 1) * w) - max(i * n, x * w))
                    c = np.int64(g[j * w + i]) * 3
                    red += part * colors[c]
                    green += part * colors[c + 1]
                    blue += part * colors[c + 2]
            o = (y * n + x) * 3
            out[o], out[o + 1], out[o + 2] = red // area, green // area, blue // area
    return out
