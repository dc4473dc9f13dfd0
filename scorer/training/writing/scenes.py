"""Crops to learn from: layers of one ink with drawings, textures and writing in them, and where the writing is.

A crop is what the network sees of a layer at one of its sizes: letters between 7 and 20 px high are its business, at a
finer size the same word is larger.  Drawings of people come at any size, whole or in part, for an ink holds seldom all
of a drawing; rows of small ones, marks that repeat, fences, grass and hatching are the drawings that look most like
writing.  Some crops are of what a machine paints, strokes over strokes.
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
from scorer.training.writing import machine, texts
from scorer.training.writing.hands import Hand, Manner, choose, draw_stroke, pasted
from scorer.training.writing.textures import marks, pen_for, texture

SIDE = 64  # px of a crop
FINE = 2  # crops are drawn so many times larger and averaged
HEIGHTS = (6.5, 20.0)  # px of a capital in a crop
PAINTED = 0.12  # of all crops: machine-painted ones
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
                ink[row] *= rng.uniform(0.25, 1)
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
        if rng.random() < PAINTED:
            sheet.paste(machine.layer(rng, side))
            if rng.random() < 0.15:
                self._write(sheet, written, rng)
            return sheet, written
        kind = rng.random()
        if kind < 0.26:
            self._row(draw, rng)
        elif kind < 0.36:
            texture(draw, side, rng)
        elif kind < 0.48:
            marks(draw, side, rng)
        if kind > 0.2:
            for _ in range(int(rng.choice(4, p=(0.1, 0.5, 0.25, 0.15)))):
                self._drawing(draw, rng, float(np.exp(rng.uniform(math.log(16), math.log(420)))))
        if rng.random() < 0.6:
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
        same, filled = rng.random() < 0.7, rng.random() < 0.25
        step, y = size * rng.uniform(1.0, 1.8), rng.uniform(0.2, 0.8) * side
        strokes = self._strokes(rng)
        x = rng.uniform(-0.5, 1) * step
        while x < side + step and rng.random() < 0.92:
            strokes = strokes if same else self._strokes(rng)
            shift = rng.normal(0, size * rng.choice((0.05, 0.4)), 2)
            some = rng.uniform(0.4, 1) if rng.random() < 0.3 else 1.0  # the rest has another ink
            for stroke in strokes:
                if rng.random() <= some:
                    points = (stroke - 0.5) * size + (x, y) + shift
                    if filled and len(points) > 3 and rng.random() < 0.5:
                        draw.polygon([tuple(p) for p in points.tolist()], fill=255)
                    draw_stroke(draw, points, pen)
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
