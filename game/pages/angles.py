"""Geometry of the lesson on angles: two arrows from the middle of a circle, and the shadow one throws on the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

SIDE = 400
REACH = 150  # px that a length of 1 takes
SHORTEST, LONGEST = 0.2, 1.2


@dataclass(frozen=True)
class Arm:
    """An arrow: `turn` in degrees against the clock from the right, `length`, where its head and its unit lie in px."""

    turn: int
    length: float
    x: float
    y: float
    unit_x: float
    unit_y: float


@dataclass(frozen=True)
class Figure:
    """Two arrows; `angle` between them in degrees (0 to 180), their cosine and dot product, the arc between them.

    (foot_x, foot_y) is the foot of the plumb line from the second unit vector to the line of the first.
    """

    side: int
    reach: int
    arms: tuple[Arm, Arm]
    angle: int
    cosine: float
    dot: float
    arc: str
    foot_x: float
    foot_y: float


def figure(given: Mapping[str, str]) -> Figure:
    """Lays the figure out: `a` and `b` are degrees, `la` and `lb` lengths; what makes no sense is as at the start."""
    first = _arm(_number(given.get("a"), 20, 0, 360), _number(given.get("la"), 1.0, SHORTEST, LONGEST))
    second = _arm(_number(given.get("b"), 70, 0, 360), _number(given.get("lb"), 0.7, SHORTEST, LONGEST))
    between = abs(first.turn - second.turn) % 360
    angle = min(between, 360 - between)
    cosine = math.cos(math.radians(angle))
    middle = SIDE / 2
    foot = REACH * cosine, math.radians(first.turn)
    return Figure(
        SIDE, REACH, (first, second), angle, cosine, cosine * first.length * second.length, _arc(first, second),
        round(middle + foot[0] * math.cos(foot[1]), 1), round(middle - foot[0] * math.sin(foot[1]), 1),
    )  # fmt: skip


def _arm(turn: float, length: float) -> Arm:
    radians = math.radians(turn)
    across, down = REACH * math.cos(radians), -REACH * math.sin(radians)
    places = (SIDE / 2 + length * across, SIDE / 2 + length * down, SIDE / 2 + across, SIDE / 2 + down)
    x, y, unit_x, unit_y = (round(place, 1) for place in places)
    return Arm(round(turn), length, x, y, unit_x, unit_y)


def _arc(first: Arm, second: Arm) -> str:
    """The shorter way from one arrow to the other, a quarter of the way out."""
    ends = [(arm.unit_x, arm.unit_y) for arm in (first, second)]
    if (second.turn - first.turn) % 360 > 180:
        ends.reverse()
    (x0, y0), (x1, y1) = ((SIDE / 2 + (x - SIDE / 2) / 4, SIDE / 2 + (y - SIDE / 2) / 4) for x, y in ends)
    return f"M{x0:.1f} {y0:.1f}A{REACH / 4} {REACH / 4} 0 0 0 {x1:.1f} {y1:.1f}"


def _number(text: str | None, usual: float, least: float, most: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return usual
    return value if least <= value <= most else usual  # not a number compares as false
