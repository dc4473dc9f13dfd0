"""Look now and then, beside the runs of a worker, whether votes have to be counted."""

from __future__ import annotations

import threading

from flask import Flask

from game import beside

EVERY = 3.0  # seconds between two looks, at least
SHARE = 9.0  # times as long as a look and its counting took, nothing is done after it: runs have the machine


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Count votes from a thread of this process, one prompt at a time; returns an event that ends it when set."""
    return beside.watch(app, "votes", look, every, SHARE)


def look() -> None:
    """Count the votes of one prompt, if any is due."""
    from game.rules import arena_counting

    prompt_id = arena_counting.due()
    if prompt_id is not None:
        arena_counting.count(prompt_id)
