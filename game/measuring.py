"""Measure aside: what takes seconds to find out is found out once, in a thread of its own, and then known."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

log = logging.getLogger(__name__)
MOST = 64  # results that are kept

_known: dict[str, Future[Any]] = {}
_lock = threading.Lock()
_desk = ThreadPoolExecutor(1, "measuring")  # one at a time: they would only slow each other down


def aside(key: str, measure: Callable[[], Any], patience: float) -> Any:
    """Return what was measured under a key, or begin to; None if it is not known within `patience` seconds, or failed.

    What failed is not tried again in this process.
    """
    with _lock:
        if key not in _known:
            if len(_known) >= MOST:
                _known.clear()
            _known[key] = _desk.submit(measure)
        measured = _known[key]
    try:
        return measured.result(patience)
    except TimeoutError:
        return None
    except Exception:
        log.exception("something could not be measured")
        return None
