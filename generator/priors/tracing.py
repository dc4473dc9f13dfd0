"""A person's drawing as the machine's strokes: lines are followed by short curves, each of one pen size."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from generator.declare import SettingsError
from generator.priors import Latent
from generator.priors.strokes import UNIT, basis

if TYPE_CHECKING:
    from generator.priors.strokes import Strokes

Array = npt.NDArray[np.float64]

SAMPLES = 32  # between two joints of a curve: where it is held against the line that it follows
NEAR = 0.5 / 512  # canvas widths: a curve that follows its line as closely is not cut any more
CHOSEN = 3.0  # how much a colour is preferred to all others; the most that the prior keeps
SHAKE = 0.01  # canvas widths: how far the knots of all candidates but the first are moved


@dataclass(frozen=True)
class Line:
    """A stroke of a drawing: `points` (p, 2) and `radii` (p,) in canvas widths, `along` (p,) the way up to each."""

    points: Array
    radii: Array
    along: Array
    colour: int

    def between(self, start: float, stop: float, count: int) -> tuple[Array, Array]:
        """Returns points (count, 2) and radii (count,) at even distances, `start` and `stop` in shares of the way."""
        places = np.linspace(start, stop, count) * self.along[-1]
        x, y, radii = (np.interp(places, self.along, row) for row in (*self.points.T, self.radii))
        return np.stack([x, y], 1), radii

    @property
    def paints(self) -> float:
        """How much of the canvas it covers, about, in canvases."""
        radius = float(self.radii.mean())
        return 2 * radius * float(self.along[-1]) + math.pi * radius**2


@dataclass(frozen=True)
class Curve:
    """A curve's `knots` (k, 2) and `radius` for a part of a line; it misses it by `error`, most at `worst`."""

    line: int
    start: float
    stop: float
    knots: Array
    radius: float
    error: float
    worst: float


def lines(drawing: dict[str, Any]) -> list[Line]:
    """Returns a drawing's strokes, bottom first; fills are no strokes."""
    found = []
    for op in drawing["ops"]:
        if op["op"] == "stroke":
            points = np.array(op["pts"], dtype=np.float64)[:, :3] / UNIT / drawing["size"]
            steps = np.hypot(*np.diff(points[:, :2], axis=0).T)
            along = np.concatenate([[0.0], steps.cumsum()])
            found.append(Line(points[:, :2], points[:, 2], along, op["color"]))
    return found


def traced(found: list[Line], knots: int, most: int) -> list[Curve]:
    """Follows the lines by at most `most` curves of so many knots, bottom first.

    Of more lines than that, those which cover most are followed. While there are curves to spare, the one that misses
    its line by most is cut there.
    """
    kept = sorted(range(len(found)), key=lambda place: -found[place].paints)[:most]
    heap = [_ranked(follow(found[place], place, 0.0, 1.0, knots)) for place in kept]
    heapq.heapify(heap)
    while heap and len(heap) < most and -heap[0][0] > NEAR:
        curve = heapq.heappop(heap)[-1]
        for start, stop in ((curve.start, curve.worst), (curve.worst, curve.stop)):
            heapq.heappush(heap, _ranked(follow(found[curve.line], curve.line, start, stop, knots)))
    return sorted((row[-1] for row in heap), key=lambda curve: (curve.line, curve.start))


def _ranked(curve: Curve) -> tuple[float, int, float, Curve]:
    return -curve.error, curve.line, curve.start, curve


def follow(line: Line, place: int, start: float, stop: float, knots: int) -> Curve:
    """Returns the curve nearest to a part of a line that begins and ends where the part does."""
    weights, inner = _solver(knots)
    points, radii = line.between(start, stop, len(weights))
    ends = weights[:, :1] * points[0] + weights[:, -1:] * points[-1]
    middle = inner @ (points - ends)
    missed = np.hypot(*(ends + weights[:, 1:-1] @ middle - points).T)
    radius = float(radii.mean())
    uneven = np.abs(radii - radius)
    # Where the pen is uneven rather than the curve too stiff, halves are more even.
    share = missed.argmax() / (len(weights) - 1) if missed.max() >= uneven.max() else 0.5
    worst = start + (stop - start) * min(0.9, max(0.1, float(share)))
    error = float(max(missed.max(), uneven.max()))
    return Curve(place, start, stop, np.concatenate([points[:1], middle, points[-1:]]), radius, error, worst)


@cache
def _solver(knots: int) -> tuple[Array, Array]:
    """The curve's basis at its samples, and what turns points into the knots between the first and the last."""
    weights = basis(knots, SAMPLES).numpy()
    return weights, np.linalg.pinv(weights[:, 1:-1])


def begun(prior: Strokes, drawing: dict[str, Any], candidates: int, rng: torch.Generator) -> Latent:
    """Returns starting points whose picture is the drawing's strokes on its paper, in the nearest of the colours.

    What the drawing does not use of the budget waits unpainted. The first candidate is the drawing, the others are
    a shaken hand's. Raises SettingsError for a drawing without strokes.
    """
    found = lines(drawing)
    if not found:
        raise SettingsError("#/start", "has no stroke to begin with")
    curves = traced(found, prior.settings.knots, prior.settings.strokes)
    latent = prior.start(candidates, rng)
    count = len(curves)
    latent["alive"][:] = torch.arange(prior.settings.strokes) < count
    knots = torch.from_numpy(np.stack([curve.knots for curve in curves])).to(latent["knots"])
    shaken = SHAKE * torch.randn(candidates, *knots.shape, generator=rng)
    shaken[0] = 0
    latent["knots"][:, :count] = knots + shaken
    latent["pen"][:, :count] = torch.tensor([max(curve.radius, 1e-6) for curve in curves]).log()
    palette = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in drawing["palette"]]
    nearest = torch.cdist(torch.tensor(palette), prior.palette).argmin(1)
    inks = nearest[[found[curve.line].colour for curve in curves]]
    latent["ink"][:, :count] = (2 * torch.nn.functional.one_hot(inks, len(prior.palette)) - 1.0) * CHOSEN
    latent["sheet"][:] = -CHOSEN
    latent["sheet"][:, nearest[drawing["bg"]]] = CHOSEN
    prior.keep(latent)
    return latent
