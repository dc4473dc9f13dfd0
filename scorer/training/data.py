"""The drawings that the embedded judge learns from: read, split, rendered once into small masks.

Quick, Draw! drawings are outlines without colour.  Each is rendered once at `SIDE` x `SIDE` into one byte a pixel: the
low seven bits hold how much of the pixel the line covers (0 to 127), the high bit says that the pixel is enclosed by
the line, so that training can colour and fill the drawing in any way without rendering it again.  A second byte says
when the line came to the pixel, so that a drawing can be shown while it is still being drawn.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from numba import njit
from PIL import Image, ImageDraw

SIDE = 96
LINE = 2.2  # width of a line in the mask, in mask pixels; training thickens it at random
MARGIN = 6
HELD_BACK = 20  # one drawing in so many is never trained on

Strokes = list[list[list[int]]]


class Drawings:
    """Human drawings by word.

    `masks` (n, SIDE, SIDE) uint8 and `moments`, which says how much of the whole line, in 255ths, was drawn before it
    came to a pixel, hold all drawings of the file; `rows` (m,) are the places in them of those that are used, `labels`
    (m,) the index of each one's word, and `words` the words in alphabetical order.
    """

    def __init__(self, masks: np.ndarray, moments: np.ndarray, names: Sequence[str], without: Sequence[str]) -> None:
        self.masks, self.moments = masks, moments
        self.words = sorted(set(names) - set(without))
        index = {word: number for number, word in enumerate(self.words)}
        self.rows = np.array([row for row, name in enumerate(names) if name in index], np.int64)
        self.labels = np.array([index[names[row]] for row in self.rows], np.int64)
        order = np.argsort(self.labels, kind="stable")
        self._by_word = np.split(order, np.searchsorted(self.labels[order], range(1, len(self.words))))

    def of(self, word: int) -> np.ndarray:
        """Return the numbers, in [0, m), of a word's drawings."""
        return self._by_word[word]


def is_held_back(key_id: str) -> bool:
    """Return whether the drawing with this key is kept for evaluation; depends on the key alone."""
    return zlib.crc32(str(key_id).encode()) % HELD_BACK == 0


def read(folder: Path, held_back: bool) -> tuple[list[str], list[str], list[str]]:
    """Return (words in order, word of each drawing, drawing as JSON) of one half of the split.

    Raises FileNotFoundError, with what to do, when the folder lacks the data set.
    """
    path = folder / "quickdraw-train.parquet"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: give --data the folder that holds quickdraw-train.parquet")
    table = parquet.read_table(path)
    kept = [is_held_back(key) == held_back for key in table["key_id"].to_pylist()]
    words = table["word"].to_pylist()
    drawings = table["drawing"].to_pylist()
    return (
        sorted(set(words)),
        [word for word, keep in zip(words, kept, strict=True) if keep],
        [drawing for drawing, keep in zip(drawings, kept, strict=True) if keep],
    )


def load(folder: Path, held_back: bool, cache: Path, without: Sequence[str] = ()) -> Drawings:
    """Return one half of the drawings, rendered at the first call and read from `cache` afterwards.

    Drawings of the words `without` are left out.
    """
    _, names, drawings = read(folder, held_back)
    half = "held" if held_back else "train"
    masks, moments = (_rendered(what, drawings, cache, half) for what in ("masks", "moments"))
    return Drawings(masks, moments, names, without)


def _rendered(what: str, drawings: list[str], cache: Path, half: str) -> np.ndarray:
    path = cache / f"{what}-{SIDE}-{half}-{len(drawings)}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        render = {"masks": _masks, "moments": _moments}[what]
        with ProcessPoolExecutor(2) as pool:
            parts = list(pool.map(render, [drawings[i : i + 2000] for i in range(0, len(drawings), 2000)]))
        np.save(path, np.concatenate(parts))
    found: np.ndarray = np.load(path, mmap_mode="r")
    return found


def picture(strokes: Strokes, side: int = 256, width: float = 5.0) -> Image.Image:
    """Return a drawing as a black line on white paper, as the evaluation shows it to a judge."""
    cover = _cover(strokes, side, width, side / 16)
    return Image.fromarray(255 - cover, "L").convert("RGB")


def _masks(drawings: Sequence[str]) -> np.ndarray:
    out = np.zeros((len(drawings), SIDE, SIDE), np.uint8)
    for row, drawing in enumerate(drawings):
        cover = _cover(json.loads(drawing), SIDE, LINE, MARGIN)
        out[row] = (cover >> 1) | (_enclosed(cover > 60).astype(np.uint8) << 7)
    return out


def _moments(drawings: Sequence[str]) -> np.ndarray:
    out = np.zeros((len(drawings), SIDE, SIDE), np.uint8)
    for row, drawing in enumerate(drawings):
        strokes = _framed(json.loads(drawing), SIDE, MARGIN)
        ways = [np.hypot(*np.diff(xy, axis=0).T) for xy in strokes]
        whole = max(sum(float(way.sum()) for way in ways), 1.0)
        image = Image.new("L", (SIDE, SIDE))
        draw = ImageDraw.Draw(image)
        drawn = whole
        for xy, way in zip(reversed(strokes), reversed(ways), strict=True):  # what came first lies on top
            for k in range(len(way) - 1, -1, -1):
                drawn -= float(way[k])
                span = [tuple(xy[k]), tuple(xy[k + 1])]
                draw.line(span, fill=int(255 * max(0.0, drawn) / whole), width=5)  # wider than the line at its softest
        out[row] = np.asarray(image)
    return out


def _framed(strokes: Strokes, side: int, margin: float) -> list[np.ndarray]:
    """Return the strokes' points (n, 2), the drawing's longer side filling the frame but for the margin."""
    lines = [np.array(stroke, np.float64).T for stroke in strokes]
    points = np.concatenate(lines)
    low, high = points.min(0), points.max(0)
    zoom = (side - 2 * margin) / max((high - low).max(), 1.0)
    shift = (side - (high - low) * zoom) / 2
    return [(line - low) * zoom + shift for line in lines]


def _cover(strokes: Strokes, side: int, width: float, margin: float) -> np.ndarray:
    """Return how much of each pixel the line covers, 0 to 255."""
    scale = 3
    image = Image.new("L", (side * scale, side * scale))
    draw = ImageDraw.Draw(image)
    thick = width * scale
    for line in _framed(strokes, side, margin):
        xy = line * scale
        draw.line([tuple(p) for p in xy], fill=255, width=round(thick), joint="curve")
        for x, y in (xy[0], xy[-1]):
            draw.ellipse([x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2], fill=255)
    cover: np.ndarray = np.asarray(image.reduce(scale))
    return cover


@njit(cache=True)
def _enclosed(wall: np.ndarray) -> np.ndarray:
    """Return the cells that cannot be reached from the border without crossing the wall, the wall left out."""
    n = wall.shape[0]
    seen = np.zeros((n, n), np.bool_)
    todo = np.empty((n * n, 2), np.int64)
    count = 0
    for i in range(n):
        for y, x in ((0, i), (n - 1, i), (i, 0), (i, n - 1)):
            if not wall[y, x] and not seen[y, x]:
                seen[y, x] = True
                todo[count, 0], todo[count, 1] = y, x
                count += 1
    while count:
        count -= 1
        y, x = todo[count, 0], todo[count, 1]
        for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            v, u = y + dy, x + dx
            if 0 <= v < n and 0 <= u < n and not wall[v, u] and not seen[v, u]:
                seen[v, u] = True
                todo[count, 0], todo[count, 1] = v, u
                count += 1
    return ~(seen | wall)  # type: ignore[no-any-return]  # numba types it
