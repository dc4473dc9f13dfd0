"""Requests that may be sent twice: the same key and body are answered with the first result.

A key is reserved before the work and filled in after it. Whoever comes in between waits. A reservation left behind by
a crash lapses after a while; a refused request leaves none, so that it can be mended and sent again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import IdempotencyKey, Player
from game.rules.refusals import Conflict, Invalid
from game.tables import now

LONGEST = 200  # characters
KEPT = timedelta(days=7)
LAPSES = timedelta(minutes=2)  # longer than any judging takes
PATIENCE, LOOK = 30.0, 0.05  # seconds to wait for the first of two equal requests, and between two looks

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
    known = _reserve(player_id, key, request_digest)
    if known is not None:
        return known
    mine = (IdempotencyKey.player_id == player_id, IdempotencyKey.key == key)
    try:
        status, answer = work()
    except BaseException:
        db.session.rollback()
        db.session.execute(delete(IdempotencyKey).where(*mine))
        db.session.commit()
        raise
    db.session.execute(update(IdempotencyKey).where(*mine).values(status=status, answer=answer))
    db.session.commit()
    return status, answer


def forget() -> int:
    """Forget keys that are older than a week; returns how many."""
    gone = db.session.scalars(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEPT).returning(IdempotencyKey.key)
    ).all()
    db.session.commit()
    return len(gone)


def _reserve(player_id: str, key: str, request_digest: str) -> Result | None:
    """Take a key, or return the first result under it."""
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
        db.session.add(IdempotencyKey(player_id=player_id, key=key, digest=request_digest))
        try:
            db.session.commit()
            return None
        except IntegrityError:
            db.session.rollback()
        row = db.session.execute(
            select(IdempotencyKey.digest, IdempotencyKey.status, IdempotencyKey.answer).where(
                IdempotencyKey.player_id == player_id, IdempotencyKey.key == key
            )
        ).first()
        if row is not None and row.digest != request_digest:
            raise Invalid([("#", "This Idempotency-Key was used for another request. Take a new one for each.")])
        if row is not None and row.status is not None:
            return row.status, row.answer
        if time.monotonic() > until:
            raise Conflict("The same request is still being worked on. Ask again in a while.")
        db.session.rollback()
        time.sleep(LOOK)
