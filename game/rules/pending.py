"""Drawings that wait for the judge: kept while it is away, judged when it is back; none is lost, none hangs twice.

A drawing waits as a row. Whoever judges it first moves its `due_at` on, so that others leave it alone for a while, and
then removes the row and hangs the entry, of the same id, in one transaction.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from game import judging, storage
from game.extensions import db
from game.models import Entry, Player, Prompt, Run
from game.pending import Pending
from game.rules import drawing as drawings
from game.rules import idempotency, raster
from game.rules.hanging import Sheet, hang, judged, judged_painting
from game.rules.views import PlayerView, picture_url, player_view
from game.tables import now

LEASE = timedelta(minutes=2)  # longer than any judging takes
LONGEST_PAUSE = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PendingView:
    """An entry to be: kept, and judged as soon as the judge is back; it has no numbers and no rank yet."""

    id: str
    prompt_id: str
    prompt_text: str
    kind: str
    player: PlayerView
    picture: str
    created_at: datetime
    state: str = "pending"
    similarity: None = None
    percentile: None = None
    rank: None = None
    judge: None = None


def keep(sheet: Sheet, name: str | None = None) -> PendingView:
    """Keep a sheet until the judge is back; its player takes `name`. A run waits once, whatever is kept for it."""
    kept = Pending(**dataclasses.asdict(sheet))
    try:
        db.session.add(kept)
        db.session.flush()
        if name is not None:
            db.session.get_one(Player, sheet.player_id).name = name
        idempotency.commit()
    except IntegrityError:  # the run waits already
        db.session.rollback()
        first = db.session.scalar(select(Pending).where(Pending.run_id == sheet.run_id)) if sheet.run_id else None
        if first is None:
            raise
        return views([first])[0]
    return views([kept])[0]


def find(entry_id: str) -> Pending | None:
    """Return what waits under this id, None when nothing does."""
    return db.session.get(Pending, entry_id, populate_existing=True)


def of_player(player_id: str, most: int = 24) -> list[PendingView]:
    """Return what waits of a player's, newest first."""
    query = select(Pending).where(Pending.player_id == player_id).order_by(Pending.created_at.desc()).limit(most)
    return views(list(db.session.scalars(query)))


def count() -> int:
    """Return how many drawings wait."""
    return db.session.scalar(select(func.count()).select_from(Pending)) or 0


def settle() -> int:
    """Judge what is due, oldest first, until the judge is away again; return how many entries that made.

    A drawing that fails by itself is tried again later, each time after a longer pause, and keeps nobody waiting.
    """
    hung = 0
    while (entry_id := _claim()) is not None:
        try:
            hung += _judge(entry_id)
        except judging.JudgeUnavailable as error:
            log.info("%s still waits: %s", entry_id, error)
            _put_back(entry_id)
            break
        except Exception:  # one bad drawing must not keep the others from the wall
            log.exception("%s could not be judged", entry_id)
            _put_off(entry_id)
    return hung


def _claim() -> str | None:
    """Take the oldest that is due for a while and return its id, None when nothing is due."""
    due = select(Pending.id).where(Pending.due_at <= now()).order_by(Pending.due_at, Pending.created_at).limit(1)
    claimed = db.session.scalar(
        update(Pending)
        .where(Pending.id == due.with_for_update(skip_locked=True).scalar_subquery(), Pending.due_at <= now())
        .values(due_at=now() + LEASE, tries=Pending.tries + 1)
        .returning(Pending.id)
    )
    db.session.commit()
    return claimed


def _judge(entry_id: str) -> int:
    """Judge one and hang it; returns 1, or 0 when somebody else has done so."""
    waits = find(entry_id)
    if waits is None:
        return 0
    sheet = Sheet(**{field.name: getattr(waits, field.name) for field in dataclasses.fields(Sheet)})
    text = db.session.get_one(Prompt, sheet.prompt_id).text
    db.session.commit()  # judging takes a while: no connection is held meanwhile
    entry = _looked_at(sheet, text)
    similarity, percentile = entry.similarity, entry.percentile
    if not _take_away(entry_id):
        db.session.rollback()
        return 0
    if sheet.run_id is not None:
        numbers = {"similarity": similarity, "percentile": percentile}
        db.session.execute(update(Run).where(Run.id == sheet.run_id).values(**numbers))
    if hang(entry).id != entry_id:  # its run hangs already, and the row is back
        _take_away(entry_id)
        db.session.commit()
        return 0
    return 1


def _looked_at(sheet: Sheet, text: str) -> Entry:
    if sheet.drawing is None:
        return judged_painting(sheet, text)
    drawing = drawings.parse(json.loads(gzip.decompress(storage.get(sheet.drawing))))
    return judged(sheet, drawing, raster.master(drawing), text)


def _take_away(entry_id: str) -> bool:
    return db.session.scalar(delete(Pending).where(Pending.id == entry_id).returning(Pending.id)) is not None


def _put_back(entry_id: str) -> None:
    db.session.rollback()
    db.session.execute(update(Pending).where(Pending.id == entry_id).values(due_at=now(), tries=Pending.tries - 1))
    db.session.commit()


def _put_off(entry_id: str) -> None:
    db.session.rollback()
    waits = find(entry_id)
    if waits is not None:
        waits.due_at = now() + min(LONGEST_PAUSE, timedelta(seconds=30) * 2 ** min(waits.tries, 10))
        db.session.commit()


def views(rows: Sequence[Pending]) -> list[PendingView]:
    """Return what waits as others see it, in the given order."""
    query = select(Pending.id, Player, Prompt.text).join(Player, Player.id == Pending.player_id)
    query = query.join(Prompt, Prompt.id == Pending.prompt_id).where(Pending.id.in_([row.id for row in rows]))
    found = {each: (player, text) for each, player, text in db.session.execute(query)}
    return [
        PendingView(
            id=row.id,
            prompt_id=row.prompt_id,
            prompt_text=found[row.id][1],
            kind=row.kind,
            player=player_view(found[row.id][0]),
            picture=picture_url(row.id),
            created_at=row.created_at,
        )
        for row in rows
    ]
