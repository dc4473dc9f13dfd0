"""Geometry of the plots on the numbers page: across in percent of the width, so that they fit any, down in px."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from flask_babel import gettext as _

from game.rules.climbs import Climb
from game.rules.contests import PromptDuel

LEFT, RIGHT = 3.0, 97.0  # percent that the lowest and the highest value stand at
ROW = 46  # px
FOOT = 26  # px below the rows, for the axis
CLIMB = 220  # px that climbs are high
LONGEST = 34  # letters of a label
SHOWN = 16  # prompts


@dataclass(frozen=True)
class Axis:
    """The values along the bottom: `ticks` are (percent, value); `zero` is where zero stands, None outside."""

    low: float
    high: float
    ticks: list[tuple[float, float]]
    zero: float | None


@dataclass(frozen=True)
class Lead:
    """A value with its interval, if there is one; across in percent."""

    label: str
    y: int
    at: float | None
    low: float | None
    high: float | None
    sign: int


@dataclass(frozen=True)
class Leads:
    """Values with intervals below each other, around zero."""

    height: int
    rows: list[Lead]
    axis: Axis


@dataclass(frozen=True)
class Pair:
    """The best of a prompt's people and machines, across in percent."""

    label: str
    y: int
    human: float
    ai: float


@dataclass(frozen=True)
class Pairs:
    """Prompts below each other."""

    height: int
    rows: list[Pair]
    axis: Axis
    left_out: int


@dataclass(frozen=True)
class Point:
    """A mean at a step with its interval: x in percent, the others in px down."""

    x: float
    y: float
    top: float | None
    bottom: float | None


@dataclass(frozen=True)
class Line:
    """A line of points; `number` names it in the legend, `label` says what it is."""

    number: int
    label: str
    points: list[Point]
    segments: list[tuple[Point, Point]]


@dataclass(frozen=True)
class Climbs:
    """Lines over steps on a logarithmic axis; `steps` are (percent, step), `grid` (px down, similarity)."""

    height: int
    lines: list[Line]
    steps: list[tuple[float, int]]
    grid: list[tuple[float, float]]


@dataclass(frozen=True)
class Given:
    """What a lead is drawn from."""

    label: str
    mean: float | None
    low: float | None
    high: float | None


def leads(given: Sequence[Given]) -> Leads | None:
    """Lays out values with intervals around zero; None where there is no value."""
    ends = [end for one in given for end in (one.mean, one.low, one.high) if end is not None]
    if not ends:
        return None
    reach = max(abs(end) for end in ends) or 0.01
    axis = _axis(-reach, reach)
    rows = [_lead(one, _y(place), axis) for place, one in enumerate(given)]
    return Leads(ROW * len(rows) + FOOT, rows, axis)


def pairs(duels: Sequence[PromptDuel]) -> Pairs | None:
    """Lays out the best of both sides for the most drawn prompts; None without any."""
    shown = duels[:SHOWN]
    if not shown:
        return None
    values = [value for duel in shown for value in (duel.best_human, duel.best_ai)]
    axis = _axis(min(values), max(values))
    rows = [
        Pair(_short(duel.prompt), _y(place), _across(duel.best_human, axis), _across(duel.best_ai, axis))
        for place, duel in enumerate(shown)
    ]
    return Pairs(ROW * len(rows) + FOOT, rows, axis, len(duels) - len(shown))


def climbs(given: Sequence[Climb]) -> Climbs | None:
    """Lays out similarity by step; None until some line has two steps."""
    grouped = [(key, list(some)) for key, some in groupby(given, key=lambda one: (one.prior, one.guide))]
    grouped = [(key, some) for key, some in grouped if len(some) > 1]
    if not grouped:
        return None
    every = [climb for _, some in grouped for climb in some]
    low = min(climb.similarity if climb.low is None else climb.low for climb in every)
    high = max(climb.similarity if climb.high is None else climb.high for climb in every)
    span = (high - low) or 0.02
    last = math.log(max(2, *(climb.step for climb in every)))

    def across(step: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * math.log(max(step, 1)) / last, 2)

    def down(value: float) -> float:
        return round(12 + (CLIMB - 24) * (high - value) / span, 1)

    lines = []
    for number, ((prior, guide), some) in enumerate(grouped, 1):
        points = [
            Point(
                across(climb.step),
                down(climb.similarity),
                None if climb.high is None else down(climb.high),
                None if climb.low is None else down(climb.low),
            )
            for climb in some
        ]
        lines.append(
            Line(number, _("%(prior)s, led by %(guide)s", prior=prior, guide=guide), points, list(pairwise(points)))
        )
    decades = sorted({climb.step for climb in every if math.log10(climb.step).is_integer()})
    grid = [(down(value), value) for value in (high, (high + low) / 2, low)]
    return Climbs(CLIMB + FOOT, lines, [(across(step), step) for step in decades], grid)


def _lead(given: Given, y: int, axis: Axis) -> Lead:
    at, low, high = (None if end is None else _across(end, axis) for end in (given.mean, given.low, given.high))
    sign = 0 if given.low is None or given.high is None else (given.low > 0) - (given.high < 0)
    return Lead(_short(given.label), y, at, low, high, sign)


def _axis(low: float, high: float) -> Axis:
    if high <= low:
        low, high = low - 0.01, high + 0.01
    ticks = [(LEFT, low), ((LEFT + RIGHT) / 2, (low + high) / 2), (RIGHT, high)]
    zero = LEFT + (RIGHT - LEFT) * -low / (high - low) if low <= 0 <= high else None
    return Axis(low, high, ticks, None if zero is None else round(zero, 2))


def _across(value: float, axis: Axis) -> float:
    return round(LEFT + (RIGHT - LEFT) * (value - axis.low) / (axis.high - axis.low), 2)


def _y(place: int) -> int:
    return ROW * place + 32


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
