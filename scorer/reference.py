"""Pictures and captions that the project makes itself, to compare any CLIP model's similarities with.

The pictures are small scenes of plain shapes, in the manner of people's doodles: houses, suns, trees, faces, fish,
wheels, waves, flowers, ladders, scribbles.  They depend on a seed alone.  `vocabulary.txt` lists the 345 words of
Quick, Draw!, which the embedded judges know.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIDE = 256
COUNT = 1500
COLOURS = ("#101010", "#d62828", "#f08420", "#f7d034", "#3aa046", "#2d62d6", "#823eaa", "#f58cb4", "#84542e", "#8c8c8c")
PAPERS = ("#ffffff",) * 8 + ("#fdf3d0", "#dcefff", "#e6e6e6")

Point = tuple[float, float]


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the words that the embedded judges were trained on, in alphabetical order."""
    return tuple((Path(__file__).parent / "vocabulary.txt").read_text("utf-8").split("\n")[:-1])


def captions(count: int = 1024) -> list[str]:
    """Return captions of one thing and of two, all different, always the same ones."""
    rng = np.random.default_rng(7)
    words = [word for word in vocabulary() if not word.startswith("The ")]
    found = dict.fromkeys(f"{_article(word)} {word}" for word in words)
    links = ("and", "next to", "above", "on top of", "riding", "holding", "with", "looking at", "behind", "in front of")
    while len(found) < count:
        a, b = rng.choice(len(words), 2, replace=False)
        text = f"{_article(words[a])} {words[a]} {links[rng.integers(len(links))]} {_article(words[b])} {words[b]}"
        found[text] = None
    return list(found)[:count]


def pictures(count: int = COUNT) -> list[Image.Image]:
    """Return `count` RGB pictures of SIDE x SIDE pixels, always the same ones."""
    return [_Scene(np.random.default_rng([11, number])).picture() for number in range(count)]


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


class _Scene:
    """One picture: one to four shapes at random places, sizes, colours and pens."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.image = Image.new("RGB", (SIDE, SIDE), PAPERS[rng.integers(len(PAPERS))])
        self.draw = ImageDraw.Draw(self.image)
        self.pen = int(rng.integers(2, 9))

    def picture(self) -> Image.Image:
        shapes = (self.house, self.sun, self.tree, self.face, self.fish, self.wheels, self.waves, self.flower,
                  self.ladder, self.scribble, self.star, self.blob)  # fmt: skip
        many = int(self.rng.choice(4, p=(0.45, 0.3, 0.15, 0.1))) + 1
        for _ in range(many):
            size = float(self.rng.uniform(0.3, 0.85 if many == 1 else 0.5)) * SIDE / 2
            x, y = (float(v) for v in self.rng.uniform(size, SIDE - size, 2))
            shapes[self.rng.integers(len(shapes))](x, y, size)
        return self.image

    def colour(self) -> str:
        return COLOURS[0] if self.rng.random() < 0.5 else COLOURS[self.rng.integers(len(COLOURS))]

    def wash(self) -> str | None:
        return COLOURS[self.rng.integers(len(COLOURS))] if self.rng.random() < 0.45 else None

    def line(self, points: list[Point], closed: bool = False) -> None:
        wobbly = [(x + float(self.rng.normal(0, 1.5)), y + float(self.rng.normal(0, 1.5))) for x, y in points]
        if closed:
            fill = self.wash()
            if fill:
                self.draw.polygon(wobbly, fill=fill)
            wobbly.append(wobbly[0])
        self.draw.line(wobbly, fill=self.colour(), width=self.pen, joint="curve")

    def ring(self, x: float, y: float, a: float, b: float, start: float = 0.0, turn: float = 1.0) -> list[Point]:
        steps = 26
        angles = [2 * math.pi * (start + turn * i / steps) for i in range(steps + (turn < 1))]
        return [(x + a * math.cos(t), y + b * math.sin(t)) for t in angles]

    def house(self, x: float, y: float, s: float) -> None:
        self.line([(x - s, y), (x + s, y), (x + s, y + s), (x - s, y + s)], closed=True)
        self.line([(x - s * 1.1, y), (x, y - s), (x + s * 1.1, y)], closed=True)
        self.line([(x - s / 5, y + s), (x - s / 5, y + s / 3), (x + s / 5, y + s / 3), (x + s / 5, y + s)])

    def sun(self, x: float, y: float, s: float) -> None:
        self.line(self.ring(x, y, s / 2, s / 2), closed=True)
        for dx, dy in self.ring(0, 0, 1, 1)[::3]:
            self.line([(x + dx * s * 0.65, y + dy * s * 0.65), (x + dx * s, y + dy * s)])

    def tree(self, x: float, y: float, s: float) -> None:
        self.line([(x - s / 6, y + s), (x - s / 6, y), (x + s / 6, y), (x + s / 6, y + s)], closed=True)
        self.line(self.ring(x, y - s / 3, s * 0.7, s * 0.65), closed=True)

    def face(self, x: float, y: float, s: float) -> None:
        self.line(self.ring(x, y, s, s), closed=True)
        for side in (-1, 1):
            self.line(self.ring(x + side * s * 0.35, y - s * 0.3, s / 9, s / 9), closed=True)
        self.line(self.ring(x, y + s * 0.1, s * 0.5, s * 0.45, 0.05, 0.4))

    def fish(self, x: float, y: float, s: float) -> None:
        self.line(self.ring(x, y, s * 0.75, s * 0.4), closed=True)
        self.line([(x + s * 0.7, y), (x + s, y - s * 0.35), (x + s, y + s * 0.35)], closed=True)
        self.line(self.ring(x - s * 0.4, y - s * 0.1, s / 14, s / 14), closed=True)

    def wheels(self, x: float, y: float, s: float) -> None:
        self.line([(x - s, y), (x - s * 0.6, y - s * 0.6), (x + s * 0.5, y - s * 0.6), (x + s, y)], closed=True)
        for side in (-0.5, 0.5):
            self.line(self.ring(x + side * s, y + s * 0.1, s / 4, s / 4), closed=True)

    def waves(self, x: float, y: float, s: float) -> None:
        for row in (-0.4, 0.0, 0.4):
            points = [(x - s + 2 * s * i / 24, y + row * s + math.sin(i * 0.9) * s / 9) for i in range(25)]
            self.line(points)

    def flower(self, x: float, y: float, s: float) -> None:
        self.line([(x, y), (x + s / 12, y + s)])
        for dx, dy in self.ring(0, 0, 1, 1)[::5]:
            self.line(self.ring(x + dx * s / 3, y + dy * s / 3, s / 5, s / 5), closed=True)
        self.line(self.ring(x, y, s / 6, s / 6), closed=True)

    def ladder(self, x: float, y: float, s: float) -> None:
        for side in (-0.3, 0.3):
            self.line([(x + side * s, y - s), (x + side * s, y + s)])
        for rung in np.linspace(-0.8, 0.8, int(self.rng.integers(3, 8))):
            self.line([(x - 0.3 * s, y + float(rung) * s), (x + 0.3 * s, y + float(rung) * s)])

    def star(self, x: float, y: float, s: float) -> None:
        points = self.ring(0, 0, 1, 1, 0.75)
        corners = [points[round(i * 26 / 5) % 26] for i in (0, 2, 4, 1, 3)]
        self.line([(x + dx * s, y + dy * s) for dx, dy in corners], closed=True)

    def scribble(self, x: float, y: float, s: float) -> None:
        walk = np.cumsum(self.rng.normal(0, s / 4, (int(self.rng.integers(8, 40)), 2)), axis=0)
        self.line([(x + float(dx), y + float(dy)) for dx, dy in walk - walk.mean(0)])

    def blob(self, x: float, y: float, s: float) -> None:
        radii = s * (0.7 + 0.25 * np.sin(np.arange(26) * float(self.rng.uniform(0.3, 1.2))))
        points = self.ring(0, 0, 1, 1)
        self.line(
            [(x + dx * float(r), y + dy * float(r)) for (dx, dy), r in zip(points, radii, strict=True)], closed=True
        )
