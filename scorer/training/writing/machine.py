"""What a machine paints, as a layer of one ink: curves of many pens and colours over one another, or a blurred chaos.

An imitation, for the network is to know such layers by sight, and no generator is needed to learn them from.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from scorer.training.writing.hands import draw_stroke

STEPS = np.linspace(0, 1, 10)
BEZIER = np.stack(
    [(1 - STEPS) ** 3, 3 * STEPS * (1 - STEPS) ** 2, 3 * STEPS**2 * (1 - STEPS), STEPS**3], 1
)  # a cubic curve's points (10, 2) are these weights (10, 4) times its four knots
INKS = 12
THINNEST, WIDEST = 2 / 512, 40 / 512  # of a page: a pen's radius


def layer(rng: np.random.Generator, side: int) -> Image.Image:
    """Return a crop "L" of one ink, or of all but the paper, 255 where it lies."""
    sheet = _strokes(rng, side) if rng.random() < 0.85 else _clutter(rng, side)
    counts = np.bincount(sheet.ravel(), minlength=INKS + 1)
    inks = np.flatnonzero(counts[1:] > 0.004 * sheet.size) + 1
    ink = int(rng.choice(inks)) if len(inks) else 1
    mask = sheet != 0 if rng.random() < 0.2 else sheet == ink
    return Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))


def _strokes(rng: np.random.Generator, side: int) -> np.ndarray:
    """Inks (side, side), 0 the paper: part of a page of strokes from wide to thin, scattered or drawn out."""
    page = side * float(np.exp(rng.uniform(math.log(0.5), math.log(4))))
    low, high = math.log(THINNEST), math.log(WIDEST)
    count, lines = int(rng.integers(8, 110)), rng.uniform(0.3, 0.9)
    washes = count - int(lines * count)
    pen = np.concatenate([np.linspace(high - 0.2, (low + high) / 2, washes), np.full(count - washes, low + 0.5)])
    radius = np.exp(np.clip(pen + rng.uniform(0.1, 0.6) * rng.normal(size=count), low, high)) * page
    ink = rng.integers(1, INKS + 1, count)
    ink[washes:][rng.random(count - washes) < rng.uniform(0, 1)] = 1
    way = np.exp(rng.uniform(math.log(0.03), math.log(0.2))) * rng.normal(size=(count, 3, 2))
    first = rng.uniform(0.05, 0.95, (count, 1, 2))
    if rng.random() < 0.3:  # a thing has gathered most of the strokes
        first = 0.5 + 0.12 * rng.normal(size=(count, 1, 2))
    knots = np.clip(np.concatenate([first, first + way.cumsum(1)], 1), -0.05, 1.05) * page
    corner = rng.uniform(min(0, page - side), max(0, page - side), 2)
    sheet = Image.new("L", (side, side))
    draw = ImageDraw.Draw(sheet)
    for curve, half, own in zip(BEZIER @ knots - corner, radius, ink, strict=True):
        if (curve.max(0) > -half).all() and (curve.min(0) < side + half).all():
            draw_stroke(draw, curve, max(1, round(2 * half)), int(own))
    return np.asarray(sheet)


def _clutter(rng: np.random.Generator, side: int) -> np.ndarray:
    """Inks (side, side) of a chaos as a photograph's, sorted into colours: noise, its waves the higher the longer."""
    waves = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]) + 1 / side
    spectrum = np.fft.rfft2(rng.normal(size=(3, side, side))) * waves ** -rng.uniform(0.8, 2.2)
    noise = np.fft.irfft2(spectrum, (side, side))
    noise = noise.transpose(1, 2, 0) / noise.std() * rng.uniform(20, 70) + rng.uniform(60, 200, 3)
    picture = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
    return np.asarray(picture.quantize(INKS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
