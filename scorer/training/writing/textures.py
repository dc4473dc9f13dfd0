"""What people fill a drawing with: hatching, grass, waves, dots, bricks, scribbles, and small marks that repeat.

Buttons, rays, stitches, scales, whiskers, seeds and windows are many small equal things in a row, as letters are; the
network must see more of them than chance would show.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import ImageDraw

from scorer.training.writing.hands import draw_stroke


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


def marks(draw: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    """One to three runs of equal marks, along a line, an arc, a circle or over a patch."""
    for _ in range(int(rng.integers(1, 4))):
        size, pen = float(np.exp(rng.uniform(math.log(4), math.log(34)))), pen_for(rng)
        mark = _mark(rng)
        loose, upright, growth = rng.choice((0.03, 0.12, 0.35)), rng.random() < 0.6, rng.choice((1.0, 1.0, 0.85, 1.15))
        filled = rng.random() < 0.25
        for number, (x, y, angle) in enumerate(_way(side, size, rng)):
            own = size * growth**number * math.exp(rng.normal(0, loose))
            if not 2 < own < 2 * side:
                break
            turn = rng.normal(0, loose) + (0.0 if upright else angle)
            matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]]) * own
            for stroke in mark:
                points = stroke @ matrix + (x, y) + rng.normal(0, loose * own * 0.3, (1, 2))
                if filled and len(points) > 3:
                    draw.polygon([tuple(p) for p in points.tolist()], fill=255)
                draw_stroke(draw, points, pen)


def _mark(rng: np.random.Generator) -> list[np.ndarray]:
    """A mark in strokes (n, 2), about one across: ring, dash, cross, tick, hook, box, drop, leaf or a squiggle."""
    around = np.linspace(0, 2 * math.pi, 12)
    kind = int(rng.integers(9))
    if kind == 0:
        return [np.stack([np.cos(around), np.sin(around) * rng.uniform(0.5, 1.4)], 1) / 2]
    if kind == 1:
        return [np.array([(0, -0.5), (rng.normal(0, 0.15), 0.5)])]
    if kind == 2:
        return [np.array([(-0.5, -0.5), (0.5, 0.5)]), np.array([(0.5, -0.5), (-0.5, 0.5)])]
    if kind == 3:  # a bird far away, a wave, a roof tile
        return [np.array([(-0.6, -0.2), (0, 0.3), (0.6, -0.2)]) * (1, rng.choice((-1, 1)))]
    if kind == 4:
        bend = np.linspace(0, rng.uniform(2, 5), 9)
        return [np.stack([np.cos(bend), np.sin(bend)], 1) / 2]
    if kind == 5:
        wide = rng.uniform(0.4, 1.2)
        box = np.array([(-wide, -1), (wide, -1), (wide, 1), (-wide, 1), (-wide, -1)]) / 2
        bars = [np.array([(0, -0.5), (0, 0.5)]), np.array([(-wide / 2, 0), (wide / 2, 0)])]
        return [box, *bars] if rng.random() < 0.4 else [box]
    if kind == 6:
        return [np.array([(0, -0.6), (0.35, 0.3), (0, 0.5), (-0.35, 0.3), (0, -0.6)])]
    if kind == 7:
        return [np.array([(0, -0.6), (0, 0.6)]), np.array([(-0.3, -0.5), (0, -0.1), (0.3, -0.5)])]
    return [np.cumsum(rng.normal(0, 0.45, (int(rng.integers(3, 7)), 2)), 0)]


def _way(side: int, size: float, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Where the marks of a run stand, in px, and the direction there: 2 to 14 of them on a line, an arc or a ring,
    or some rows of them."""
    count, step = int(rng.integers(2, 15)), size * rng.uniform(0.9, 3)
    x, y = rng.uniform(0, side, 2)
    way, bend = rng.uniform(0, 2 * math.pi), rng.choice((0.0, rng.normal(0, 0.15), 2 * math.pi / count))
    if rng.random() < 0.5:  # most rows lie or stand
        way = float(rng.choice((0, math.pi / 2))) + rng.normal(0, 0.06)
    if rng.random() < 0.2:
        apart = size * rng.uniform(0.9, 2.5)
        return [(x + i % 5 * step - 2 * step, y + i // 5 * apart, 0.0) for i in range(count)]
    out = []
    for _ in range(count):
        out.append((float(x), float(y), way + math.pi / 2))
        x, y, way = x + step * math.cos(way), y + step * math.sin(way), way + bend
    return out
