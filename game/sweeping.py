"""Look now and then whether something waits for the judge, or is so old that it goes.

What waits is judged once the judge is back; rooms in which nothing happened for a month are taken down, and where
somebody wrote from is forgotten after a week.
"""

from __future__ import annotations

import logging
import threading

from flask import Flask

EVERY = 5.0  # seconds between two looks; one is a question to an index
HOURLY = 720  # looks between two for what is old
log = logging.getLogger(__name__)


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Look from a thread of this process, any number of which may do so; returns an event that ends it when set."""
    stop = threading.Event()
    threading.Thread(target=_sweep, args=(app, every, stop), name="pending", daemon=True).start()
    return stop


def _sweep(app: Flask, every: float, stop: threading.Event) -> None:
    from game.rules import pending

    looks = 0
    while not stop.wait(every):
        try:
            with app.app_context():
                hung = pending.settle()
                cleared = _clear() if looks % HOURLY == 0 else 0
                looks += 1
        except Exception:  # a database that is away for a moment must not end the thread
            log.exception("could not look for drawings that wait for the judge")
        else:
            if hung:
                log.info("the judge is back: %d drawings that waited hang now", hung)
            if cleared:
                log.info("%d old rooms were taken down", cleared)


def _clear() -> int:
    """Let go what is old; returns how many rooms."""
    from game.rules import arena_pairs, ascents, bans, rooms_sheets

    bans.forget()
    ascents.clear()
    arena_pairs.sweep()
    return rooms_sheets.clear()
