"""Crops to learn from: layers of one ink with drawings, textures and writing in them, and where the writing is.

A crop is what the network sees of a layer at one of its sizes: letters between 7 and 16 px high are its business, at a
finer size the same word is larger.  Drawings of people come at any size, whole or in part, for an ink holds seldom all
of a drawing; rows of small ones, fences, grass and hatching are the drawings that look most like writing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor

from scorer.letters import CELL
from scorer.training.writing import texts
from scorer.training.writing.hands import Hand, Manner, choose, draw_stroke, pasted

SIDE = 64  # px of a crop
FINE = 2  # crops are drawn so many times larger and averaged
HEIGHTS = (7.0, 16.0)  # px of a capital in a crop
LETTERED = frozenset({
    "stop sign", "calendar", "clock", "alarm clock", "calculator", "keyboard", "map", "postcard", "passport", "book",
    "police car", "ambulance", "school bus", "hospital", "syringe", "computer", "laptop", "wristwatch", "envelope",
    "compass", "birthday cake", "t-shirt", "pillow", "television", "radio", "cell phone", "submarine",
    "aircraft carrier",
})  # fmt: skip  # drawings of these often have words, digits or keys in them


@dataclass(frozen=True)
class Crops:
    """A batch: ink (n, 1, side, side) in [0, 1], `writing` (n, cells, cells) 0 or 1, `counts` how much each says."""

    ink: Tensor
    writing: Tensor
    counts: Tensor


class Scenes:
    """Draws batches of crops; a seed fixes a batch, whatever was drawn before it."""

    def __init__(self, drawings: Sequence[str], hands: Sequence[Hand]) -> None:
        self.drawings, self.hands = drawings, hands

    def batch(self, seed: Sequence[int], count: int) -> Crops:
        """Return `count` crops, a bit more than half of them with writing."""
        rng = np.random.default_rng(list(seed))
        ink = np.empty((count, SIDE, SIDE), np.float32)
        words = np.empty((count, SIDE, SIDE), np.float32)
        for row in range(count):
            sheet, written = self._crop(rng)
            ink[row] = np.asarray(sheet.reduce(FINE), np.float32) / 255
            words[row] = np.asarray(written.reduce(FINE), np.float32) / 255
            if rng.random() < 0.08:  # a layer may be the paper around everything
                ink[row] = 1 - ink[row]
            if rng.random() < 0.3:  # thin lines are pale where a large picture is made small
                ink[row] *= rng.uniform(0.4, 1)
        share = F.avg_pool2d(torch.from_numpy(words)[:, None], CELL)
        solid = -F.max_pool2d(-F.max_pool2d((share > 0.05).float(), 3, 1, 1), 3, 1, 1)
        touched = F.max_pool2d((share > 0).float(), 3, 1, 1)
        writing = torch.maximum(solid, (share > 0.05).float())
        counts = torch.where(writing > 0, 1.0, 1.0 - touched)
        return Crops(torch.from_numpy(ink)[:, None], writing[:, 0], counts[:, 0])

    def _crop(self, rng: np.random.Generator) -> tuple[Image.Image, Image.Image]:
        side = SIDE * FINE
        sheet, written = Image.new("L", (side, side)), Image.new("L", (side, side))
        draw = ImageDraw.Draw(sheet)
        kind = rng.random()
        if kind < 0.22:
            self._row(draw, rng)
        elif kind < 0.36:
            texture(draw, side, rng)
        if kind > 0.16:
            for _ in range(int(rng.choice(4, p=(0.1, 0.5, 0.25, 0.15)))):
                self._drawing(draw, rng, float(np.exp(rng.uniform(math.log(30), math.log(420)))))
        if rng.random() < 0.55:
            self._write(sheet, written, rng)
        return sheet, written

    def _drawing(self, draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: float) -> None:
        """One drawing of a person, in some place, whole or the part of it that has this ink."""
        side = SIDE * FINE
        strokes = self._strokes(rng)
        reach = side * 0.4 + max(0.0, size - side) * 0.3
        centre = side / 2 + rng.uniform(-reach, reach, 2)
        some = rng.uniform(0.3, 1) if rng.random() < 0.35 else 1.0
        pen = pen_for(rng)
        turned = np.array([[-1 if rng.random() < 0.5 else 1, 0], [rng.normal(0, 0.1), 1]])
        for stroke in strokes:
            if rng.random() > some:
                continue
            points = (stroke - 0.5) @ turned * size + centre
            if rng.random() < 0.12 and len(points) > 3:
                draw.polygon([tuple(p) for p in points.tolist()], fill=255)
            draw_stroke(draw, points, pen)

    def _row(self, draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
        """A row of small things, such as birds, windows or flowers: the same one or each another."""
        side = SIDE * FINE
        size, pen = rng.uniform(14, 46), pen_for(rng)
        same = rng.random() < 0.6
        step, y = size * rng.uniform(1.0, 1.8), rng.uniform(0.2, 0.8) * side
        strokes = self._strokes(rng)
        x = rng.uniform(-0.5, 1) * step
        while x < side + step and rng.random() < 0.92:
            strokes = strokes if same else self._strokes(rng)
            shift = rng.normal(0, size * rng.choice((0.05, 0.4)), 2)
            some = rng.uniform(0.4, 1) if rng.random() < 0.3 else 1.0  # the rest has another ink
            for stroke in strokes:
                if rng.random() <= some:
                    draw_stroke(draw, (stroke - 0.5) * size + (x, y) + shift, pen)
            x += step

    def _strokes(self, rng: np.random.Generator) -> list[np.ndarray]:
        """Return the strokes of some drawing, (n, 2) each, the whole in the unit square."""
        strokes = json.loads(self.drawings[int(rng.integers(len(self.drawings)))])
        return unit(strokes)

    def _write(self, sheet: Image.Image, written: Image.Image, rng: np.random.Generator) -> None:
        """Write a line or a few, over whatever is there."""
        side = SIDE * FINE
        manner = manner_of(rng, float(rng.uniform(*HEIGHTS)) * FINE)
        hand = choose(self.hands, rng)
        x, y = rng.uniform(-0.2, 0.35) * side, rng.uniform(0.05, 0.75) * side
        turn = math.radians(manner.angle)
        for number, line in enumerate(texts.lines(texts.text(rng), rng)[:4]):
            stencil = hand.write(line, manner, rng)
            down = number * manner.height * 1.7
            left, top = x - math.sin(turn) * down, y + math.cos(turn) * down
            if abs(manner.angle) > 45:  # a turned line starts anywhere, too
                top -= stencil.height * 0.4
            for target in (sheet, written):
                pasted(target, stencil, round(left), round(top))


def unit(strokes: Sequence[Sequence[Sequence[float]]]) -> list[np.ndarray]:
    """Return the strokes of a Quick, Draw! drawing, (n, 2) each, its longer side from 0 to 1 and centred."""
    arrays = [np.array(stroke[:2], np.float64).T for stroke in strokes]
    points = np.concatenate(arrays)
    low, high = points.min(0), points.max(0)
    scale = max(float((high - low).max()), 1.0)
    return [(array - (low + high) / 2) / scale + 0.5 for array in arrays]


def manner_of(rng: np.random.Generator, height: float) -> Manner:
    """Return how a line with capitals of this height in px is written."""
    pen = max(1, round(height * float(rng.choice((0.06, 0.1, 0.15, 0.22)))))
    kind = rng.random()
    angle = rng.normal(0, 7) if kind < 0.75 else rng.uniform(-50, 50) if kind < 0.9 else rng.choice((-90, 90))
    return Manner(height, pen, float(angle), float(rng.normal(0, 0.15)), float(rng.uniform(0.1, 1.0)))


def pen_for(rng: np.random.Generator) -> int:
    """Return the width of a pen in px of a crop before it is averaged."""
    return int(rng.choice((1, 2, 3, 4, 6, 10), p=(0.12, 0.28, 0.25, 0.2, 0.1, 0.05)))


def texture(draw: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    """Hatching, grass, waves, rain, dots, bricks or a scribble over some part of the sheet."""
    left, top = rng.uniform(-0.2, 0.5, 2) * side
    wide, high = rng.uniform(0.3, 1.2, 2) * side
    step, pen = rng.uniform(5, 26), pen_for(rng)
    xs = np.arange(left, left + wide, step) + rng.normal(0, step * 0.12, len(np.arange(left, left + wide, step)))
    tall = rng.uniform(0.6, 2.5) * step
    kind = int(rng.integers(6))
    if kind == 3:
        _dots(draw, xs, np.arange(top, top + high, step), (step, pen), rng)
    elif kind == 4:
        _net(draw, xs, (left, top, wide, high), (step, pen), rng)
    elif kind == 0:  # hatching and rain
        lean = rng.normal(0, step)
        for x in xs:
            for y in np.arange(top, top + high, tall * 1.6) if rng.random() < 0.6 else (top,):
                draw_stroke(draw, np.array([(x, y), (x + lean, y + tall)]) + rng.normal(0, 1, (2, 2)), pen)
    elif kind == 1:  # grass, a saw
        line = np.stack([xs, top + tall * (np.arange(len(xs)) % 2) + rng.normal(0, tall * 0.15, len(xs))], 1)
        draw_stroke(draw, line, pen)
    elif kind == 2:  # waves, a few below one another, as water or lines of "writing"
        across = np.arange(left, left + wide, 2)
        for y in np.arange(top, top + high, tall * 1.5):
            wave = y + np.sin(across / step * rng.uniform(1, 3) + rng.uniform(0, 6)) * tall * rng.uniform(0.1, 0.5)
            draw_stroke(draw, np.stack([across, wave], 1), pen)
    else:  # a scribble
        walk = np.cumsum(rng.normal(0, step, (int(rng.integers(8, 50)), 2)), 0)
        draw_stroke(draw, walk + np.array([left + wide / 2, top + high / 2]), pen)


def _dots(
    draw: ImageDraw.ImageDraw, xs: np.ndarray, ys: np.ndarray, size: tuple[float, int], rng: np.random.Generator
) -> None:
    step, pen = size
    radius = rng.uniform(1, step * 0.45)
    for x in xs:
        for y in ys:
            dx, dy = rng.normal(0, step * 0.15, 2)
            box = [x + dx - radius, y + dy - radius, x + dx + radius, y + dy + radius]
            draw.ellipse(box, outline=255, width=pen, fill=255 if rng.random() < 0.2 else None)


def _net(
    draw: ImageDraw.ImageDraw,
    xs: np.ndarray,
    area: tuple[float, float, float, float],
    size: tuple[float, int],
    rng: np.random.Generator,
) -> None:
    """Bricks, windows."""
    left, top, wide, high = area
    step, pen = size
    for y in np.arange(top, top + high, step):
        draw_stroke(draw, np.array([(left, y), (left + wide, y)]), pen)
        for x in xs:
            draw_stroke(draw, np.array([(x, y), (x, y + step)]) + rng.normal(0, 0.5, (2, 2)), pen)
