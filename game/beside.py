"""Look now and then, from a thread beside a process's own work, whether something is to be done."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask

log = logging.getLogger(__name__)


def watch(app: Flask, name: str, look: Callable[[], object], every: float, share: float = 0.0) -> threading.Event:
    """Call `look` each `every` seconds from a thread called `name`, until it returns False; the event ends it when set.

    After a look nothing is done for `share` times as long as it took, if that is longer: the work beside it has the
    machine.
    """
    stop = threading.Event()

    def go_on() -> None:
        pause = every
        while not stop.wait(pause):
            begun = time.monotonic()
            try:
                with app.app_context():
                    if look() is False:
                        return
            except Exception:  # a database that is away for a moment must not end the thread
                log.exception("the thread %s could not look", name)
            pause = max(every, share * (time.monotonic() - begun))

    threading.Thread(target=go_on, name=name, daemon=True).start()
    return stop
