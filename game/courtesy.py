"""Let the machines that paint unasked see when somebody asks the server for something that takes work.

Whoever hands in, asks for a glance or votes leaves a mark in the data folder, the one thing that the processes of a
machine share. Where web server and worker have a machine each there is nothing to step aside from.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from flask import Flask, current_app, request

MARK = "asked"
QUIET = 3.0  # seconds without a request until the machines go on


def register(app: Flask) -> None:
    """Leave the mark with each request that may change something; looking at pages takes too little to count."""
    app.before_request(mark)


def mark() -> None:
    """Note that somebody asks, unless they only look."""
    if request.method == "POST":
        with contextlib.suppress(OSError):  # a full disk must not keep anybody from playing
            _path().touch()


def asked_lately() -> bool:
    """Whether somebody has asked within the last QUIET seconds."""
    try:
        return 0 <= time.time() - _path().stat().st_mtime < QUIET
    except FileNotFoundError:
        return False


def _path() -> Path:
    return Path(current_app.config["PAINTOFF"].data) / MARK
