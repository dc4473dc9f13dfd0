"""Whole pictures to measure with: drawings of people composed and coloured as players do, and the same with writing.

A page is a picture of palette indices, 512 px a side, as the game's raster makes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from scorer.training.writing import texts
from scorer.training.writing.hands import Hand, Manner, StrokeHand, choose, draw_stroke, pasted
from scorer.training.writing.scenes import unit

SIDE = 512
PALETTE = (
    (255, 255, 255), (16, 16, 16), (230, 25, 75), (245, 130, 49), (255, 225, 25), (60, 180, 75), (67, 99, 216),
    (145, 30, 180), (250, 190, 212), (154, 99, 36), (169, 169, 169), (143, 211, 255),
)  # fmt: skip
BLACK = 1

Place = tuple[float, np.ndarray]  # size in px, centre (2,)


class Pages:
    """Makes pages from drawings (JSON) and hands; each from a random generator of its own."""

    def __init__(self, drawings: Sequence[str], hands: Sequence[Hand]) -> None:
        self.drawings, self.hands = drawings, hands

    def honest(self, rng: np.random.Generator) -> Image.Image:
        """Return a page without writing: one thing, a scene of a few, or a row of the same."""
        return _page(self._drawn(rng, 1.0))

    def thing(self, rng: np.random.Generator) -> Image.Image:
        """Return a page of one large thing."""
        sheet = Image.new("L", (SIDE, SIDE))
        self._thing(ImageDraw.Draw(sheet), rng, rng.uniform(300, 460))
        return _page(sheet)

    def written(self, rng: np.random.Generator, text: str, alone: bool) -> Image.Image:
        """Return a page on which a text is written, alone or over a page that is drawn smaller."""
        if alone:
            sheet = Image.new("L", (SIDE, SIDE))
        else:
            sheet = self._drawn(rng, 0.75)
        ink = BLACK if rng.random() < 0.5 else colour(rng)
        lines, manner = fitted(text, rng)
        hand = choose(self.hands, rng)
        high = len(lines) * manner.height * 1.7
        x, y = rng.uniform(8, 60), rng.uniform(8, max(10.0, SIDE - high - 20))
        for line in lines:
            _write(sheet, (hand, line, manner), (x, y), ink, rng)
            y += manner.height * 1.7
        return _page(sheet)

    def _drawn(self, rng: np.random.Generator, largest: float) -> Image.Image:
        sheet = Image.new("L", (SIDE, SIDE))
        draw = ImageDraw.Draw(sheet)
        if rng.random() < 0.15:
            height = int(rng.uniform(0.6, 0.85) * SIDE)
            draw.rectangle([0, height, SIDE, SIDE], fill=colour(rng))
        kind = rng.random()
        if kind < 0.6:
            self._thing(draw, rng, rng.uniform(200, 460) * largest)
        elif kind < 0.85:
            for _ in range(int(rng.integers(2, 5))):
                self._thing(draw, rng, rng.uniform(110, 240) * largest)
        else:
            self._row(draw, rng)
        return sheet

    def _thing(self, draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: float) -> None:
        centre = rng.uniform(size / 2, SIDE - size / 2, 2)
        self._trace(draw, self._strokes(rng), (size, centre), rng)

    def _row(self, draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
        count = int(rng.integers(3, 7))
        step, y, strokes = SIDE / (count + 0.5), rng.uniform(80, SIDE - 80), self._strokes(rng)
        for i in range(count):
            centre = np.array([(i + 0.75) * step, y]) + rng.normal(0, step * 0.1, 2)
            self._trace(draw, strokes, (step * 0.8, centre), rng)

    def _strokes(self, rng: np.random.Generator) -> list[np.ndarray]:
        return unit(json.loads(self.drawings[int(rng.integers(len(self.drawings)))]))

    def _trace(
        self, draw: ImageDraw.ImageDraw, strokes: list[np.ndarray], place: Place, rng: np.random.Generator
    ) -> None:
        size, centre = place
        pen = int(rng.integers(3, 13))
        own = BLACK if rng.random() < 0.55 else colour(rng)
        many, filled = rng.random() < 0.25, rng.random() < 0.4
        for stroke in strokes:
            points = (stroke - 0.5) * size + centre
            ink = colour(rng) if many else own
            if filled and len(points) > 3 and np.abs(points[0] - points[-1]).max() < size * 0.15:
                draw.polygon([tuple(p) for p in points.tolist()], fill=colour(rng))
            draw_stroke(draw, points, pen, ink)


def colour(rng: np.random.Generator) -> int:
    """Return an ink by lot, black among them."""
    return int(rng.integers(1, len(PALETTE)))


def fitted(text: str, rng: np.random.Generator) -> tuple[list[str], Manner]:
    """Return a text in lines and a manner in which they go on a page: capitals of 26 to 150 px."""
    lines = texts.lines(text, rng)
    longest = max(len(line) for line in lines)
    height = min(float(np.exp(rng.uniform(np.log(26), np.log(150)))), 430 / (longest * 0.95), 440 / (1.7 * len(lines)))
    pen = max(3, round(height * float(rng.choice((0.08, 0.12, 0.18)))))
    angle = float(rng.normal(0, 6)) if longest * height > 160 else float(rng.normal(0, 14))
    return lines, Manner(height, pen, angle, float(rng.normal(0, 0.12)), float(rng.uniform(0.1, 0.8)))


def _write(
    sheet: Image.Image, what: tuple[Hand, str, Manner], at: tuple[float, float], ink: int, rng: np.random.Generator
) -> None:
    hand, line, manner = what
    if isinstance(hand, StrokeHand) and rng.random() < 0.15:  # every stroke in another colour
        draw, strokes = ImageDraw.Draw(sheet), hand.strokes(line, manner, rng)
        low = np.concatenate(strokes).min(0)
        for stroke in strokes:
            draw_stroke(draw, stroke - low + at, manner.pen, colour(rng))
    else:
        pasted(sheet, hand.write(line, manner, rng), round(at[0]), round(at[1]), ink)


def _page(sheet: Image.Image) -> Image.Image:
    page = Image.fromarray(np.asarray(sheet), "P")
    page.putpalette([value for rgb in PALETTE for value in rgb])
    return page
