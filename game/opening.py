"""Let machines begin a new game with a few short runs, one after the other, beside whatever a worker is given."""

from __future__ import annotations

import logging
import threading

from flask import Flask

EVERY = 2.0  # seconds between two looks, until there is nothing more to come
log = logging.getLogger(__name__)


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Queue first runs from a thread of this process, any number of which may do so; returns an event that ends it."""
    stop = threading.Event()
    threading.Thread(target=_watch, args=(app, every, stop), name="opening", daemon=True).start()
    return stop


def _watch(app: Flask, every: float, stop: threading.Event) -> None:
    from game.rules import first_entries

    while not stop.is_set():
        try:
            with app.app_context():
                if not first_entries.queue_next():
                    return
        except Exception:  # a database that is away for a moment must not end the thread
            log.exception("could not see whether a first run is due")
        stop.wait(every)
