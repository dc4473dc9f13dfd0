"""That a room has changed, for whoever follows it; what it is like then is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from game.extensions import db
from game.models import Room


@dataclass(frozen=True)
class News:
    """That a room has changed: `id` is its version, `run_id` the room, as game.watching calls what it follows."""

    id: int
    run_id: str
    kind: str
    data: Mapping[str, Any]


def news_after(positions: Mapping[str, int]) -> list[News]:
    """Return which of these rooms, each with the version last known of it, have changed."""
    if not positions:
        return []
    changed = or_(*(and_(Room.id == room_id, Room.version > known) for room_id, known in positions.items()))
    return [
        News(version, room_id, "room", {"version": version})
        for room_id, version in db.session.execute(select(Room.id, Room.version).where(changed))
    ]
