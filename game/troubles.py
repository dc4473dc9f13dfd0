"""Troubles that pass: a full disk, a store or a database that is away, a machine full of other runs. A run waits.

It says why it waits where an administrator looks, if that can be written at all, and fails only when it has waited for
long; nothing that was painted is lost meanwhile.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from game.extensions import db
from game.rules import machines, work
from game.storage import StoreTrouble

T = TypeVar("T")
PASSING = (StoreTrouble, OperationalError, InterfaceError)
PATIENCE = 1800.0  # seconds: half an hour, so that somebody can make room
RESTS = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before a slice is tried again, the last one ever after
log = logging.getLogger(__name__)
rest: Callable[[float], object] = time.sleep


@dataclass
class Trouble:
    """What a start of a run waits for, since when by time.monotonic(), and how often it has tried since."""

    run_id: str
    token: str
    since: float
    tries: int = 0
    told: bool = False


_now: Trouble | None = None


def passes(run_id: str, token: str, error: Exception) -> bool:
    """Whether a slice that met this error is to be tried again: then this rests a while, and tells why if it can."""
    global _now
    crowded = _is_short_of_memory(error) and machines.has_company(run_id)
    if not isinstance(error, PASSING) and not crowded:
        return False
    _forget()
    if _now is None or (_now.run_id, _now.token) != (run_id, token):
        _now = Trouble(run_id, token, time.monotonic())
        log.warning("run %s waits: %s", run_id, error)
    if time.monotonic() - _now.since > PATIENCE and not crowded:  # other runs end
        return False
    if not _now.told:
        _now.told = _told(run_id, token, f"Waits: {sentence(error)} It goes on by itself.")
    rest(RESTS[min(_now.tries, len(RESTS) - 1)])
    _now.tries += 1
    return True


def crowds(error: Exception) -> bool:
    """Whether a run that met this error has to put down what it holds, so that others have room."""
    return _is_short_of_memory(error)


def over(run_id: str, token: str) -> None:
    """Take back what was told, for a slice went well."""
    global _now
    if _now is not None and (_now.run_id, _now.token) == (run_id, token):
        told, _now = _now.told, None
        log.info("run %s goes on", run_id)
        if told:
            work.wait(run_id, token, None)


def through(ask: Callable[[], T]) -> T:
    """Return what `ask` returns, however long the database is away."""
    tries = 0
    while True:
        try:
            return ask()
        except PASSING as error:
            if tries == 0:
                log.warning("the database is away: %s", error)
            _forget()
            rest(RESTS[min(tries, len(RESTS) - 1)])
            tries += 1


def sentence(error: Exception) -> str:
    """Return what is wrong, and what to do about it, for an administrator."""
    if isinstance(error, StoreTrouble):
        return error.strerror or str(error)
    if _is_short_of_memory(error):
        return "Other runs on this machine leave too little memory."
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    full = "is full" in reason or "No space" in reason
    told = "Make room on its disk." if full else "Look after it."
    return f"The database takes nothing at the moment ({reason}). {told}"


def _is_short_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ in {"OutOfMemoryError", "NoRoom"}


def _told(run_id: str, token: str, words: str) -> bool:
    try:
        work.wait(run_id, token, words)
    except PASSING:
        _forget()
        return False
    except work.Superseded:  # the next slice meets it, too, and lets go
        pass
    return True


def _forget() -> None:
    """Leave a transaction that cannot be ended any more; the next one takes another connection."""
    try:
        db.session.rollback()
    except PASSING:
        db.session.remove()
