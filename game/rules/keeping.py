"""Numbers that take long to work out, kept in memory for a while; a page that shows them says of when they are.

Each process keeps its own. What has become old is still told while a thread works it out anew, so that nobody waits,
unless it is older than anyone would believe.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from flask import current_app

from game.extensions import db
from game.tables import now

T = TypeVar("T")
FRESH = timedelta(minutes=1)
STALE = timedelta(hours=1)  # older than this is not told any more
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept(Generic[T]):
    """A value, and of when it is."""

    value: T
    at: datetime


_lock = threading.Lock()
_values: dict[tuple[str, str], Kept[Any]] = {}  # by database and name
_desks: dict[tuple[str, str], threading.Lock] = {}


def kept(name: str, work_out: Callable[[], T]) -> Kept[T]:
    """Return what is kept under a name, or else what `work_out` returns, which is then kept."""
    key = (str(db.engine.url), name)
    with _lock:
        found = _values.get(key)
        desk = _desks.setdefault(key, threading.Lock())
    age = STALE if found is None else now() - found.at
    if found is not None and age < FRESH:
        return found
    if found is not None and age < STALE:
        if desk.acquire(blocking=False):
            _anew(key, work_out, desk)
        return found
    with desk:
        found = _values.get(key)
        if found is None or now() - found.at >= STALE:
            found = _put(key, work_out)
    return cast("Kept[T]", found)


def forget() -> None:
    """Let everything be worked out anew at its next need."""
    with _lock:
        _values.clear()


def _put(key: tuple[str, str], work_out: Callable[[], T]) -> Kept[T]:
    at = now()  # before: what changes meanwhile may be missing
    value = Kept(work_out(), at)
    with _lock:
        _values[key] = value
    return value


def _anew(key: tuple[str, str], work_out: Callable[[], Any], desk: threading.Lock) -> None:
    app = cast("Any", current_app)._get_current_object()

    def work() -> None:
        try:
            with app.app_context():
                _put(key, work_out)
        except Exception:  # the old numbers stay; the next visitor tries again
            log.exception("could not work out %s anew", key[1])
        finally:
            desk.release()

    threading.Thread(target=work, name=f"keeping {key[1]}", daemon=True).start()
