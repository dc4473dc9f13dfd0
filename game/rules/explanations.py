"""Keeping what was worked out about a score, for as long as judge, text and picture stay the same.

One is worked out at a time: reasons must not crowd out what waits for a score.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.judging import JudgeBusy
from game.models import Explanation
from game.tables import now

EDITION = 2  # goes up when what is kept has another meaning or form
PATIENCE = 20  # seconds until whoever asks is sent away to come back

_desk = threading.Lock()


def kept(about: str, judge: str, facts: list[str | None], work_out: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what is kept about an entry or a caption, or else what `work_out` returns, which is then kept.

    `facts` is what it depends on besides the judge. No connection is held meanwhile. Raises JudgeBusy when others keep
    the desk busy for too long, and whatever `work_out` raises.
    """
    key = hashlib.sha256(json.dumps([EDITION, judge, *facts]).encode()).hexdigest()
    found = _find(about, key)
    if found is not None:
        return found
    db.session.commit()
    if not _desk.acquire(timeout=PATIENCE):
        raise JudgeBusy("reasons are being worked out for others", PATIENCE)
    try:
        found = _find(about, key)  # perhaps by whoever was before us
        if found is not None:
            return found
        db.session.commit()
        told = work_out()
    finally:
        _desk.release()
    _keep(Explanation(about=about, key=key, judge=judge, told=told, made_at=now()))
    return told


def _find(about: str, key: str) -> dict[str, Any] | None:
    found = db.session.get(Explanation, about, populate_existing=True)
    return found.told if found is not None and found.key == key else None


def _keep(explanation: Explanation) -> None:
    try:
        db.session.merge(explanation)
        db.session.commit()
    except IntegrityError:  # another process has kept the same
        db.session.rollback()
