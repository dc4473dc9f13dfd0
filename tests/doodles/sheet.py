"""A sheet of paper and a felt pen for making doodles in code: positions in px on a 512 px sheet, angles in degrees."""

from itertools import pairwise
from math import ceil, cos, dist, radians, sin
from typing import Any

Point = tuple[float, float]

COLOURS = {
    "white": "#ffffff",
    "black": "#000000",
    "red": "#e6194b",
    "orange": "#f58231",
    "yellow": "#ffe119",
    "green": "#3cb44b",
    "blue": "#4363d8",
    "sky": "#8fd3ff",
    "purple": "#911eb4",
    "pink": "#fabed4",
    "brown": "#9a6324",
    "tan": "#ffd8b1",
    "grey": "#a9a9a9",
}
INDEX = {name: index for index, name in enumerate(COLOURS)}
UNIT = 16  # the format counts 1/16 px
SPACING = 12  # px between the points of a straight line, about what a slow hand gives
PACE = 8  # ms between two points


def ring(centre: Point, rx: float, ry: float, start: float = 0, end: float = 360) -> list[Point]:
    """Points along an ellipse from one angle to another; 0 is to the right, 90 is down."""
    count = max(6, ceil(abs(end - start) / 12))
    angles = [radians(start + (end - start) * i / count) for i in range(count + 1)]
    return [(centre[0] + rx * cos(angle), centre[1] + ry * sin(angle)) for angle in angles]


def smooth(points: list[Point]) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    out: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(8):
            t = i / 8
            out.append((catmull_rom(a[0], b[0], c[0], d[0], t), catmull_rom(a[1], b[1], c[1], d[1], t)))
    return [*out, points[-1]]


def catmull_rom(a: float, b: float, c: float, d: float, t: float) -> float:
    """The curve between b (t = 0) and c (t = 1) that leaves and arrives along its neighbours."""
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


class Sheet:
    """Collects strokes and fills; `pen` is the radius of the pen in px, `ink` its colour's name."""

    def __init__(self) -> None:
        self.ops: list[dict[str, Any]] = []
        self.pen = 4.0
        self.ink = "black"
        self.clock = 0

    def stroke(self, points: list[Point]) -> None:
        """One stroke through the points as they are."""
        pts = []
        for x, y in points:
            pts.append([round(x * UNIT), round(y * UNIT), round(self.pen * UNIT), self.clock])
            self.clock += PACE
        self.clock += 40 * PACE
        self.ops.append({"op": "stroke", "color": INDEX[self.ink], "pts": pts})

    def line(self, *points: Point) -> None:
        """Straight from point to point."""
        path = [points[0]]
        for a, b in pairwise(points):
            count = max(1, ceil(dist(a, b) / SPACING))
            path += [(a[0] + (b[0] - a[0]) * i / count, a[1] + (b[1] - a[1]) * i / count) for i in range(1, count + 1)]
        self.stroke(path)

    def shape(self, *points: Point) -> None:
        """A closed polygon."""
        self.line(*points, points[0])

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """A rectangle."""
        self.shape((left, top), (right, top), (right, bottom), (left, bottom))

    def curve(self, *points: Point) -> None:
        """Smoothly through the points."""
        self.stroke(smooth(list(points)))

    def arc(self, centre: Point, rx: float, ry: float, start: float = 0, end: float = 360) -> None:
        """An ellipse, or the part of it between two angles (0 right, 90 down)."""
        self.stroke(ring(centre, rx, ry, start, end))

    def circle(self, x: float, y: float, radius: float) -> None:
        """A full circle."""
        self.arc((x, y), radius, radius)

    def dot(self, x: float, y: float, radius: float = 8) -> None:
        """A blot of ink: a stroke of one point, as a tap makes it."""
        pen, self.pen = self.pen, radius
        self.stroke([(x, y)])
        self.pen = pen

    def fill(self, colour: str, *points: Point) -> None:
        """Pours a colour at each of the points."""
        for x, y in points:
            self.ops.append({"op": "fill", "color": INDEX[colour], "x": round(x * UNIT), "y": round(y * UNIT)})

    def drawing(self) -> dict[str, Any]:
        """The sheet as a drawing of format 1."""
        return {"format": 1, "size": 512, "bg": 0, "palette": list(COLOURS.values()), "ops": self.ops}
