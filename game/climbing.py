"""Who paints ascents: one thread of a process, one ascent at a time on a machine, the others in a short queue.

The thread begins with the first wish and ends with the last, and gives way to everything else that wants the processor.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterator

from flask import Flask, current_app

from game.rules import ascents
from game.rules.ascents import Ascent, Wish
from game.rules.refusals import Missing, Spent

WAITING = 4  # ascents in a process that have not begun
log = logging.getLogger(__name__)

_lock = threading.Lock()
_queue: deque[Ascent] = deque()
_painters: list[threading.Thread] = []


def begin(wish: Wish) -> str:
    """Return the id of a wish's ascent, which is queued unless it is there already.

    Raises Invalid for what cannot be painted, and Spent while the queue is full.
    """
    wish = ascents.checked(wish)
    ascent_id = ascents.identity(wish)
    with contextlib.suppress(Missing):
        if ascents.get(ascent_id).state != "failed":
            return ascent_id
    with _lock:
        if any(ascent.id == ascent_id for ascent in _queue):
            return ascent_id
        if len(_queue) >= WAITING:
            raise Spent("The machine is busy: others are watching it climb. Yours takes its turn in half a minute.")
        ascent = Ascent(ascent_id, wish, ascents.guide(), "waiting", [], time.time())
        ascents.keep(ascent)
        _queue.append(ascent)
        if not _painters:
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            painter = threading.Thread(target=_work, args=(app,), name="climbing", daemon=True)
            _painters.append(painter)
            painter.start()
    return ascent_id


def ahead(ascent_id: str) -> int:
    """Return how many wishes are painted before this one, as far as this process knows."""
    with _lock:
        ids = [ascent.id for ascent in _queue]
    return ids.index(ascent_id) + 1 if ascent_id in ids else 0


def _work(app: Flask) -> None:
    # Of this thread alone, where the system knows such a thing: nobody's drawing waits for somebody's lesson.
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    with app.app_context():
        while True:
            with _lock:
                if not _queue:
                    _painters.clear()
                    return
                ascent = _queue.popleft()
                waiting = list(_queue)
            _paint(app, ascent)
            for other in waiting:
                ascents.keep(other)  # it has not been forgotten


def _paint(app: Flask, ascent: Ascent) -> None:
    try:
        with _alone(app):
            ascents.clear()
            for state in ascents.paint(ascent):
                ascents.keep(state)
    except Exception:  # whatever it is, the next wish has its turn
        log.exception("a climb failed")
        ascents.keep(Ascent(ascent.id, ascent.wish, ascent.guide, "failed", [], time.time()))


@contextlib.contextmanager
def _alone(app: Flask) -> Iterator[None]:
    """Holds the machine's only easel for lessons; other processes wait for it here."""
    path = app.config["PAINTOFF"].data / "cache" / "ascents.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing lets go of it
