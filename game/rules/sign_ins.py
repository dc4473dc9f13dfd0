"""Sessions of those who keep order: each can be seen and ended; a cookie alone opens nothing."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from game.extensions import db
from game.models import Player, SignIn
from game.rules.players import digest
from game.rules.refusals import Missing
from game.tables import now

LASTS = timedelta(days=30)  # without being used
LOOK = timedelta(minutes=5)  # between two notes of when a session was last used
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@dataclass(frozen=True)
class SignInView:
    """A session that is open: with what, since when, last used when."""

    id: str
    browser: str
    created_at: datetime
    seen_at: datetime
    here: bool


def open_for(player: Player, agent: str) -> str:
    """Open a session for somebody who keeps order and return its key; `agent` is what their browser calls itself."""
    key = secrets.token_urlsafe(24)
    db.session.add(SignIn(hash=digest(key), player_id=player.id, browser=browser(agent)))
    db.session.commit()
    return key


def is_open(key: str, player_id: str) -> bool:
    """Whether a key opens this player's doors; that it was used is noted every few minutes."""
    found = db.session.scalar(select(SignIn).where(SignIn.hash == digest(key), *_running(player_id)))
    if found is None:
        return False
    if found.seen_at < now() - LOOK:
        db.session.execute(update(SignIn).where(SignIn.id == found.id).values(seen_at=now()))
        db.session.commit()
    return True


def listing(player_id: str, key: str = "") -> list[SignInView]:
    """Return a player's open sessions, the one used last first; `key` is that of whoever asks."""
    query = select(SignIn).where(*_running(player_id)).order_by(SignIn.seen_at.desc(), SignIn.id)
    here, found = digest(key), db.session.scalars(query)
    return [SignInView(row.id, row.browser, row.created_at, row.seen_at, row.hash == here) for row in found]


def revoke(sign_in_id: str, player_id: str) -> None:
    """End one of a player's sessions; raises Missing."""
    found = db.session.scalar(select(SignIn).where(SignIn.id == sign_in_id, *_running(player_id)))
    if found is None:
        raise Missing("There is no such session. It may be over already.")
    found.revoked_at = now()
    db.session.commit()


def revoke_all(player_id: str, but: str = "") -> None:
    """End a player's sessions, all or all but the one with this key; the caller commits."""
    for found in db.session.scalars(select(SignIn).where(SignIn.hash != digest(but), *_running(player_id))):
        found.revoked_at = now()


def end_all(player_id: str) -> None:
    """End all of a player's sessions."""
    revoke_all(player_id)
    db.session.commit()


def close(key: str) -> None:
    """End the session with this key, if there is one."""
    db.session.execute(update(SignIn).where(SignIn.hash == digest(key)).values(revoked_at=now()))
    db.session.commit()


def browser(agent: str) -> str:
    """Return what a browser calls itself, cut down to what its owner knows it by."""
    names = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}
    program = next((name for name in BROWSERS if name in agent), "")
    system = next((name for name in SYSTEMS if re.search(rf"\b{name}\b", agent)), "")
    known = [names.get(name, name) for name in (program, system) if name]
    return " on ".join(known) or "something unknown"


def _running(player_id: str) -> tuple[ColumnElement[bool], ...]:
    return SignIn.player_id == player_id, SignIn.revoked_at.is_(None), SignIn.seen_at > now() - LASTS
