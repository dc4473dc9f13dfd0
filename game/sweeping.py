"""Look now and then whether something waits for the judge, and have it judged once the judge is back."""

from __future__ import annotations

import logging
import threading

from flask import Flask

EVERY = 5.0  # seconds between two looks; one is a question to an index
log = logging.getLogger(__name__)


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Look from a thread of this process, any number of which may do so; returns an event that ends it when set."""
    stop = threading.Event()
    threading.Thread(target=_sweep, args=(app, every, stop), name="pending", daemon=True).start()
    return stop


def _sweep(app: Flask, every: float, stop: threading.Event) -> None:
    from game.rules import pending

    while not stop.wait(every):
        try:
            with app.app_context():
                hung = pending.settle()
        except Exception:  # a database that is away for a moment must not end the thread
            log.exception("could not look for drawings that wait for the judge")
        else:
            if hung:
                log.info("the judge is back: %d drawings that waited hang now", hung)
