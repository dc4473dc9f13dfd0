"""A picture as the machine's strokes: broad ones first, finer ones over them where the picture still differs.

Hertzmann, "Painterly rendering with curved brush strokes of multiple sizes" (1998): strokes of one colour and one pen
follow the picture's contours for as long as they bring the canvas nearer to it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generator.priors import Latent
from generator.priors.tracing import CHOSEN, Line, follow

if TYPE_CHECKING:
    from generator.priors.strokes import Strokes

SIDE = 96  # px: what a stroke can follow; a canvas is as wide
LAYERS = (0.12, 0.18, 0.3, 0.4)  # the shares of the strokes that each pen may paint, the broadest first
LONGEST = 12  # points of a stroke to either side of its middle, a pen's radius from one to the next
SEEN = 0.06  # of the range of colours: a smaller difference is not worth a stroke
SHAKE = 0.5  # how unevenly candidates look for the place where the next stroke is wanted most


def painted(prior: Strokes, pictures: Tensor, rng: torch.Generator) -> Latent:
    """Returns starting points, CPU tensors, that render much like pictures (b, 3, h, h) in [0, 1]."""
    latent = prior.start(len(pictures), rng)
    latent["alive"][:] = False
    small = functional.interpolate(pictures, (SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 1)
    for row, picture in enumerate(small):
        _paint(prior, {name: tensor[row : row + 1] for name, tensor in latent.items()}, picture, rng)
    prior.keep(latent)
    return latent


def _paint(prior: Strokes, one: Latent, picture: Tensor, rng: torch.Generator) -> None:
    """Paints one candidate, in place."""
    inks = _nearest(picture, prior.palette)
    if prior.settings.paper is None:
        one["sheet"][:] = -CHOSEN
        one["sheet"][0, inks.flatten().bincount().argmax()] = CHOSEN
    low, high = prior.limits
    first = 0
    for layer in range(len(LAYERS)):
        last = round(prior.settings.strokes * sum(LAYERS[: layer + 1]))
        pen = high + (low + 0.3 - high) * layer / (len(LAYERS) - 1)
        _layer(prior, one, _blurred(picture, math.exp(pen) * SIDE / 2), (pen, range(first, last)), rng)
        first = last


def _layer(prior: Strokes, one: Latent, wanted: Tensor, pens: tuple[float, range], rng: torch.Generator) -> None:
    """Paints strokes of one pen where the canvas differs most from what is `wanted` (3, SIDE, SIDE)."""
    pen, slots = pens
    radius = math.exp(pen) * SIDE
    canvas = prior.render(one, SIDE, 1.0)[0]
    inks = _nearest(wanted, prior.palette)
    # What the right ink would mend, seen as broadly as the pen is.
    mended = (wanted - canvas).abs().mean(0) - (wanted - prior.palette[inks].permute(2, 0, 1)).abs().mean(0)
    asked = _blurred(mended[None], radius / 2)[0]
    way = _contours(wanted)
    y, x = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    for slot in slots:
        uneven = 1 - SHAKE * torch.rand(asked.shape, generator=rng)
        place = int((asked * uneven).argmax())
        middle = place % SIDE, place // SIDE
        if asked[middle[1], middle[0]] < SEEN:
            return
        ink = int(inks[middle[1], middle[0]])
        better = (wanted - canvas).abs().mean(0) > (wanted - prior.palette[ink][:, None, None]).abs().mean(0)
        line = _followed(middle, way, better, radius)
        one["knots"][0, slot] = _knots((line + 0.5) / SIDE, prior.settings.knots)
        one["pen"][0, slot] = pen
        one["ink"][0, slot] = -CHOSEN
        one["ink"][0, slot, ink] = CHOSEN
        one["alive"][0, slot] = True
        for point in line:
            away = ((x - point[0]).square() + (y - point[1]).square()) / max(1.0, radius) ** 2
            asked = asked * (1 - torch.exp(-away / 2))


def _nearest(picture: Tensor, palette: Tensor) -> Tensor:
    """The index (h, w) of the palette's nearest colour to each pixel."""
    nearest: Tensor = torch.cdist(picture.permute(1, 2, 0), palette).argmin(-1)
    return nearest


def _contours(picture: Tensor) -> Tensor:
    """The direction (2, h, w) along which the picture's brightness changes least, of length 1 or, on even ground, 0."""
    bright = functional.pad(picture.mean(0)[None, None], (1, 1, 1, 1), mode="replicate")[0, 0]
    right, down = (bright[1:-1, 2:] - bright[1:-1, :-2]) / 2, (bright[2:, 1:-1] - bright[:-2, 1:-1]) / 2
    along = torch.stack([-down, right])
    return along / along.square().sum(0).sqrt().clamp_min(0.01)


def _followed(middle: tuple[int, int], way: Tensor, better: Tensor, radius: float) -> Tensor:
    """The points (p, 2), x and y in px, of a stroke through `middle`, while its ink is `better` than what is there."""
    step = max(1.0, radius)
    halves = []
    for sign in (1.0, -1.0):
        point = torch.tensor(middle, dtype=torch.float32)
        heading = sign * way[:, middle[1], middle[0]]
        half = []
        for _ in range(LONGEST):
            if heading.norm() < 0.1:  # even ground: straight on, or level where it begins
                heading = torch.tensor([sign, 0.0])
            point = point + step * heading / heading.norm()
            column, row = (int(value) for value in point.round())
            if not (0 <= column < SIDE and 0 <= row < SIDE and better[row, column]):
                break
            half.append(point)
            turn = way[:, row, column]
            heading = heading if turn.norm() < 0.1 else turn * (1.0 if turn @ heading >= 0 else -1.0)
        halves.append(half)
    start = torch.tensor(middle, dtype=torch.float32)
    return torch.stack([*reversed(halves[1]), start, *halves[0]])


def _knots(line: Tensor, count: int) -> Tensor:
    """The knots (count, 2) of the curve nearest to a line's points (p, 2), all in canvas widths."""
    if len(line) == 1:  # a dot: its knots a little apart, so that it has a direction to learn
        return line + torch.linspace(-0.5, 0.5, count)[:, None] / SIDE
    points = line.double().numpy()
    along = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    return torch.from_numpy(follow(Line(points, np.ones(len(points)), along, 0), 0, 0.0, 1.0, count).knots).float()


def _blurred(picture: Tensor, radius: float) -> Tensor:
    """Returns a picture (c, h, w) with each pixel the mean of a square, twice; below half a px, as it is."""
    far = round(radius)
    for _ in range(2 if far else 0):
        picture = functional.avg_pool2d(picture, 2 * far + 1, 1, far, count_include_pad=False)
    return picture
