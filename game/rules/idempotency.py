"""Requests that may be sent twice: the same key and body are answered with the first result.

A key is reserved before the work and filled in with it, in one transaction: a crash leaves both or neither. Whoever
comes in between waits. A reservation left behind by a crash lapses after a while, and whoever held it can no longer
commit under it; a refused request leaves none, so that it can be mended and sent again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import IdempotencyKey, Player
from game.rules.refusals import Conflict, Invalid
from game.sayings import say
from game.tables import now

LONGEST = 200  # characters
KEPT = timedelta(days=7)
LAPSES = timedelta(minutes=2)  # longer than any judging takes
PATIENCE, LOOK = 30.0, 0.05  # seconds to wait for the first of two equal requests, and between two looks

KEYED = "paintoff.keyed"  # in a session's info: `once` will commit

Result = tuple[int, Any]  # status and answer, ready for JSON


def digest(method: str, path: str, body: bytes) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


def once(player: Player, key: str, request_digest: str, work: Callable[[], Result]) -> Result:
    """Return what `work` returns, or what it returned when this player's key was first used.

    Raises Invalid for a key that cannot be one or was used for another request, Conflict when the first request is
    still being worked on after half a minute.
    """
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise Invalid([("#", f"An Idempotency-Key has 1 to {LONGEST} printable characters.")])
    player_id = player.id
    while True:
        known = _reserve(player_id, key, request_digest)
        if not isinstance(known, datetime):
            return known
        result = _work(player_id, key, known, work)
        if result is not None:
            return result


def commit() -> None:
    """Commit what a rule has made; for a keyed request only flush it, for `once` commits it together with its answer.

    To be called as the last commit of whatever may be asked for with a key.
    """
    if db.session().info.get(KEYED):
        db.session.flush()
    else:
        db.session.commit()


def _work(player_id: str, key: str, reserved: datetime, work: Callable[[], Result]) -> Result | None:
    """Do the work and commit it with its answer; None, and nothing is done, when the reservation has lapsed."""
    mine = (IdempotencyKey.player_id == player_id, IdempotencyKey.key == key, IdempotencyKey.created_at == reserved)
    db.session().info[KEYED] = True
    try:
        status, answer = work()
        fill = update(IdempotencyKey).where(*mine, IdempotencyKey.status.is_(None))
        filled = db.session.scalar(fill.values(status=status, answer=answer).returning(IdempotencyKey.key))
        if filled is None:
            db.session.rollback()
            return None
        db.session.commit()
    except BaseException:
        db.session.rollback()
        db.session.execute(delete(IdempotencyKey).where(*mine))
        db.session.commit()
        raise
    finally:
        db.session().info.pop(KEYED, None)
    return status, answer


def forget() -> int:
    """Forget keys that are older than a week; returns how many."""
    gone = db.session.scalars(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEPT).returning(IdempotencyKey.key)
    ).all()
    db.session.commit()
    return len(gone)


def _reserve(player_id: str, key: str, request_digest: str) -> Result | datetime:
    """Take a key and return when that was, or return the first result under it."""
    until = time.monotonic() + PATIENCE
    while True:
        db.session.execute(
            delete(IdempotencyKey).where(
                IdempotencyKey.player_id == player_id,
                IdempotencyKey.key == key,
                IdempotencyKey.status.is_(None),
                IdempotencyKey.created_at < now() - LAPSES,
            )
        )
        reserved = now()
        db.session.add(IdempotencyKey(player_id=player_id, key=key, digest=request_digest, created_at=reserved))
        try:
            db.session.commit()
            return reserved
        except IntegrityError:
            db.session.rollback()
        row = db.session.execute(
            select(IdempotencyKey.digest, IdempotencyKey.status, IdempotencyKey.answer).where(
                IdempotencyKey.player_id == player_id, IdempotencyKey.key == key
            )
        ).first()
        if row is not None and row.digest != request_digest:
            raise Invalid([("#", say("This Idempotency-Key was used for another request. Take a new one for each."))])
        if row is not None and row.status is not None:
            return row.status, row.answer
        if time.monotonic() > until:
            raise Conflict(say("The same request is still being worked on. Ask again in a while."))
        db.session.rollback()
        time.sleep(LOOK)
