"""What the embedded VQGAN learns from: people's drawings and emoji, split, and brought into a form to compose from.

Quick, Draw! drawings are outlines.  Each is kept as one byte a pixel at `SIDE` x `SIDE`: the low seven bits hold the
distance to the line in eighths of a pixel, the high bit says that the pixel lies within the outline.  Distances, unlike
pictures, can be enlarged: so any pen, at any size, has a sharp edge (Green, "Improved Alpha-Tested Magnification for
Vector Textures and Special Effects", SIGGRAPH 2007).
"""

from __future__ import annotations

import io
import json
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
from numba import njit
from PIL import Image

SIDE = 96
MARGIN = 14  # pixels around a drawing; FURTHEST, with which all pixels outside are as good as infinitely far, fits in
STEPS = 8  # of a distance, in a pixel
FURTHEST = 127 / STEPS
WALL = 1.3  # pixels from the line through which no fill runs, so that small gaps are closed
EMOJI = 128  # px a side
HELD_BACK = 20  # one picture in so many is never trained on


@dataclass(frozen=True)
class Sources:
    """Drawings as bytes (n, SIDE, SIDE) and emoji as colours times opacity, and opacity (m, 4, EMOJI, EMOJI), uint8."""

    drawings: np.ndarray
    emoji: np.ndarray


def is_held_back(key: str) -> bool:
    """Return whether the picture with this key is kept for evaluation; depends on the key alone."""
    return zlib.crc32(str(key).encode()) % HELD_BACK == 0


def load(folder: Path, held_back: bool, per_word: int, cache: Path) -> Sources:
    """Return one half of the pictures, at most `per_word` drawings a word; `cache` keeps the drawings' bytes.

    Raises FileNotFoundError, with what to do, when the folder lacks a data set.
    """
    drawings, half = strokes(folder, held_back, per_word), "held" if held_back else "train"
    path = cache / f"distances-{SIDE}-{half}-{per_word}-{len(drawings)}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path.with_suffix(".new.npy"), np.stack([distances(json.loads(drawing)) for drawing in drawings]))
        path.with_suffix(".new.npy").replace(path)
    return Sources(np.load(path), emoji(folder, held_back))


def strokes(folder: Path, held_back: bool, per_word: int) -> list[str]:
    """Return the first `per_word` drawings of each word in one half of the split, as JSON."""
    seen: Counter[str] = Counter()
    kept = []
    columns = _columns(folder / "quickdraw-train.parquet", ["word", "key_id", "drawing"])
    for word, key, drawing in zip(*columns, strict=True):
        if is_held_back(key) == held_back and seen[word] < per_word:
            seen[word] += 1
            kept.append(drawing)
    return kept


def emoji(folder: Path, held_back: bool) -> np.ndarray:
    """Return one half of the emoji as `Sources` holds them."""
    names, files = _columns(folder / "noto-emoji.parquet", ["name", "png128"])
    kept = [file for name, file in zip(names, files, strict=True) if is_held_back(name) == held_back]
    out = np.zeros((len(kept), 4, EMOJI, EMOJI), np.uint8)
    for row, file in enumerate(kept):
        picture = Image.open(io.BytesIO(file)).convert("RGBA").convert("RGBa").resize((EMOJI, EMOJI))
        out[row] = np.asarray(picture).transpose(2, 0, 1)
    return out


def _columns(path: Path, names: Sequence[str]) -> list[list[Any]]:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: give --data the folder that holds {path.name}")
    table = parquet.read_table(path, columns=list(names))
    return [table[name].to_pylist() for name in names]


def distances(drawing: list[list[list[int]]]) -> np.ndarray:
    """Return the bytes (SIDE, SIDE) of a drawing, its longer side filling the frame but for the margin."""
    lines = [np.array(stroke, np.float64).T for stroke in drawing]
    points = np.concatenate(lines)
    low, high = points.min(0), points.max(0)
    zoom = (SIDE - 2 * MARGIN) / max((high - low).max(), 1.0)
    shift = (SIDE - (high - low) * zoom) / 2
    placed = [(line - low) * zoom + shift for line in lines]
    ends = np.concatenate([np.hstack([line, np.roll(line, -1, 0)])[: max(1, len(line) - 1)] for line in placed])
    far = _distances(ends)
    within = _enclosed(far < WALL)
    for _ in range(2):  # up to the middle of the line, so that no ring of paper shows between it and the fill
        within = _grown(within) & (within | (far < WALL))
    packed: np.ndarray = np.round(far * STEPS).astype(np.uint8) | (within.astype(np.uint8) << 7)
    return packed


def _grown(area: np.ndarray) -> np.ndarray:
    padded = np.pad(area, 1)
    grown: np.ndarray = area | padded[2:, 1:-1] | padded[:-2, 1:-1] | padded[1:-1, 2:] | padded[1:-1, :-2]
    return grown


def _compiled(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    quick: Callable[..., np.ndarray] = njit(cache=True)(function)
    return quick


@_compiled
def _distances(ends: np.ndarray) -> np.ndarray:
    """Return each pixel's distance to the nearest of the segments (n, 4), at most FURTHEST."""
    far = np.full((SIDE, SIDE), FURTHEST)
    for k in range(len(ends)):
        ax, ay, bx, by = ends[k, 0], ends[k, 1], ends[k, 2], ends[k, 3]
        dx, dy = bx - ax, by - ay
        squared = max(dx * dx + dy * dy, 1e-9)
        for y in range(max(0, int(min(ay, by) - FURTHEST)), min(SIDE, int(max(ay, by) + FURTHEST) + 1)):
            for x in range(max(0, int(min(ax, bx) - FURTHEST)), min(SIDE, int(max(ax, bx) + FURTHEST) + 1)):
                px, py = x + 0.5 - ax, y + 0.5 - ay
                along = min(1.0, max(0.0, (px * dx + py * dy) / squared))
                distance = ((px - along * dx) ** 2 + (py - along * dy) ** 2) ** 0.5
                far[y, x] = min(far[y, x], distance)
    return far


@_compiled
def _enclosed(wall: np.ndarray) -> np.ndarray:
    """Return the pixels that the border cannot reach without crossing the wall, the wall left out."""
    side = len(wall)
    outside = np.zeros((side, side), np.bool_)
    outside[0], outside[-1], outside[:, 0], outside[:, -1] = True, True, True, True  # no line comes so near the border
    grows = True
    while grows:  # sweeps there and back: a handful do for most drawings
        grows = False
        for turn in range(2):
            for i in range(1, side - 1):
                for j in range(1, side - 1):
                    y, x = (i, j) if turn == 0 else (side - 1 - i, side - 1 - j)
                    if outside[y, x] or wall[y, x]:
                        continue
                    if outside[y - 1, x] or outside[y + 1, x] or outside[y, x - 1] or outside[y, x + 1]:
                        outside[y, x] = True
                        grows = True
    within: np.ndarray = ~(outside | wall)
    return within
