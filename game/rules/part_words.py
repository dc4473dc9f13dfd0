"""A part of a drawing in words: "the long black line at the top", "the orange fill in the middle"."""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

from game.rules.drawing import UNIT, Drawing, Fill, Stroke
from game.rules.parts import Part, box

COLOURS = {
    "white": "#ffffff", "black": "#000000", "grey": "#969696", "red": "#e0202c", "dark red": "#8c1420",
    "orange": "#f58a24", "yellow": "#ffdf20", "light green": "#a8e6a0", "green": "#3cb04a", "dark green": "#145a28",
    "turquoise": "#3cc8be", "light blue": "#96d2fa", "blue": "#3c60dc", "dark blue": "#141e78", "purple": "#8c28b4",
    "lilac": "#d2b4f0", "pink": "#f8a0c4", "brown": "#8c5a28", "beige": "#fad6aa",
}  # fmt: skip
DOWN, ACROSS = ("top", "", "bottom"), ("left", "", "right")
MIDDLE = (0.4, 0.6)  # canvas sides
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
LONG, SHORT = 1.2, 0.15  # canvas sides that a pen went
STRAIGHT = 0.96  # way from end to end, as a share of the pen's way
CLOSED = 0.15  # likewise, of a loop's two ends
WIDE = 0.7  # canvas sides, both ways: there is no one place


def names(drawing: Drawing, parts: Sequence[Part]) -> list[str]:
    """Return what to call each part of a drawing; equal ones are told apart by their order, as far as people count."""
    plain = [words(drawing, part) for part in parts]
    told = []
    for i, name in enumerate(plain):
        before = plain[:i].count(name)
        counted = plain.count(name) > 1 and before < len(ORDINALS)
        told.append(f"the {ORDINALS[before]} {name.removeprefix('the ')}" if counted else name)
    return told


def words(drawing: Drawing, part: Part) -> str:
    """Return what to call a part of a drawing, with its article."""
    ops = [drawing.ops[i] for i in part.ops]
    colours = list(dict.fromkeys(_colour(drawing, op) for op in ops))
    if part.kind == "colour":
        return f"everything in {colours[0]}"
    return f"the {_thing(ops, colours, drawing.size)} {place(ops, drawing.size)}"


def _colour(drawing: Drawing, op: Stroke | Fill) -> str:
    """The nearest name; a colour like the paper's rubs out. Distances weighed after T. Riemersma's "redmean"."""
    red, green, blue = bytes.fromhex(drawing.palette[op.color][1:])

    def distance(name: str) -> float:
        r, g, b = bytes.fromhex(COLOURS[name][1:])
        mean = (red + r) / 2
        return (2 + mean / 256) * (red - r) ** 2 + 4 * (green - g) ** 2 + (2 + (255 - mean) / 256) * (blue - b) ** 2

    return min(COLOURS, key=distance)


def _thing(ops: Sequence[Stroke | Fill], colours: Sequence[str], size: int) -> str:
    if len(ops) == 1:
        op = ops[0]
        return f"{colours[0]} fill" if isinstance(op, Fill) else f"{_length(op, size)}{colours[0]} {_shape(op)}"
    kinds = {isinstance(op, Fill) for op in ops}
    things = "marks" if len(kinds) > 1 else ("fills" if kinds == {True} else "strokes")
    named = " and ".join(colours) if len(colours) < 3 else "coloured"
    return f"{len(ops)} {named} {things}"


def _length(stroke: Stroke, size: int) -> str:
    way = _way(stroke) / (size * UNIT)
    if _shape(stroke) == "dot":
        return ""
    return "long " if way > LONG else ("short " if way < SHORT else "")


def _shape(stroke: Stroke) -> str:
    way, ends = _way(stroke), dist(stroke.pts[0][:2], stroke.pts[-1][:2])
    if way <= 2 * max(point[2] for point in stroke.pts) or len(stroke.pts) == 1:
        return "dot"
    if ends >= STRAIGHT * way:
        return "line"
    return "loop" if ends <= CLOSED * way else "stroke"


def _way(stroke: Stroke) -> float:
    return sum(dist(a[:2], b[:2]) for a, b in zip(stroke.pts, stroke.pts[1:], strict=False))


def place(ops: Sequence[Stroke | Fill], size: int) -> str:
    """Return where operations are, in words."""
    boxes = [box(op, size) for op in ops]
    left, top = min(each[0] for each in boxes), min(each[1] for each in boxes)
    right, bottom = max(each[2] for each in boxes), max(each[3] for each in boxes)
    if right < 0 or bottom < 0 or left > 1 or top > 1:
        return "off the sheet"
    if right - left > WIDE and bottom - top > WIDE:
        return "all over the sheet"
    found = f"{DOWN[_third(top, bottom)]} {ACROSS[_third(left, right)]}".strip()
    return f"at the {found}" if found else "in the middle"


def _third(start: float, end: float) -> int:
    middle = (start + end) / 2
    return 0 if middle < MIDDLE[0] else (2 if middle > MIDDLE[1] else 1)
