"""The rasteriser once more, in plain numpy: what bench/raster.py measures the compiled loops against.

It batches: all discs and bands of a stroke at once, as row spans summed up in a difference array. Same bytes.
"""

import numpy as np
import numpy.typing as npt

from game.rules.drawing import UNIT, Drawing, Fill

CHUNK = 256  # segments a batch: bounds the memory
Grid = npt.NDArray[np.uint8]
Spans = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]  # row, first, last column


def master(drawing: Drawing, scale: int = 2) -> Grid:
    """Return the grid of a drawing, as game.rules.raster.master does."""
    w = drawing.size * scale
    grid = np.full((w, w), drawing.bg, np.uint8)
    for op in drawing.ops:
        if isinstance(op, Fill):
            x, y = (min(max(v * scale // UNIT, 0), w - 1) for v in (op.x, op.y))
            fill(grid, x, y, op.color, scale)
        else:
            stroke(grid, np.array(op.pts, np.float64)[:, :3] * scale / UNIT, op.color)
    return grid


def picture(drawing: Drawing, scale: int = 2) -> Grid:
    """Return the drawing's RGB picture at its own size, as game.rules.raster.picture does."""
    colors = np.array([tuple(bytes.fromhex(color[1:])) for color in drawing.palette], np.uint32)
    cells: npt.NDArray[np.uint32] = colors[master(drawing, scale)].reshape(drawing.size, scale, drawing.size, scale, 3)
    mean: npt.NDArray[np.uint32] = (cells.sum(axis=(1, 3)) + scale * scale // 2) // (scale * scale)
    return mean.astype(np.uint8)


def stroke(grid: Grid, points: npt.NDArray[np.float64], color: int) -> None:
    """Paint discs and bands of the points (n, 3), in cells."""
    for start in range(0, len(points), CHUNK):
        paint(grid, discs(*points[start : start + CHUNK].T), color)
        batch = points[start : start + CHUNK + 1]
        if len(batch) > 1:
            paint(grid, bands(batch[:-1], batch[1:]), color)


def discs(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], r: npt.NDArray[np.float64]) -> Spans:
    """Return the row spans of discs."""
    i, row = rows(np.ceil(y - r - 0.5), np.floor(y + r - 0.5))
    d = (row + 0.5) - y[i]
    k = np.sqrt(np.maximum(r[i] * r[i] - d * d, 0.0))
    return row, np.ceil(x[i] - k - 0.5), np.floor(x[i] + k - 0.5)


def bands(p: npt.NDArray[np.float64], q: npt.NDArray[np.float64]) -> Spans:
    """Return the row spans of the quadrilaterals between discs p and q, (n, 3) each."""
    dx, dy = q[:, 0] - p[:, 0], q[:, 1] - p[:, 1]
    length = np.sqrt(dx * dx + dy * dy)
    keep = length > 0
    nx, ny = -dy[keep] / length[keep], dx[keep] / length[keep]
    (x0, y0, r0), (x1, y1, r1) = p[keep].T, q[keep].T
    px = np.stack([x0 + nx * r0, x1 + nx * r1, x1 - nx * r1, x0 - nx * r0], 1)
    py = np.stack([y0 + ny * r0, y1 + ny * r1, y1 - ny * r1, y0 - ny * r0], 1)
    i, row = rows(np.ceil(py.min(1) - 0.5), np.floor(py.max(1) - 0.5))
    m = row + 0.5
    left, right = np.full(len(row), np.inf), np.full(len(row), -np.inf)
    for e in range(4):
        f = (e + 1) & 3
        xa, ya, xb, yb = px[i, e], py[i, e], px[i, f], py[i, f]
        hit = ((ya <= m) & (m < yb)) | ((yb <= m) & (m < ya))
        x = xa + (m - ya) / np.where(hit, yb - ya, 1.0) * (xb - xa)
        left = np.where(hit & (x < left), x, left)
        right = np.where(hit & (x > right), x, right)
    some = right >= left
    return row[some], np.ceil(left[some] - 0.5), np.floor(right[some] - 0.5)


def rows(
    low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return every row of the ragged ranges low..high with the index of its range."""
    count = np.maximum((high - low + 1).astype(np.int64), 0)
    i = np.repeat(np.arange(len(low)), count)
    return i, low[i] + (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count))


def paint(grid: Grid, spans: Spans, color: int) -> None:
    """Paint all spans: +1 where one begins, -1 after its end, and the running sum says what is covered."""
    row, first, last = spans
    h, w = grid.shape
    seen = (row >= 0) & (row < h) & (last >= first) & (last >= 0) & (first < w)
    if not seen.any():
        return
    row = row[seen].astype(np.int64)
    first = np.maximum(first[seen], 0).astype(np.int64)
    last = np.minimum(last[seen], w - 1).astype(np.int64)
    y0, y1, x0, x1 = row.min(), row.max(), first.min(), last.max()
    wide = x1 - x0 + 2
    base, size = (row - y0) * wide - x0, (y1 - y0 + 1) * wide
    steps = np.bincount(base + first, minlength=size) - np.bincount(base + last + 1, minlength=size)
    covered = np.cumsum(steps.reshape(-1, wide), axis=1, dtype=np.int32)[:, :-1] > 0
    grid[y0 : y1 + 1, x0 : x1 + 1][covered] = color


def fill(grid: Grid, x: int, y: int, color: int, k: int) -> None:
    """Fill with gap closing: open the region by k cells; a seed in a narrow place fills plainly."""
    same = grid == grid[y, x]
    free = ~grow(~same, k)
    if not free[y, x]:
        grid[connected(same, x, y)] = color
    else:
        grid[grow(connected(free, x, y), k) & same] = color


def grow(mask: npt.NDArray[np.bool_], k: int) -> npt.NDArray[np.bool_]:
    """Return the mask widened by k cells in the eight directions."""
    for axis in (0, 1):
        wide = mask.copy()
        for s in range(1, k + 1):
            ahead, behind = [slice(None)] * 2, [slice(None)] * 2
            ahead[axis], behind[axis] = slice(s, None), slice(None, -s)
            wide[tuple(ahead)] |= mask[tuple(behind)]
            wide[tuple(behind)] |= mask[tuple(ahead)]
        mask = wide
    return mask


def connected(mask: npt.NDArray[np.bool_], x: int, y: int) -> npt.NDArray[np.bool_]:
    """Return the 4-connected part of the mask around (x, y), found run by run."""
    h, w = mask.shape
    edge = np.zeros((h, w + 2), np.int8)
    edge[:, 1:-1] = mask
    steps = np.diff(edge, axis=1)
    row, first = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    of_row = np.searchsorted(row, np.arange(h + 1)).tolist()
    begins, ends = first.tolist(), end.tolist()
    start = next(i for i in range(of_row[y], of_row[y + 1]) if begins[i] <= x < ends[i])
    found, todo = {start}, [(start, y)]
    out = np.zeros((h, w), bool)
    while todo:
        i, at = todo.pop()
        out[at, begins[i] : ends[i]] = True
        for near in (at - 1, at + 1):
            if 0 <= near < h:
                for j in range(of_row[near], of_row[near + 1]):
                    if begins[j] < ends[i] and begins[i] < ends[j] and j not in found:
                        found.add(j)
                        todo.append((j, near))
    return out
