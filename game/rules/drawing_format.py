"""The drawing's JSON as pydantic reads it: the right keys, whole numbers where numbers belong, nothing else.

What the numbers may be together (on the canvas, in the palette, in time, affordable) is `game.rules.drawing`'s part.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.types import FailFast

FORMAT = 1
SMALLEST, LARGEST = 16, 1024  # canvas side, px
MOST_COLOURS = 64
MOST_ERRORS = 20  # told at once


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class StrokeIn(_Strict):
    """A stroke as it is sent: points [x, y, r, t]."""

    op: Literal["stroke"]
    color: int
    pts: Annotated[list[Annotated[list[int], Field(min_length=4, max_length=4)]], Field(min_length=1), FailFast()]


class FillIn(_Strict):
    """A fill as it is sent."""

    op: Literal["fill"]
    color: int
    x: int
    y: int


class DrawingIn(_Strict):
    """A drawing as it is sent; a boolean or a fraction is not a whole number, not even 1.0."""

    format: int = Field(ge=FORMAT, le=FORMAT)
    size: int = Field(ge=SMALLEST, le=LARGEST)
    bg: int
    palette: list[Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}\z")]] = Field(min_length=2, max_length=MOST_COLOURS)
    ops: list[Annotated[StrokeIn | FillIn, Field(discriminator="op")]]


_WHOLE = "Must be a whole number, like 12: no fraction, no quotes, no true or false."
_COLOUR = 'A colour is "#" and six hexadecimal digits, like "#e6194b".'
_OP = 'Every operation says what it is: "op" must be "stroke" or "fill".'
_OBJECT = "Must be a JSON object, {...}."
_ADVICE = {
    "missing": "This field is missing; add it.",
    "extra_forbidden": "This key is not part of the drawing format; remove it.",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": _COLOUR,
    "string_pattern_mismatch": _COLOUR,
    "list_type": "Must be a list, [...].",
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "union_tag_not_found": _OP,
    "union_tag_invalid": _OP,
}
_ADVICE_AT = {
    "format": f'Only format {FORMAT} is understood; send "format": {FORMAT}.',
    "size": f"The canvas is {SMALLEST} to {LARGEST} px wide and high; choose a size in between.",
    "palette": f"A palette has 2 to {MOST_COLOURS} colours; add or remove some.",
    "pts": "A stroke has at least one point; add one or leave the stroke out.",
}
_POINT = "A point is four whole numbers: [x, y, r, t]."


def explain(error: ValidationError) -> list[tuple[str, str]]:
    """Turn pydantic's errors into (JSON pointer, a sentence that says what to do)."""
    found = []
    for one in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_ERRORS]:
        path, kind = list(one["loc"]), one["type"]
        if len(path) > 2 and path[0] == "ops":
            del path[2]  # pydantic names the union's member there
        if kind.startswith("union_tag"):
            path.append("op")
        last = path[-1] if path else ""
        detail = _ADVICE.get(kind) or (_ADVICE_AT.get(last, one["msg"]) if isinstance(last, str) else _POINT)
        found.append(("#" + "".join("/" + _token(part) for part in path), detail))
    return found


def _token(part: str | int) -> str:
    """One step of a JSON pointer in a URI fragment (RFC 6901, sections 4 and 6)."""
    return quote(str(part).replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@")
