"""Drawings to and from lines of JSON (ndjson), in the manner of the Quick, Draw! data set; one line at a time.

Quick, Draw! (github.com/googlecreativelab/quickdraw-dataset) keeps a drawing a line: `{"key_id", "word", "timestamp",
"drawing": [[[x...], [y...], [t...]], ...], ...}`, t (ms) only in its raw files. Ours add a fourth row to a stroke, the
radius r, and `"paint"`, which says what such files cannot: canvas, palette, each stroke's colour, the fills and their
place in the order. x, y and r are px there, in exact sixteenths, so what `write` writes `read` reads back unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import floor, sqrt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from game.rules.drawing import UNIT, Drawing, DrawingError, Fill, parse

SIZE = 512  # px, the canvas for drawings that bring none
MARGIN = 40  # px left free around them
RADIUS = 3  # px, their pen
SPEED = 0.4  # px a ms, of their pen when times are missing
LIFT = 250  # ms between two of their strokes then
PALETTE = ["#ffffff", "#000000"]

Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Rows = Annotated[list[list[Number]], Field(min_length=2, max_length=4)]


class ExchangeError(ValueError):
    """A line that is no drawing; `.line` counts from 1, `.detail` says what to mend."""

    def __init__(self, line: int, detail: str) -> None:
        self.line, self.detail = line, detail
        super().__init__(f"Line {line}: {detail}")


@dataclass(frozen=True, slots=True)
class Record:
    """A drawing with what a line says of it; `about` holds all further keys with their plain JSON values."""

    drawing: Drawing
    word: str = ""
    key_id: str = ""
    timestamp: str = ""
    about: dict[str, Any] = field(default_factory=dict)


class _PaintIn(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    size: int
    bg: int
    palette: list[str]
    ops: list[dict[str, Any]]


class _RecordIn(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    drawing: list[Rows]
    word: str = ""
    key_id: str = ""
    timestamp: str = ""
    paint: _PaintIn | None = None


def read(lines: Iterable[str | bytes]) -> Iterator[Record]:
    """Yield the drawing of every line that is not blank; raises ExchangeError at the first that is none.

    Drawings without `paint` are fitted to the middle of a 512 px canvas in black on white; missing times are made up
    from the way the pen went.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = _RecordIn.model_validate(json.loads(line))
            drawing = parse(_painted(given, given.paint) if given.paint else _fitted(given.drawing))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = "/".join(str(part) for part in first["loc"])
            raise ExchangeError(number, f"{where or 'The line'}: {first['msg']}.") from None
        except DrawingError as error:
            raise ExchangeError(number, f"The drawing is refused at {error.pointer}. {error.detail}") from None
        except (ValueError, RecursionError) as error:
            raise ExchangeError(number, f'Must be one JSON object with a list "drawing" of strokes: {error}.') from None
        yield Record(drawing, given.word, given.key_id, given.timestamp, dict(given.model_extra or {}))


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield a line, with its line feed, for every record; colours, fills, brush are in `paint` and the fourth row."""
    for record in records:
        drawing, strokes, ops = record.drawing, [], []
        for op in drawing.ops:
            if isinstance(op, Fill):
                ops.append(op.to_dict())
                continue
            ops.append({"op": "stroke", "color": op.color})
            xs, ys, rs, ts = zip(*op.pts, strict=True)
            strokes.append([[x / UNIT for x in xs], [y / UNIT for y in ys], list(ts), [r / UNIT for r in rs]])
        line = {
            **record.about,
            "key_id": record.key_id,
            "word": record.word,
            "timestamp": record.timestamp,
            "drawing": strokes,
            "paint": {"size": drawing.size, "bg": drawing.bg, "palette": list(drawing.palette), "ops": ops},
        }
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _painted(given: _RecordIn, paint: _PaintIn) -> dict[str, Any]:
    """Our own line as drawing JSON: the strokes' rows put back into their operations."""
    strokes = iter(given.drawing)
    ops: list[dict[str, Any]] = []
    for op in paint.ops:
        if op.get("op") == "stroke":
            rows = next(strokes, None)
            if rows is None or len(rows) != 4:
                raise ValueError('every stroke of "paint" needs its four rows [x], [y], [t], [r] in "drawing"')
            ops.append({**op, "pts": [[_units(x), _units(y), _units(r), floor(t)] for x, y, t, r in _points(rows)]})
        else:
            ops.append(op)
    if next(strokes, None) is not None:
        raise ValueError('"paint" must name every stroke of "drawing"')
    return {"format": 1, "size": paint.size, "bg": paint.bg, "palette": paint.palette, "ops": ops}


def _fitted(strokes: list[Rows]) -> dict[str, Any]:
    """A Quick, Draw! drawing as drawing JSON: its box in the middle of the canvas, as large as the margin allows."""
    if not strokes or not all(rows[0] for rows in strokes):
        raise ValueError("a drawing needs a stroke, a stroke needs a point")
    xs, ys = ([v for rows in strokes for v in rows[axis]] for axis in (0, 1))
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    scale = (SIZE - 2 * MARGIN) / extent if extent > 0 else 1.0
    left, top = (SIZE / 2 - (max(axis) + min(axis)) / 2 * scale for axis in (xs, ys))
    start = strokes[0][2][0] if len(strokes[0]) > 2 and strokes[0][2] else 0.0
    ops: list[dict[str, Any]] = []
    now = 0
    for rows in strokes:
        pts: list[list[int]] = []
        for x, y, *rest in _points(rows):
            px, py = left + x * scale, top + y * scale
            if rest:
                now = max(now, floor(rest[0] - start))
            elif pts:
                now += floor(_way(pts[-1], px, py) / SPEED) + 1
            pts.append([_units(px), _units(py), RADIUS * UNIT, now])
        ops.append({"op": "stroke", "color": 1, "pts": pts})
        now += 0 if len(rows) > 2 else LIFT
    return {"format": 1, "size": SIZE, "bg": 0, "palette": PALETTE, "ops": ops}


def _points(rows: Rows) -> Iterator[tuple[float, ...]]:
    """A stroke's rows, taken point by point."""
    if len({len(row) for row in rows}) > 1:
        raise ValueError("the rows of a stroke must have the same length")
    return zip(*rows, strict=True)


def _way(point: list[int], x: float, y: float) -> float:
    """Pixels from a point in 1/16 px to (x, y) in px."""
    dx, dy = x - point[0] / UNIT, y - point[1] / UNIT
    return sqrt(dx * dx + dy * dy)


def _units(px: float) -> int:
    """Pixels in whole sixteenths, halves rounded up."""
    return floor(px * UNIT + 0.5)
