"""Geometry of the map of a prompt's drawings, in the SVG's own units; no style, no colour."""

from __future__ import annotations

from dataclasses import dataclass

from game.rules.maps import Map, Spot
from game.rules.views import EntryView

WIDTH, HEIGHT = 1000, 700
PICTURE = 64  # side of a picture
EDGE = 60  # kept free at the sides, for the pictures' own size
ARROW = 110


@dataclass(frozen=True)
class Pin:
    """An entry whose picture's middle hangs at (x, y); `number` is its row in the table."""

    number: int
    x: float
    y: float
    entry: EntryView


@dataclass(frozen=True)
class Arrow:
    """From the middle of the map to its head, with the two ends of the barbs."""

    x0: float
    y0: float
    x1: float
    y1: float
    barbs: str


@dataclass(frozen=True)
class Plot:
    """A map as it is drawn: the pins with the best on top, so last; distances have one scale in both directions."""

    width: int
    height: int
    side: int
    pins: list[Pin]
    arrow: Arrow | None


def plot(found: Map) -> Plot:
    """Lays a map out; y grows upwards on the map and downwards in SVG."""
    xs, ys = [spot.x for spot in found.spots], [spot.y for spot in found.spots]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDTH - 2 * EDGE) / (wide or 1e-9), (HEIGHT - 2 * EDGE) / (high or 1e-9), 1e6)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2

    def at(spot: Spot) -> tuple[float, float]:
        x, y = (spot.x - middle[0]) * scale, (spot.y - middle[1]) * scale
        return round(WIDTH / 2 + x, 1), round(HEIGHT / 2 - y, 1)

    pins = [Pin(number, *at(spot), spot.entry) for number, spot in enumerate(found.spots, 1)]
    return Plot(WIDTH, HEIGHT, PICTURE, pins[::-1], None if found.pull is None else _arrow(*found.pull))


def _arrow(dx: float, dy: float) -> Arrow:
    x0, y0 = WIDTH / 2, HEIGHT / 2
    x1, y1 = x0 + ARROW * dx, y0 - ARROW * dy
    barbs = []
    for turn in (1, -1):  # a third of the way back and to the side
        bx = x1 - 20 * dx + turn * 12 * dy
        by = y1 + 20 * dy + turn * 12 * dx
        barbs.append(f"{bx:.1f} {by:.1f}")
    return Arrow(x0, y0, round(x1, 1), round(y1, 1), f"M{barbs[0]}L{x1:.1f} {y1:.1f}L{barbs[1]}")
