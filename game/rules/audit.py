"""The log of what those who keep order do: each act with its doer and every row it changed, before and after.

Between `begin` and `end` whatever a session writes of WATCHED is noted, in the same transaction: no rule has to think
of it, and what is rolled back leaves no note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import Session, joinedload

from game.extensions import db
from game.models import Act
from game.rules.pages import Page, descending
from game.tables import now

KEY = "paintoff.act"  # in a session's info
WATCHED = {
    "Account": ("login", "issuer", "subject"),
    "AdminLink": ("role", "expires_at"),
    "Ban": ("player_id", "network", "reason", "over_at"),
    "Caption": ("state",),
    "Entry": ("state",),
    "FilterLine": ("kind", "text"),
    "Player": ("name", "is_admin", "is_moderator"),
    "Prompt": ("text", "state", "opens_at", "closes_at", "needs_clip"),
    "PromptDay": ("day", "prompt_id"),
    "Run": ("state", "cancel_requested", "publish_when_done", "picture"),
    "SignIn": ("browser", "revoked_at"),
    "StandingOrder": ("state", "kind", "prompt_id", "priority"),
    "Suggestion": ("text", "state", "prompt_id"),
}


@dataclass(frozen=True)
class ActView:
    """An act: who (None: nobody who was signed in), through which door, to what, when, and what changed."""

    id: int
    player_id: str | None
    name: str | None
    what: str
    about: dict[str, Any]
    changes: list[dict[str, Any]]
    at: datetime


def begin(player_id: str | None, what: str, about: dict[str, Any]) -> None:
    """Note from now on what this session changes, as an act of this player's."""
    act: dict[str, Any] = {
        "player_id": player_id,
        "what": what,
        "about": about,
        "changes": [],
        "id": None,
        "safe": ([], None),
    }
    db.session().info[KEY] = act


def end(done: bool) -> None:
    """Stop noting; what was done without a row that is watched leaves an act without changes."""
    act = db.session().info.pop(KEY, None)
    if act is not None and done and act["id"] is None:
        _write(db.session(), act)
        db.session.commit()


def listing(cursor: str | None, limit: int, player_id: str | None = None) -> Page[ActView]:
    """Return a page of the acts, of all or of one player, the latest first."""
    query = select(Act).options(joinedload(Act.player))
    if player_id is not None:
        query = query.where(Act.player_id == player_id)
    return descending(query, (Act.id,), cursor, limit).map(_views)


def _views(acts: Sequence[Act]) -> list[ActView]:
    return [_view(act) for act in acts]


def _view(act: Act) -> ActView:
    name = None if act.player is None else act.player.name
    return ActView(act.id, act.player_id, name, act.what, act.about, act.changes, act.at)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    act = session.info.get(KEY)
    if act is None:
        return
    kinds = ((session.new, "new"), (session.dirty, "changed"), (session.deleted, "gone"))
    fresh = [_change(row, how) for rows, how in kinds for row in rows if type(row).__name__ in WATCHED]
    fresh = [change for change in fresh if change["before"] or change["after"]]
    if fresh:
        act["changes"] = [*act["changes"], *fresh]
        _write(session, act)


@event.listens_for(Session, "after_rollback")
def _unnote(session: Session) -> None:
    act = session.info.get(KEY)
    if act is not None:
        act["changes"], act["id"] = act["safe"]


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    act = session.info.get(KEY)
    if act is not None:
        act["safe"] = (list(act["changes"]), act["id"])


def _write(session: Session, act: dict[str, Any]) -> None:
    values = {"changes": act["changes"]}
    connection = session.connection()
    if act["id"] is None:
        values |= {name: act[name] for name in ("player_id", "what", "about")} | {"at": now()}
        act["id"] = connection.scalar(insert(Act).values(**values).returning(Act.id))
    else:
        connection.execute(update(Act).where(Act.id == act["id"]).values(**values))


def _change(row: Any, how: str) -> dict[str, Any]:
    """What a row was and is, of the columns that are watched; of one that stays, only what changed."""
    before, after = {}, {}
    state = inspect(row)
    for name in WATCHED[type(row).__name__]:
        history = state.attrs[name].history
        if how == "gone":
            before[name] = _plain(getattr(row, name))
        elif how == "new":
            after[name] = _plain(getattr(row, name))
        elif history.has_changes():
            before[name] = _plain(next(iter(history.deleted or ()), None))
            after[name] = _plain(next(iter(history.added or ()), None))
    return {"kind": type(row).__name__, "id": _id_of(row), "before": before, "after": after}


def _id_of(row: Any) -> str:
    """The key of a row; of secrets' checksums only enough to tell one from another."""
    key = [str(part) for part in inspect(row).mapper.primary_key_from_instance(row)]
    return " ".join(key) if type(row).__name__ != "AdminLink" else key[0][:8]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
