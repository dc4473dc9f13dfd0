"""Where players write from, told apart without being known: what is kept for a week cannot be read back.

An address is cut to its range (/24, or /56 of IPv6) and kept as a keyed checksum, with a key made from the game's
secret. Equal ranges have equal marks, which is all that a ban needs; no address is ever written down.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Trace
from game.tables import now

KEPT = timedelta(days=7)
BITS = {4: 24, 6: 56}  # of an address: about one household's, or one street's
PURPOSE = b"paintoff.trace"


def mark(address: str) -> str | None:
    """Return the mark of the range in which an address lies, None for what is no address."""
    try:
        found = parsed(address)
    except ValueError:
        return None
    network = ipaddress.ip_network((found, BITS[found.version]), strict=False)
    secret = current_app.config["SECRET_KEY"]
    key = hmac.digest(secret if isinstance(secret, bytes) else str(secret).encode(), PURPOSE, "sha256")
    return hmac.new(key, str(network).encode(), hashlib.sha256).hexdigest()


def parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address, one of IPv4 in IPv6's clothes as the former; raises ValueError."""
    found = ipaddress.ip_address(address)
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return found if inner is None else inner


def leave(player_id: str, address: str) -> None:
    """Note from where a player wrote, once a day."""
    found, today = mark(address), now().date().isoformat()
    if found is None:
        return
    kept = db.session.get(Trace, (player_id, found))
    if kept is not None and kept.day == today:
        return
    if kept is None:
        db.session.add(Trace(player_id=player_id, mark=found, day=today))
    else:
        kept.day = today
    try:
        db.session.commit()
    except IntegrityError:  # another request of the same player was quicker
        db.session.rollback()


def of(player_id: str) -> list[str]:
    """Return the marks of where a player has written from within a week."""
    return list(db.session.scalars(select(Trace.mark).where(Trace.player_id == player_id)))


def forget() -> None:
    """Drop what is older than a week; the caller commits."""
    db.session.execute(delete(Trace).where(Trace.day < (now() - KEPT).date().isoformat()))
