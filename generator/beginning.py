"""What a picture may begin as: the rule for the setting `start`, and drawings in the players' format, read again.

The game checks the drawings that it takes in more closely; here a drawing need only be one that can be followed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.declare import SettingsError, colour, several, whole, words

CLOUDS = ("gradient", "perlin", "fractal")
LONGEST_URI = 8_000_000
FORMAT = 1
FAR = 1_000_000  # 1/16 px; a point may lie off the canvas, but not anywhere
HELP = "must be noise, gradient, perlin or fractal, the file or data: URI of a picture, or a drawing or its .json file"

Drawing = dict[str, Any]


def start(value: object, pointer: str) -> str | Drawing:
    """A rule for what a picture begins as: a word, a file, a data: URI or a drawing."""
    if isinstance(value, Mapping):
        return drawing(value, pointer)
    try:
        checked: str = words(LONGEST_URI)(value, pointer)
    except SettingsError:
        raise SettingsError(pointer, HELP) from None
    return checked


def kind(begins: str | Drawing) -> str:
    """Returns what a start is: `noise`, of the prior's own sort; a `drawing`; or a `picture`."""
    if isinstance(begins, str) and not begins.endswith(".json"):
        return begins if begins == "noise" else "picture"
    return "drawing"


def read(begins: str | Drawing, pointer: str) -> Drawing:
    """Returns the drawing that a start of that kind is or names; raises SettingsError at `pointer` or within."""
    if not isinstance(begins, str):
        return begins
    try:
        return drawing(json.loads(Path(begins).expanduser().read_text("utf-8")), pointer)
    except (OSError, ValueError) as error:
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(pointer, f"{begins} is no drawing that can be read here ({error})") from error


def drawing(value: object, pointer: str) -> Drawing:
    """A rule for a drawing in the players' format, as the game's rules/drawing.py describes it."""
    given = _object(value, pointer)
    if given.get("format") != FORMAT:
        raise SettingsError(f"{pointer}/format", f"must be {FORMAT}")
    palette = several(colour, 2, 64)(given.get("palette"), f"{pointer}/palette")
    inked = whole(0, len(palette) - 1)
    ops = several(_object, 0, 400)(given.get("ops"), f"{pointer}/ops")
    return {
        "format": FORMAT,
        "size": whole(16, 1024)(given.get("size"), f"{pointer}/size"),
        "bg": inked(given.get("bg"), f"{pointer}/bg"),
        "palette": list(palette),
        "ops": [_operation(op, inked, f"{pointer}/ops/{place}") for place, op in enumerate(ops)],
    }


def _operation(op: Mapping[str, Any], inked: Any, pointer: str) -> dict[str, Any]:
    ink = inked(op.get("color"), f"{pointer}/color")
    anywhere = whole(-FAR, FAR)
    if op.get("op") == "fill":
        return {"op": "fill", "color": ink, **{axis: anywhere(op.get(axis), f"{pointer}/{axis}") for axis in "xy"}}
    if op.get("op") != "stroke":
        raise SettingsError(f"{pointer}/op", "must be stroke or fill")
    numbers = several(whole(-FAR, 2**31 - 1), 4, 4)
    points = several(numbers, 1, 20_000)(op.get("pts"), f"{pointer}/pts")
    return {"op": "stroke", "color": ink, "pts": [list(point) for point in points]}


def _object(value: object, pointer: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SettingsError(pointer, "must be an object")
    return value
