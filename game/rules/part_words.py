"""A part of a drawing in words: "the long black line at the top", "the orange fill in the middle".

What a part looks like is kept; how that is said depends on the language of whoever reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import dist

from game.rules.drawing import UNIT, Drawing, Fill, Stroke
from game.rules.parts import Part, box
from game.sayings import mark, marks, say, several

COLOURS = {
    mark("white"): "#ffffff", mark("black"): "#000000", mark("grey"): "#969696", mark("red"): "#e0202c",
    mark("dark red"): "#8c1420", mark("orange"): "#f58a24", mark("yellow"): "#ffdf20", mark("light green"): "#a8e6a0",
    mark("green"): "#3cb04a", mark("dark green"): "#145a28", mark("turquoise"): "#3cc8be",
    mark("light blue"): "#96d2fa", mark("blue"): "#3c60dc", mark("dark blue"): "#141e78", mark("purple"): "#8c28b4",
    mark("lilac"): "#d2b4f0", mark("pink"): "#f8a0c4", mark("brown"): "#8c5a28", mark("beige"): "#fad6aa",
}  # fmt: skip
DOWN, ACROSS = ("top", "", "bottom"), ("left", "", "right")
PLACES = {
    "top left": mark("at the top left"), "top": mark("at the top"), "top right": mark("at the top right"),
    "left": mark("at the left"), "middle": mark("in the middle"), "right": mark("at the right"),
    "bottom left": mark("at the bottom left"), "bottom": mark("at the bottom"),
    "bottom right": mark("at the bottom right"), "off": mark("off the sheet"), "all": mark("all over the sheet"),
}  # fmt: skip
SINGLE = {
    "fill": mark("%(colour)s fill %(place)s"),
    "dot": mark("%(colour)s dot %(place)s"),
    "line": mark("%(colour)s line %(place)s"),
    "long line": mark("long %(colour)s line %(place)s"),
    "short line": mark("short %(colour)s line %(place)s"),
    "loop": mark("%(colour)s loop %(place)s"),
    "long loop": mark("long %(colour)s loop %(place)s"),
    "short loop": mark("short %(colour)s loop %(place)s"),
    "stroke": mark("%(colour)s stroke %(place)s"),
    "long stroke": mark("long %(colour)s stroke %(place)s"),
    "short stroke": mark("short %(colour)s stroke %(place)s"),
}
SEVERAL = {
    "marks": marks("%(num)s %(colours)s mark %(place)s", "%(num)s %(colours)s marks %(place)s"),
    "fills": marks("%(num)s %(colours)s fill %(place)s", "%(num)s %(colours)s fills %(place)s"),
    "strokes": marks("%(num)s %(colours)s stroke %(place)s", "%(num)s %(colours)s strokes %(place)s"),
}
COLOURFUL = {
    "marks": marks("%(num)s coloured mark %(place)s", "%(num)s coloured marks %(place)s"),
    "fills": marks("%(num)s coloured fill %(place)s", "%(num)s coloured fills %(place)s"),
    "strokes": marks("%(num)s coloured stroke %(place)s", "%(num)s coloured strokes %(place)s"),
}
ORDINALS = (
    mark("first"), mark("second"), mark("third"), mark("fourth"), mark("fifth"), mark("sixth"), mark("seventh"),
    mark("eighth"), mark("ninth"),
)  # fmt: skip
MIDDLE = (0.4, 0.6)  # canvas sides
LONG, SHORT = 1.2, 0.15  # canvas sides that a pen went
STRAIGHT = 0.96  # way from end to end, as a share of the pen's way
CLOSED = 0.15  # likewise, of a loop's two ends
WIDE = 0.7  # canvas sides, both ways: there is no one place


@dataclass(frozen=True)
class Look:
    """What a part looks like, in no language: `thing` and `place` are keys of the tables above, `colours` of COLOURS.

    `thing` is "colour" for everything in one; `order` counts equal ones from 1 and is 0 where there is but one.
    """

    thing: str
    count: int
    colours: tuple[str, ...]
    place: str
    order: int = 0


def looks(drawing: Drawing, parts: Sequence[Part]) -> list[Look]:
    """Return what each part of a drawing looks like; equal ones are told apart by their order."""
    plain = [look(drawing, part) for part in parts]
    return [
        replace(one, order=plain[:i].count(one) + 1) if plain.count(one) > 1 else one for i, one in enumerate(plain)
    ]


def look(drawing: Drawing, part: Part) -> Look:
    """Return what a part of a drawing looks like."""
    ops = [drawing.ops[i] for i in part.ops]
    colours = tuple(dict.fromkeys(_colour(drawing, op) for op in ops))
    if part.kind == "colour":
        return Look("colour", len(ops), colours[:1], "")
    return Look(_thing(ops, drawing.size), len(ops), colours, place(ops, drawing.size))


def words(found: Look) -> str:
    """Return what to call a part, with its article; equal ones are counted as far as people count."""
    if found.thing == "colour":
        return say("everything in %(colour)s", colour=say(found.colours[0]))
    if 0 < found.order <= len(ORDINALS):
        return say("the %(ordinal)s %(part)s", ordinal=say(ORDINALS[found.order - 1]), part=_part(found))
    return say("the %(part)s", part=_part(found))


def _part(found: Look) -> str:
    where, colours = say(PLACES[found.place]), [say(colour) for colour in found.colours]
    if found.count == 1:
        return say(SINGLE[found.thing], colour=colours[0], place=where)
    if len(colours) > 2:
        return several(*COLOURFUL[found.thing], found.count, place=where)
    named = colours[0] if len(colours) == 1 else say("%(one)s and %(other)s", one=colours[0], other=colours[1])
    return several(*SEVERAL[found.thing], found.count, colours=named, place=where)


def _colour(drawing: Drawing, op: Stroke | Fill) -> str:
    """The nearest name; a colour like the paper's rubs out. Distances weighed after T. Riemersma's "redmean"."""
    red, green, blue = bytes.fromhex(drawing.palette[op.color][1:])

    def distance(name: str) -> float:
        r, g, b = bytes.fromhex(COLOURS[name][1:])
        mean = (red + r) / 2
        return (2 + mean / 256) * (red - r) ** 2 + 4 * (green - g) ** 2 + (2 + (255 - mean) / 256) * (blue - b) ** 2

    return min(COLOURS, key=distance)


def _thing(ops: Sequence[Stroke | Fill], size: int) -> str:
    if len(ops) == 1:
        op = ops[0]
        return "fill" if isinstance(op, Fill) else f"{_length(op, size)}{_shape(op)}"
    kinds = {isinstance(op, Fill) for op in ops}
    return "marks" if len(kinds) > 1 else ("fills" if kinds == {True} else "strokes")


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
    """Return where operations are, as a key of PLACES."""
    boxes = [box(op, size) for op in ops]
    left, top = min(each[0] for each in boxes), min(each[1] for each in boxes)
    right, bottom = max(each[2] for each in boxes), max(each[3] for each in boxes)
    if right < 0 or bottom < 0 or left > 1 or top > 1:
        return "off"
    if right - left > WIDE and bottom - top > WIDE:
        return "all"
    return f"{DOWN[_third(top, bottom)]} {ACROSS[_third(left, right)]}".strip() or "middle"


def _third(start: float, end: float) -> int:
    middle = (start + end) / 2
    return 0 if middle < MIDDLE[0] else (2 if middle > MIDDLE[1] else 1)
