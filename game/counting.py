"""Look now and then, beside the runs of a worker, whether votes have to be counted."""

from __future__ import annotations

import logging
import threading
import time

from flask import Flask

EVERY = 3.0  # seconds between two looks, at least
SHARE = 9.0  # times as long as a look and its counting took, nothing is done after it: runs have the machine
log = logging.getLogger(__name__)


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Count votes from a thread of this process, one prompt at a time; returns an event that ends it when set."""
    stop = threading.Event()
    threading.Thread(target=_watch, args=(app, every, stop), name="votes", daemon=True).start()
    return stop


def _watch(app: Flask, every: float, stop: threading.Event) -> None:
    pause = every
    while not stop.wait(pause):
        begun = time.monotonic()
        try:
            with app.app_context():
                look()
        except Exception:  # a database that is away for a moment must not end the thread
            log.exception("could not count the votes")
        pause = max(every, SHARE * (time.monotonic() - begun))


def look() -> None:
    """Count the votes of one prompt, if any is due."""
    from game.rules import arena_counting

    prompt_id = arena_counting.due()
    if prompt_id is not None:
        arena_counting.count(prompt_id)
