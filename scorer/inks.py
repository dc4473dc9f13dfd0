"""The inks of a picture: which colours it is made of, each as a layer, and the picture with some ink left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

MOST_LAYERS = 8
LEAST_SHARE = 0.0004  # of the picture: less ink than that writes no word that anybody could read
MOST_COLOURS = 12  # into which a picture without a palette is sorted


@dataclass(frozen=True)
class Layer:
    """A mask (h, w) bool of where one ink lies, or all inks together; `inks` are their indices in the palette."""

    inks: tuple[int, ...]
    mask: np.ndarray


def indexed(picture: Image.Image) -> Image.Image:
    """Return the picture as one of palette indices "P"; colours are sorted into a dozen unless it has a palette."""
    if picture.mode == "P":
        return picture
    return picture.convert("RGB").quantize(MOST_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def paper(grid: np.ndarray) -> int:
    """Return the index that most of the picture's edge has, which is what a player drew on."""
    edge = np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]])
    return int(np.bincount(edge.ravel()).argmax())


def layers(grid: np.ndarray) -> Iterator[Layer]:
    """Yield the layers of a grid (h, w) of palette indices: each ink by itself, most of it first, then all together."""
    under, counts = paper(grid), np.bincount(grid.ravel(), minlength=256)
    order = [int(ink) for ink in np.argsort(-counts, kind="stable") if ink != under]
    inks = [ink for ink in order if counts[ink] >= LEAST_SHARE * grid.size][: MOST_LAYERS - 1]
    for ink in inks:
        yield Layer((ink,), grid == ink)
    several = tuple(ink for ink in order if counts[ink])
    if len(several) > 1:  # a word may have another colour for every letter
        yield Layer(several, grid != under)


def without(grid: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """Return a grid (h, w) with `holes` (h, w) bool closed from their sides by whatever lies around them."""
    if not holes.any():
        return grid
    rows, columns = (np.flatnonzero(holes.any(axis)) for axis in (1, 0))
    top, left = max(rows[0] - 1, 0), max(columns[0] - 1, 0)
    part = (slice(top, rows[-1] + 2), slice(left, columns[-1] + 2))
    closed = grid.copy()
    closed[part] = _closed(grid[part], holes[part], paper(grid))
    return closed


def _closed(values: np.ndarray, holes: np.ndarray, under: int) -> np.ndarray:
    """Each round, empty cells take the value of a neighbour that has one, so edges grow inwards at equal speed."""
    values, holes = np.pad(values, 1), np.pad(holes, 1, constant_values=True)
    before, same, after = slice(0, -2), slice(1, -1), slice(2, None)
    inner = (same, same)
    while holes[inner].any():
        known, old = ~holes, values.copy()
        found = False
        for place in ((before, same), (same, before), (after, same), (same, after)):
            now = holes[inner] & known[place]
            values[inner][now] = old[place][now]
            holes[inner][now] = False
            found = found or bool(now.any())
        if not found:  # nothing around it: all of the picture was to be left out
            values[inner][holes[inner]] = under
            break
    return values[inner]
