"""The drawing format: what a player's page, an importer or the machine hands in, checked before anything is rendered.

JSON, all numbers whole: `{"format": 1, "size": 512, "bg": 0, "palette": ["#ffffff", ...], "ops": [...]}`, operations
`{"op": "stroke", "color": 1, "pts": [[x, y, r, t], ...]}` and `{"op": "fill", "color": 2, "x": x, "y": y}`. x, y and
the radius r count 1/16 px, t counts milliseconds since the start. A drawing without operations is a valid, blank one;
whether there is anything to judge is `game.rules.raster.require_marks`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import sqrt
from typing import Any

from pydantic import ValidationError

from game.rules.drawing_format import FORMAT, MOST_ERRORS, DrawingIn, FillIn, StrokeIn, explain

UNIT = 16  # coordinates and radii: integers, 1/16 px
MOST_POINTS = 20_000
MOST_OPS = 400
MOST_FILLS = 60
MOST_RADIUS = 64  # px
MOST_TIME = 2**31 - 1  # ms
MOST_COST = 1_000_000_000  # of all strokes, see `cost`; some 0.1 s of the server's time
ROW_COST = 64  # cells painted in the time that one row of a segment takes besides
MOST_FILLED = MOST_FILLS * 512 * 512  # px of canvas that all fills together may look at; 0.3 s, at the very worst 1.5 s


class DrawingError(ValueError):
    """A refused drawing; `errors` lists {"pointer", "detail"}, the first also stands as `.pointer` and `.detail`."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = [{"pointer": pointer, "detail": detail} for pointer, detail in errors]
        self.pointer, self.detail = errors[0]
        super().__init__(f"{self.pointer}: {self.detail}")


@dataclass(frozen=True, slots=True)
class Stroke:
    """Pen-down to pen-up: `pts` are (x, y, r, t) in 1/16 px and ms, `color` an index into the palette."""

    color: int
    pts: tuple[tuple[int, int, int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the operation as it stands in a drawing's JSON."""
        return {"op": "stroke", "color": self.color, "pts": [list(point) for point in self.pts]}


@dataclass(frozen=True, slots=True)
class Fill:
    """A flood fill with gap closing from (x, y), in 1/16 px; a seed off the canvas is moved to its edge."""

    color: int
    x: int
    y: int

    def to_dict(self) -> dict[str, Any]:
        """Return the operation as it stands in a drawing's JSON."""
        return {"op": "fill", "color": self.color, "x": self.x, "y": self.y}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A checked drawing: canvas side in px, background index, colours "#rrggbb" in lower case, operations in order."""

    size: int
    bg: int
    palette: tuple[str, ...]
    ops: tuple[Stroke | Fill, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the drawing ready for JSON; `parse` reads it back to an equal drawing."""
        ops = [op.to_dict() for op in self.ops]
        return {"format": FORMAT, "size": self.size, "bg": self.bg, "palette": list(self.palette), "ops": ops}


def parse(obj: object) -> Drawing:
    """Check a decoded JSON value and return it as a Drawing; raises DrawingError and never renders anything.

    Counts are checked before contents, contents before cost, so that a refusal is cheap, too.
    """
    _refuse(_count(obj))
    try:
        given = DrawingIn.model_validate(obj)
    except ValidationError as error:
        raise DrawingError(explain(error)) from None
    _refuse(_check(given))
    palette = tuple(color.lower() for color in given.palette)
    drawing = Drawing(given.size, given.bg, palette, tuple(_operation(op) for op in given.ops))
    _refuse(_afford(drawing))
    return drawing


def cost(drawing: Drawing) -> int:
    """Return the work of rendering the strokes: cells of the 2x master in the boxes along all segments.

    A box goes along its segment and is as wide as the brush; parts off the canvas count like the rest.
    """
    cells = 0.0
    for op in drawing.ops:
        if isinstance(op, Fill):
            continue
        previous = op.pts[0]
        for point in op.pts:
            dx, dy = point[0] - previous[0], point[1] - previous[1]
            wide = (2 * max(point[2], previous[2]) + UNIT) * 2 / UNIT
            cells += (sqrt(dx * dx + dy * dy) * 2 / UNIT + wide) * (wide + ROW_COST)
            previous = point
    return int(cells)


def _operation(op: StrokeIn | FillIn) -> Stroke | Fill:
    if isinstance(op, FillIn):
        return Fill(op.color, op.x, op.y)
    return Stroke(op.color, tuple((x, y, r, t) for x, y, r, t in op.pts))


def _refuse(found: Iterator[tuple[str, str]]) -> None:
    errors = list(islice(found, MOST_ERRORS))
    if errors:
        raise DrawingError(errors)


def _count(obj: object) -> Iterator[tuple[str, str]]:
    """Count operations, points and fills without looking into them."""
    ops = obj.get("ops") if isinstance(obj, dict) else None
    if not isinstance(ops, list):
        return
    if len(ops) > MOST_OPS:
        yield "#/ops", f"A drawing has at most {MOST_OPS} operations, this one {len(ops)}. Use fewer strokes."
        return
    points = fills = 0
    for i, op in enumerate(ops):
        if not isinstance(op, dict):
            continue
        pts = op.get("pts")
        points += len(pts) if isinstance(pts, list) else 0
        fills += op.get("op") == "fill"
        if points > MOST_POINTS:
            yield f"#/ops/{i}/pts", f"A drawing has at most {MOST_POINTS:,} points in all. Set fewer points a stroke."
            return
        if fills > MOST_FILLS:
            yield f"#/ops/{i}", f"A drawing has at most {MOST_FILLS} fills. Paint the rest with the brush."
            return


def _check(given: DrawingIn) -> Iterator[tuple[str, str]]:
    """Hold every number against canvas, palette, brush and clock."""
    low, high = -given.size * UNIT, 2 * given.size * UNIT
    far = f"Lies more than one canvas away; keep it between {low} and {high} (1/16 px)."
    wide = f"The radius is 0 to {MOST_RADIUS * UNIT} (1/16 px); use a smaller brush."
    late = f"Time runs on, from 0 to {MOST_TIME} ms; count milliseconds since the start, never backwards."
    colours = len(given.palette)
    none = f"The palette's indices are 0 to {colours - 1}; choose one of these or add the colour."
    if not 0 <= given.bg < colours:
        yield "#/bg", none
    now = 0
    for i, op in enumerate(given.ops):
        if not 0 <= op.color < colours:
            yield f"#/ops/{i}/color", none
        if isinstance(op, FillIn):
            for name, value in (("x", op.x), ("y", op.y)):
                if not low <= value <= high:
                    yield f"#/ops/{i}/{name}", far
            continue
        for j, (x, y, r, t) in enumerate(op.pts):
            checks = (low <= x <= high, low <= y <= high, 0 <= r <= MOST_RADIUS * UNIT, now <= t <= MOST_TIME)
            if not all(checks):
                for k, (ok, detail) in enumerate(zip(checks, (far, far, wide, late), strict=True)):
                    if not ok:
                        yield f"#/ops/{i}/pts/{j}/{k}", detail
            now = max(now, min(t, MOST_TIME))


def _afford(drawing: Drawing) -> Iterator[tuple[str, str]]:
    """Bound the work before any is done; a fill's work is linear in the canvas, whatever is drawn on it."""
    spent = cost(drawing)
    if spent > MOST_COST:
        detail = f"Rendering would take {spent / MOST_COST:.1f} times what a drawing may. "
        yield "#/ops", detail + "Use a smaller brush, or fewer points with a large one."
    fills = [i for i, op in enumerate(drawing.ops) if isinstance(op, Fill)]
    allowed = MOST_FILLED // drawing.size**2
    if len(fills) > allowed:
        detail = f"A canvas of {drawing.size} px may have {allowed} fills. "
        yield f"#/ops/{fills[allowed]}", detail + "Use a smaller canvas, or paint the rest with the brush."
