"""Look now and then, beside the runs of a worker, whether a picture has no caption by the machine yet."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from game import beside

EVERY = 5.0  # seconds between two looks, at least
SHARE = 9.0  # times as long as a look and its caption took, nothing is done after it: runs have the machine
MOST_FAILED = 500  # pictures remembered as such, which this process does not try again
log = logging.getLogger(__name__)


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Write captions from a thread of this process, one at a time; returns an event that ends it when set."""
    failed: set[str] = set()
    return beside.watch(app, "captions", lambda: look(failed), every, SHARE)


def look(failed: set[str]) -> None:
    """Write one caption if a picture waits; one that fails by itself is added to `failed` and left alone."""
    from game.judging import JudgeUnavailable
    from game.rules import machine_captions

    entry_id = machine_captions.waiting(failed)
    if entry_id is None:
        return
    try:
        machine_captions.write(entry_id)
    except JudgeUnavailable as error:
        log.info("a picture waits for its caption: %s", error)
    except Exception:  # one bad picture must not keep the others waiting
        log.exception("no caption for %s", entry_id)
        if len(failed) >= MOST_FAILED:
            failed.clear()
        failed.add(entry_id)
