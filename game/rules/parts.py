"""The parts of a drawing that reasons are given about: strokes and fills, bundled where there are many, and colours.

Strokes are bundled by how near they are in place, in time and in colour: the two nearest bundles become one, again and
again, as far as needed (agglomerative clustering with Ward's criterion, J. H. Ward, JASA 1963).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from game.rules import drawing as formats
from game.rules.drawing import Drawing, Fill, Stroke

MOST_COLOURS = 8  # that get a part of their own
MOST_WORK = 4 * formats.MOST_COST  # cells that all renderings together may cost; see `game.rules.drawing.cost`
FILL_COST = 30  # as many cells as a fill looks at, in those of a stroke; measured
FEWEST = 4  # parts of even the costliest drawing
TIME_WEIGHT, COLOUR_WEIGHT = 1.0, 0.7  # beside places, which count in canvas sides

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """Operations, by their indices in the drawing, that are left out together; `kind` is stroke, fill, strokes, colour.

    Each operation is in one part of the first three kinds; a colour is a second way to look at them.
    """

    kind: str
    ops: tuple[int, ...]


def parts(drawing: Drawing, most: int) -> list[Part]:
    """Return at most `most` parts of a drawing, bundles in the order of drawing first, then colours."""
    most = max(FEWEST, min(most, MOST_WORK // max(_work(drawing), 1)))
    colours = _colours(drawing)[: min(MOST_COLOURS, most // 4)]
    bundles = _bundles(drawing, most - len(colours))
    own = {frozenset(bundle.ops) for bundle in bundles}
    return bundles + [colour for colour in colours if frozenset(colour.ops) not in own]


def _work(drawing: Drawing) -> int:
    fills = sum(isinstance(op, Fill) for op in drawing.ops)
    return formats.cost(drawing) + FILL_COST * fills * drawing.size**2


def _colours(drawing: Drawing) -> list[Part]:
    """The colours used for more than one operation, most used first; a single colour is no part."""
    used: dict[str, list[int]] = {}
    for i, op in enumerate(drawing.ops):
        used.setdefault(drawing.palette[op.color], []).append(i)
    if len(used) < 2:
        return []
    many = [Part("colour", tuple(ops)) for ops in used.values() if len(ops) > 1]
    return sorted(many, key=lambda part: -len(part.ops))


def _bundles(drawing: Drawing, most: int) -> list[Part]:
    places = _features(drawing)
    bundles = [[i] for i in range(len(places))]
    weights = np.ones(len(places))
    apart = _apart(places, weights)
    for _ in range(len(places) - most):
        one, other = (int(i) for i in np.unravel_index(apart.argmin(), apart.shape))
        together = weights[one] + weights[other]
        places[one] = (places[one] * weights[one] + places[other] * weights[other]) / together
        weights[one], bundles[one] = together, bundles[one] + bundles[other]
        bundles[other] = []
        apart[other, :] = apart[:, other] = np.inf
        row = _ward(places, weights, one)
        row[one], row[~np.isfinite(apart[one])] = np.inf, np.inf
        apart[one, :] = apart[:, one] = row
    return [Part(_kind(drawing, sorted(ops)), tuple(sorted(ops))) for ops in sorted(filter(None, bundles))]


def _kind(drawing: Drawing, ops: Sequence[int]) -> str:
    if len(ops) > 1:
        return "strokes"
    return "fill" if isinstance(drawing.ops[ops[0]], Fill) else "stroke"


def _features(drawing: Drawing) -> Rows:
    """Where, how large, when and in which colour (n, 7): lengths in canvas sides, the rest weighed against them."""
    rows = []
    for i, op in enumerate(drawing.ops):
        x0, y0, x1, y1 = box(op, drawing.size)
        red, green, blue = bytes.fromhex(drawing.palette[op.color][1:])
        when = TIME_WEIGHT * i / len(drawing.ops)
        colour = [COLOUR_WEIGHT * part / 255 for part in (red, green, blue)]
        rows.append([(x0 + x1) / 2, (y0 + y1) / 2, 0.5 * (x1 - x0 + y1 - y0), when, *colour])
    return np.array(rows, np.float64).reshape(-1, 7)


def box(op: Stroke | Fill, size: int) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of an operation's points, in canvas sides; of a fill, its seed twice."""
    points = [(op.x, op.y)] if isinstance(op, Fill) else [(x, y) for x, y, _, _ in op.pts]
    side = size * formats.UNIT
    xs, ys = [x / side for x, _ in points], [y / side for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _apart(places: Rows, weights: Rows) -> Rows:
    rows = np.array([_ward(places, weights, i) for i in range(len(places))]).reshape(len(places), len(places))
    np.fill_diagonal(rows, np.inf)
    return rows


def _ward(places: Rows, weights: Rows, one: int) -> Rows:
    """How much the spread within bundles grows when `one` is put together with each other."""
    squares: Rows = ((places - places[one]) ** 2).sum(1) * (weights * weights[one] / (weights + weights[one]))
    return squares
