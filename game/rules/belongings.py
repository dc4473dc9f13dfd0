"""What is a player's: all of it as one file to take along, or gone for good.

A vote about others' pictures stays, as one by nobody: it is part of what others were given. Everything else goes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from game import derived, storage
from game.extensions import db
from game.models import (
    Appeal,
    Caption,
    ClaimLink,
    Decision,
    Entry,
    Explanation,
    IdempotencyKey,
    PastScore,
    Player,
    Rating,
    Report,
    RoomSeat,
    RoomWork,
    Token,
    Trace,
    Vote,
)  # fmt: skip
from game.pending import Pending
from game.rules import cards, films, keeping, ranking, writing
from game.rules.entries import drawing_json
from game.rules.refusals import Conflict, Forbidden
from game.sayings import say
from game.tables import now

Works = list[Entry | Pending]


def pack(player: Player, file: IO[bytes]) -> None:
    """Write all that is a player's into a ZIP file: `player.json`, pictures, drawings."""
    works = _works(player.id)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("player.json", json.dumps(_told(player, works), indent=1, ensure_ascii=False))
        for work in works:
            for name, contents in _files(work):
                archive.writestr(name, contents)


def _works(player_id: str) -> Works:
    found: Works = []
    for model in (Entry, Pending):
        found += db.session.scalars(select(model).where(model.player_id == player_id).order_by(model.created_at))
    return found


def _files(work: Entry | Pending) -> Iterable[tuple[str, bytes]]:
    try:
        yield f"pictures/{work.id}.png", storage.get(work.picture)
        if work.drawing is not None:
            yield f"drawings/{work.id}.json", drawing_json(work)
    except storage.ObjectMissing:  # lost long ago: the numbers are told all the same
        return


def _told(player: Player, works: Works) -> dict[str, Any]:
    """What is kept of a player, but for embeddings: those are the judge's."""
    return {
        "player": {"id": player.id, "name": player.name, "created_at": player.created_at.isoformat()},
        "entries": [_work(work) for work in works],
        "captions": _rows(Caption, player.id, "entry_id", "text", "state", "similarity", "percentile", "created_at"),
        "votes": _rows(Vote, player.id, "left_id", "right_id", "winner", "guess_left", "guess_right", "created_at"),
        "reports": _rows(Report, player.id, "entry_id", "reason", "created_at"),
        "appeals": _rows(Appeal, player.id, "entry_id", "text", "created_at"),
        "rooms": _rows(RoomSeat, player.id, "room_id", "name", "joined_at"),
    }


def _work(work: Entry | Pending) -> dict[str, Any]:
    names = ("id", "prompt_id", "state", "created_at", "judge", "similarity", "percentile", "penalised", "penalties")
    told = {name: _plain(getattr(work, name)) for name in names if hasattr(work, name)}
    return told | ({"prompt": work.prompt.text} if isinstance(work, Entry) else {})


def _rows(model: Any, player_id: str, *names: str) -> list[dict[str, Any]]:
    found = db.session.scalars(select(model).where(model.player_id == player_id))
    return [{name: _plain(getattr(row, name)) for name in names} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def delete_all(player: Player) -> None:
    """Take everything of a player's off the walls and out of the store, for good. Raises Forbidden, Conflict."""
    if player.kind != "human":
        raise Forbidden(say("A machine owns nothing."))
    if player.keeps_order:
        raise Conflict(say("Who keeps order closes the account first. Another administrator does that."))
    works = _works(player.id)
    objects = {name for work in works for name in _objects(work)}
    prompts = {work.prompt_id for work in works}
    _drop_rows(db.session(), player.id)
    player.name = None
    for prompt_id in prompts:
        ranking.recount(prompt_id)
    db.session.commit()
    _drop_objects(objects)
    keeping.forget()


def _drop_rows(session: Session, player_id: str) -> None:
    entries = select(Entry.id).where(Entry.player_id == player_id)
    captions = select(Caption.id).where(or_(Caption.player_id == player_id, Caption.entry_id.in_(entries)))
    gone = (
        delete(Explanation).where(or_(Explanation.about.in_(entries), Explanation.about.in_(captions))),
        delete(PastScore).where(or_(PastScore.entry_id.in_(entries), PastScore.caption_id.in_(captions))),
        delete(Vote).where(or_(Vote.left_id.in_(entries), Vote.right_id.in_(entries))),
        delete(Rating).where(Rating.entry_id.in_(entries)),
        *(delete(model).where(_is_about(model, entries, player_id)) for model in (Report, Appeal)),
        delete(Decision).where(Decision.entry_id.in_(entries)),
        delete(Caption).where(Caption.id.in_(captions)),
        *(delete(model).where(model.player_id == player_id) for model in (RoomWork, Pending, Entry)),
        *(delete(model).where(model.player_id == player_id) for model in (Token, IdempotencyKey, ClaimLink, Trace)),
        update(RoomSeat).where(RoomSeat.player_id == player_id).values(name="–"),
    )
    for statement in gone:
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def _is_about(model: type[Report] | type[Appeal], entries: Select[Any], player_id: str) -> Any:
    return or_(model.entry_id.in_(entries), model.player_id == player_id)


def _objects(work: Entry | Pending) -> Iterable[str]:
    yield work.picture
    if work.drawing is not None:
        yield work.drawing
    left = writing.left_out(work.penalties) if isinstance(work, Entry) else None
    if left is not None:
        yield left


def _drop_objects(names: set[str]) -> None:
    """Drop objects and all that was made of them, but for those that somebody else's equal drawing is, too."""
    used: set[str] = set()
    for model in (Entry, Pending):
        same: Any = select(model).where(or_(model.picture.in_(names), model.drawing.in_(names)))
        used |= {name for work in db.session.scalars(same) for name in _objects(work)}
    for name in names - used:
        storage.drop(name)
        derived.drop_pictures(name)
    for shelf in (cards.SHELF, films.SHELF):
        derived.tidy(shelf, 0)
    if storage.is_shared():
        storage.tidy_aside(now())
