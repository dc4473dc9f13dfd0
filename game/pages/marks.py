"""The judge's pencil: rings around the parts of a drawing that decided its score, over the picture on the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from game.pages import fragments
from game.pages.entries import seen
from game.rules import entries, why
from game.rules.drawing import Drawing
from game.rules.leave_outs import Layers
from game.rules.why import Reason

pages = Blueprint("marks", __name__)
MOST = 3
LEAST_REACH, EDGE = 6.0, 2.0  # of a ring, in hundredths of the picture
AIR = 3.0  # between a part and its ring
TAG = 11.0  # from one number to the next, at least
POINTS = 72


@dataclass(frozen=True)
class Mark:
    """A reason with its ring, as an SVG path in hundredths of the picture, and where its number stands."""

    number: int
    reason: Reason
    ring: str
    x: float
    y: float


@pages.get("/entries/<entry_id>/verdict/marks")
def show(entry_id: str) -> AnyResponse:
    """Shows the picture as the judge saw it with the judge's marks; as a whole page, that is the page of reasons."""
    if not fragments.wanted():
        return redirect(url_for("why.entry", entry_id=entry_id))
    view = seen(entry_id)
    found, drawing = why.of_entry(entry_id), why.drawing_of(entries.row(entry_id))
    counting = [reason for reason in found.reasons if abs(reason.added) > found.noise][:MOST]
    marked = [] if drawing is None else marks(drawing, counting)
    values = {"entry": view, "marks": marked, "judge_picture": f"/api/v1/entries/{entry_id}/seen.png"}
    return fragments.fragment("play/seen.html", True, **values)


def marks(drawing: Drawing, reasons: Sequence[Reason]) -> list[Mark]:
    """Returns a ring for each reason, numbered in their order."""
    layers, tags, found = Layers(drawing), list[tuple[float, float]](), []
    for number, reason in enumerate(reasons, 1):
        rows, columns = np.nonzero(layers.cells(reason.ops))
        if not len(rows):  # all of it lies off the sheet
            continue
        side = len(layers.whole) / 100
        box = (columns.min() / side, rows.min() / side, (columns.max() + 1) / side, (rows.max() + 1) / side)
        x, y = _free(box, tags)
        tags.append((x, y))
        found.append(Mark(number, reason, _ring(*box, turn=number), x, y))
    return found


def _ring(left: float, top: float, right: float, bottom: float, turn: int) -> str:
    """A ring as a quick hand draws it: a little more than once around, and not quite closed."""
    x, y = (left + right) / 2, (top + bottom) / 2
    wide = max((right - left) / 2 * 1.15 + AIR, LEAST_REACH)
    high = max((bottom - top) / 2 * 1.15 + AIR, LEAST_REACH)
    points = []
    for i in range(POINTS):
        angle = -2.2 + turn + 2.12 * pi * i / (POINTS - 1)
        reach = 1 + 0.035 * sin(2 * angle + turn) + 0.04 * i / POINTS
        points.append((_within(x + wide * reach * cos(angle)), _within(y + high * reach * sin(angle))))
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points)


def _free(box: tuple[float, float, float, float], tags: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a part's number goes: its upper left corner, or below another number that stands there."""
    x, y = max(box[0], 5.0), max(box[1], 5.0)
    while any(abs(x - left) < TAG and abs(y - top) < TAG for left, top in tags):
        y += TAG
    return round(min(x, 95.0), 1), round(min(y, 95.0), 1)


def _within(place: float) -> float:
    return min(max(place, EDGE), 100 - EDGE)
