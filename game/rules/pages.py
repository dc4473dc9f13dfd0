"""Pages of lists by keyset: a cursor holds the sort keys of the last item, so deep pages cost what the first does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from game.extensions import db
from game.rules.refusals import Invalid
from game.sayings import say

T = TypeVar("T")
Row = TypeVar("Row")
MOST = 200  # items of a page


@dataclass(frozen=True)
class Page(Generic[T]):
    """Items of a list and the cursor of those that follow, or None at the end."""

    items: list[T]
    next: str | None

    def map(self, change: Callable[[Sequence[T]], list[Any]]) -> Page[Any]:
        """Return the page with all its items changed at once."""
        return Page(change(self.items), self.next)


def descending(
    query: Select[Row], keys: Sequence[InstrumentedAttribute[Any]], cursor: str | None, limit: int
) -> Page[Row]:
    """Return a page of rows, largest `keys` first; the last key has to be unique. An unreadable cursor is Invalid."""
    limit = max(1, min(limit, MOST))
    if cursor is not None:
        query = query.where(_after(keys, _read(cursor, keys)))
    rows = list(db.session.scalars(query.order_by(*(key.desc() for key in keys)).limit(limit + 1)))
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], _write([getattr(last, key.key) for key in keys]))


def _after(keys: Sequence[InstrumentedAttribute[Any]], values: Sequence[Any]) -> Any:
    """Spelled out, (a, b) < (x, y) is a <= x and (a < x or b < y): the first half is what an index is entered by."""
    tail: Any = keys[-1] < values[-1]
    for key, value in zip(reversed(keys[:-1]), reversed(values[:-1]), strict=True):
        tail = and_(key <= value, or_(key < value, tail))
    return tail


def _write(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str, keys: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [_typed(value, key.type.python_type) for value, key in zip(values, keys, strict=True)]
    except (ValueError, RecursionError):
        raise Invalid([("#/cursor", say("This cursor is of no use. Take the one that came as `next`."))]) from None


def _typed(value: Any, wanted: type) -> Any:
    if wanted is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise ValueError(value)
    return literal(value) if wanted is bool else value  # bare, SQLAlchemy would compare it by `is` alone
