"""Finds writing in a drawing, ink by ink and place by place, and shows the picture without it.

CLIP reads: a picture of the prompt's words fits the prompt (Goh et al., "Multimodal Neurons in Artificial Neural
Networks", distill 2021).  So a player would win by writing what was to be drawn.  A small network of our own looks at
every ink of a picture at four sizes, so that letters from a thirtieth to a half of the picture's height come in a size
that it knows; what it says for neighbouring cells is gathered into regions.  No letter is named: it tells writing from
drawing, whatever is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image

from scorer import inks, letters
from scorer.letters import CELL, Letters
from scorer.typography import read

__all__ = ["Writing", "box_of", "factor", "find", "find_with", "leave_out", "read"]

SIDE = 256  # px, the finest size that is looked at
COARSEST = 32
MAP = SIDE // CELL  # cells a side of the map in which regions are kept
EDGE = 16  # px of nothing around a layer's ink
DOUBT = 0.35  # cells surer than that belong to a region once another part of it is sure
ENOUGH = 12  # cells that speak for a region, the surest ones
LEAST = 1e-7  # as far from nothing and from certainty as single precision tells
COST = 0.9  # what is left of a cosine for having written at all
MOST_REGIONS = 6  # of one layer at one size


@dataclass(frozen=True)
class Writing:
    """Writing that was found: `box` (left, top, right, bottom) as shares of the picture's sides, `inks` the palette's
    indices of what it is written in, `certainty` in [0, 1], `region` the cells (64, 64) bool that it covers, `read`
    what the words say, where something read them (`scorer.ocr`)."""

    box: tuple[float, float, float, float]
    inks: tuple[int, ...]
    certainty: float
    region: np.ndarray = field(repr=False, compare=False)
    read: str = ""


def find(picture: Image.Image, threshold: float | None = None) -> list[Writing]:
    """Return the writing in a square picture, the surest first; best is one with a palette ("P"), an index per ink.

    `threshold` in [0, 1] is the certainty asked for, by default the one at which the network was measured.
    """
    network, usual = letters.load()
    return find_with(network, picture, usual if threshold is None else threshold)


def find_with(network: Letters, picture: Image.Image, threshold: float) -> list[Writing]:
    """As `find`, with a network of one's own."""
    grid = np.asarray(inks.indexed(picture))
    found = [
        Writing(box_of(region), layer.inks, certainty, region)
        for layer in inks.layers(grid)
        for certainty, region in _regions(network, layer.mask)
        if certainty >= threshold
    ]
    # One ink by itself is the better account of a word than all inks together; the surer the better.
    found.sort(key=lambda one: (len(one.inks), -one.certainty))
    return sorted(_merged(found), key=lambda one: -one.certainty)


def leave_out(picture: Image.Image, found: Sequence[Writing]) -> Image.Image:
    """Return the picture, of palette indices, without the ink of the writing; what lies around closes the gaps."""
    picture = inks.indexed(picture)
    grid = np.asarray(picture)
    holes = np.zeros(grid.shape, bool)
    for one in found:
        area = _spread(one.region, grid.shape)
        of_ink = np.isin(grid, one.inks)
        # Letters may also be what an ink leaves free: then most of the region has the ink, and the rest is the writing.
        holes |= area & (of_ink if of_ink[area].mean() <= 0.5 else ~of_ink)
    out = Image.fromarray(inks.without(grid, holes), "P")
    out.putpalette(picture.getpalette() or [])
    return out


def factor(similarity: float, without: float) -> float:
    """Return the factor in [0, 1] after which a picture with writing stands below itself without it.

    `similarity` is the cosine with the writing, `without` the one without; a negative cosine is divided by the factor.
    The lower of both counts, and a tenth goes besides: writing may not even be worth a try.
    """
    if similarity > 0:
        return COST * min(1.0, max(without, 0.0) / similarity)
    return COST * min(1.0, similarity / without) if without < 0 else COST


def box_of(region: np.ndarray) -> tuple[float, float, float, float]:
    """Return the box around a region's cells as shares of the sides: left, top, right, bottom."""
    rows, columns = (np.flatnonzero(region.any(axis)) for axis in (1, 0))
    high, wide = region.shape
    return (
        float(columns[0]) / wide,
        float(rows[0]) / high,
        float(columns[-1] + 1) / wide,
        float(rows[-1] + 1) / high,
    )


def _regions(network: Letters, mask: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    """Yield certainty and cells (64, 64) of every region of a layer that may be writing, at every size."""
    ink = _fitted(mask)
    side = SIDE
    while side >= COARSEST:
        certain = _certain(network, ink)
        for _ in range(MOST_REGIONS):
            region = _grown(certain)
            if region is None:
                break
            yield _certainty(certain[region]), np.kron(region, np.ones((SIDE // side, SIDE // side), bool)).astype(bool)
            certain[region] = 0
        ink = ink.reshape(side // 2, 2, side // 2, 2).mean((1, 3))
        side //= 2


def _certainty(cells: np.ndarray) -> float:
    """The mean of a region's surest cells, taken of their log-odds; a region of fewer cells is the less sure."""
    surest = np.clip(np.sort(cells)[-ENOUGH:].astype(np.float64), LEAST, 1 - LEAST)
    return float(1 / (1 + np.exp(-np.log(surest / (1 - surest)).sum() / ENOUGH)))


def _fitted(mask: np.ndarray) -> np.ndarray:
    """Return how much of each of SIDE x SIDE fields a mask covers, float32."""
    picture = Image.fromarray(mask.astype(np.uint8) * 255)
    fitted: np.ndarray = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32) / 255
    return fitted


def _certain(network: Letters, ink: np.ndarray) -> np.ndarray:
    """Return for each cell (side / 4, side / 4) how sure the network is; only around the ink, as the rest is paper."""
    side = len(ink)
    certain = np.zeros((side // CELL, side // CELL), np.float32)
    rows, columns = (np.flatnonzero(ink.any(axis)) for axis in (1, 0))
    if not len(rows):
        return certain
    top, left = (max(int(first) - EDGE, 0) // CELL * CELL for first in (rows[0], columns[0]))
    bottom, right = (min(-(-(int(last) + 1 + EDGE) // CELL) * CELL, side) for last in (rows[-1], columns[-1]))
    part = torch.from_numpy(np.ascontiguousarray(ink[top:bottom, left:right]))[None, None]
    with torch.inference_mode():
        answer = torch.sigmoid(network(part))[0].numpy()
    certain[top // CELL : bottom // CELL, left // CELL : right // CELL] = answer
    return certain


def _grown(certain: np.ndarray) -> np.ndarray | None:
    """Return the cells around the surest one that hang together, None when no cell is sure at all."""
    if certain.max() < 0.5:
        return None
    may = np.pad(certain > DOUBT, 1)
    region = np.zeros_like(may)
    row, column = np.unravel_index(certain.argmax(), certain.shape)
    region[row + 1, column + 1] = True
    while True:
        more = _widened(region) & may
        if (more == region).all():
            return region[1:-1, 1:-1]
        region = more


def _widened(region: np.ndarray) -> np.ndarray:
    """Return a region with all cells that touch it, the corners included."""
    tall = region.copy()
    tall[1:] |= region[:-1]
    tall[:-1] |= region[1:]
    wide = tall.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide


def _merged(found: Sequence[Writing]) -> list[Writing]:
    """Return the finds without those that lie mostly on an earlier one; that one takes over what they cover besides."""
    kept: list[Writing] = []
    for one in found:
        for i, other in enumerate(kept):
            both = int((one.region & other.region).sum())
            if both > 0.4 * min(int(one.region.sum()), int(other.region.sum())):
                region = one.region | other.region if one.inks == other.inks else other.region
                kept[i] = Writing(box_of(region), other.inks, max(one.certainty, other.certainty), region)
                break
        else:
            kept.append(one)
    return kept


def _spread(region: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a region's cells, and a cell around them, as a mask of a picture's pixels."""
    cells = Image.fromarray(_widened(region).astype(np.uint8) * 255)
    return np.asarray(cells.resize((shape[1], shape[0]), Image.Resampling.NEAREST)) > 0
