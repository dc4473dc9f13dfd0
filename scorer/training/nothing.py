"""Pictures that show nothing which could be named: they fit no caption, and the judge learns to say so.

An empty sheet, noise, a picture cut into tiles and shuffled, clutter as in a photograph, a scribble, and written words:
who writes what the prompt says has drawn nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from scorer.training.writing.hands import STROKE_FACES, Manner, StrokeHand, draw_stroke

PLAIN, ALL = 3, 6  # how many of the ways come before a recipe asks for variety, and in all
Picture = np.ndarray


class Nothing:
    """Makes such pictures, (3, side, side) float32 in [0, 1], with a random generator of its own."""

    def __init__(self, rng: np.random.Generator, words: Sequence[str]) -> None:
        self.rng, self.words = rng, words

    def instead_of(self, paper: Picture, other: Picture, varied: bool) -> Picture:
        """Return an empty sheet, which is `paper`, or `other` shuffled, or something else that shows nothing."""
        ways: tuple[Callable[[Picture], Picture], ...] = (
            lambda _: paper, self._noise, self._shuffled, self._clutter, self._scribble, self._written,
        )  # fmt: skip
        made = ways[int(self.rng.integers(ALL if varied else PLAIN))](other)
        clipped: Picture = np.clip(made, 0, 1).astype(np.float32)
        return clipped

    def _noise(self, picture: Picture) -> Picture:
        side = picture.shape[-1]
        count = int(self.rng.integers(4, side))
        coarse = self.rng.random((3, count, count))
        return _enlarged(
            coarse, side, Image.Resampling.NEAREST if self.rng.random() < 0.7 else Image.Resampling.BICUBIC
        )

    def _shuffled(self, picture: Picture) -> Picture:
        side = picture.shape[-1] // 4
        tiles = picture.reshape(3, 4, side, 4, side).transpose(1, 3, 0, 2, 4).reshape(16, 3, side, side)
        tiles = tiles[self.rng.permutation(16)].reshape(4, 4, 3, side, side)
        return tiles.transpose(2, 0, 3, 1, 4).reshape(3, 4 * side, 4 * side)

    def _clutter(self, picture: Picture) -> Picture:
        """Return patches of correlated colours, the statistics of a photograph without its things: 1/f in octaves."""
        side = picture.shape[-1]
        mixed = np.zeros((3, side, side))
        for octave in (2, 4, 8, 16, 32):
            grey, colour = self.rng.normal(size=(1, octave, octave)), self.rng.normal(size=(3, octave, octave))
            mixed += _enlarged(grey + 0.5 * colour, side) / octave**0.8
        patches: Picture = 1 / (1 + np.exp(-(mixed - mixed.mean()) / mixed.std() * self.rng.uniform(0.7, 2.5)))
        return patches

    def _scribble(self, picture: Picture) -> Picture:
        """Return a line that goes to and fro without an aim, more than one line long."""
        side = picture.shape[-1] * 3
        count = int(self.rng.integers(30, 110))
        turn = np.cumsum(self.rng.normal(0, self.rng.uniform(0.7, 2.0), count))
        way = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], 1) * self.rng.uniform(0.5, 1.5, (count, 1)), 0)
        way = (way - way.min(0)) / max(float(np.ptp(way, axis=0).max()), 1e-6)
        line = (way * self.rng.uniform(0.4, 0.9) + self.rng.uniform(0.05, 0.1)) * side
        return self._inked([line], side)

    def _written(self, picture: Picture) -> Picture:
        """Return a word in stroke letters, anywhere, in any size that fits."""
        side = picture.shape[-1] * 3
        word = self.words[int(self.rng.integers(len(self.words)))]
        word = (word.lower(), word.upper(), word.title())[int(self.rng.integers(3))]
        hand = _hand(STROKE_FACES[int(self.rng.integers(len(STROKE_FACES)))])
        manner = Manner(20.0, 2, float(self.rng.normal(0, 6)), float(self.rng.normal(0, 0.15)), 0.5)
        strokes = [line for part in word.split() for line in hand.strokes(part, manner, self.rng)]
        if " " in word:  # a word a line
            strokes, top = [], 0.0
            for part in word.split():
                rows = hand.strokes(part, manner, self.rng)
                strokes += [line + np.array([0, top]) for line in rows]
                top += 34
        points = np.concatenate(strokes)
        low, wide = points.min(0), np.ptp(points, axis=0)
        scale = side * self.rng.uniform(0.5, 0.92) / max(float(wide.max()), 1.0)
        free = np.maximum(side - wide * scale, 0)
        place = free * self.rng.random(2)
        return self._inked([(line - low) * scale + place for line in strokes], side)

    def _inked(self, lines: Sequence[np.ndarray], side: int) -> Picture:
        """Return lines in px of a sheet three times the picture's side, in any ink on any paper."""
        sheet = Image.new("L", (side, side))
        draw, pen = ImageDraw.Draw(sheet), int(self.rng.integers(2, 11))
        for line in lines:
            draw_stroke(draw, line, pen, 255)
        cover = np.asarray(sheet.reduce(3), np.float32) / 255
        black = self.rng.random() < 0.6
        ink = np.full(3, 0.04) if black else self.rng.uniform(0, 0.9, 3)
        paper = np.ones(3) if self.rng.random() < 0.8 else self.rng.uniform(0.6, 1, 3)
        return paper[:, None, None] + cover * (ink - paper)[:, None, None]


def _enlarged(coarse: np.ndarray, side: int, how: Image.Resampling = Image.Resampling.BICUBIC) -> np.ndarray:
    """Return (c, n, n) values enlarged to (c, side, side)."""
    return np.stack(
        [np.asarray(Image.fromarray(plane.astype(np.float32)).resize((side, side), how)) for plane in coarse]
    )


@lru_cache(maxsize=16)
def _hand(face: str) -> StrokeHand:
    return StrokeHand(face)
