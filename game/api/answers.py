"""Answers as JSON: records become objects, moments ISO 8601 in UTC, and numbers lose the digits that mean nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response
from pydantic import BaseModel

DIGITS = {"percentile": 2, "mean_percentile": 2, "best_percentile": 2, "seconds": 2}
OTHER_DIGITS = 6


def json_response(value: Any, status: int = 200, media: str = "application/json") -> Response:
    """Return a response with `value` as JSON."""
    body = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(body + "\n", status, mimetype=media)


def plain(value: Any, digits: int = OTHER_DIGITS) -> Any:
    """Return a record, of any depth, as what `json` can write; floats rounded to `digits` or by their field's name."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, Mapping):
        return {name: plain(inner, DIGITS.get(name, OTHER_DIGITS)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, digits) for inner in value]
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value
