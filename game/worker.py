"""A worker's process: the slot it holds, the lease it keeps, its end."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import secrets
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import NoReturn

from flask import Flask

from game import engine, tending
from game.engine import Advance, Take

log = logging.getLogger(__name__)
LONGEST_HOST = 40  # characters of a host's name that a worker's name keeps


def here() -> str:
    """Return this machine's name, as workers are called by it."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:LONGEST_HOST] or "here"


def hold_slot(folder: Path, slot: int, machine: str = "") -> tuple[int, str]:
    """Lock a worker's slot on this machine for the life of the process; return the open file and the worker's name.

    The name ends in something random and is kept in the locked file, so it survives restarts, yet no two living workers
    share it, not even on machines of the same name. Raises `BlockingIOError` when another worker holds the slot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    machine = machine or here()
    file = os.open(folder / f"worker-{machine}-{slot}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise
    name = os.read(file, 100).decode().strip()
    if not name:
        name = f"{machine}:{slot}-{secrets.token_hex(6)}"
        os.write(file, name.encode())
    return file, name


def main(app: Flask, slot: int, take: Take, advance: Advance) -> NoReturn:
    """Be the worker of a slot until SIGTERM or SIGINT, then end this process."""
    try:
        _, name = hold_slot(Path(app.config["PAINTOFF"].data), slot)
    except BlockingIOError:
        sys.exit(f"worker slot {slot} is taken by a worker that is running; choose another with --slot")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tender = tending.Tender(app, name, here(), slot)
    tender.begin()  # the lease first: whoever works without one would be taken for dead
    with app.app_context():
        engine.launch(app, name, take, advance)
    log.info("worker %s is waiting for runs", name)
    stop.wait()
    logging.getLogger("dbos").setLevel(logging.CRITICAL)  # it reports a step cut short as an error with a traceback
    engine.land()
    tender.end()  # after that: else this worker might take again what it gives up
    # A thread inside torch, or one that waits for a superseded run, would keep the interpreter from ending.
    logging.shutdown()
    os._exit(0)
