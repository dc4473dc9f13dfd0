"""Let machines begin a new game with a few short runs, one after the other, beside whatever a worker is given."""

from __future__ import annotations

import threading

from flask import Flask

from game import beside

EVERY = 2.0  # seconds between two looks, until there is nothing more to come


def begin(app: Flask, every: float = EVERY) -> threading.Event:
    """Queue first runs from a thread of this process, any number of which may do so; returns an event that ends it."""
    from game.rules import first_entries

    return beside.watch(app, "opening", first_entries.queue_next, every)
