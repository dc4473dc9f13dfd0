"""From a sheet that was handed in to an entry on the wall: the judge looks, the entry hangs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from game import judging, storage
from game.extensions import db
from game.models import Entry, Player, Prompt
from game.rules import holds, idempotency, raster, second, writing
from game.rules.drawing import Drawing
from game.rules.ranking import VISIBLE
from game.rules.scores import write, write_second
from game.tables import new_id, now

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from game.judging import Judge, Score
    from game.rules.raster_loops import Grid


@dataclass(frozen=True)
class Sheet:
    """A picture that was handed in; `picture` and `drawing` (None: it was painted) are object names, see game.storage.

    `hangs` is the state the entry will have: `visible`, or `room` where it is for a room's eyes only.
    """

    prompt_id: str
    player_id: str
    kind: str
    picture: str
    drawing: str | None
    run_id: str | None = None
    hangs: str = VISIBLE
    id: str = field(default_factory=new_id)  # the entry's, too
    created_at: datetime = field(default_factory=now)


def judged(sheet: Sheet, drawing: Drawing, grid: Grid, text: str) -> Entry:
    """Return the entry that the judge makes of a sheet, whose drawing has this master; raises JudgeUnavailable."""
    picture = raster.picture_of(grid, drawing.palette)
    return _judged(sheet, picture, text, lambda judge, score: writing.penalties(drawing, grid, text, judge, score))


def judged_painting(sheet: Sheet, text: str) -> Entry:
    """As `judged`, for a sheet without a drawing; raises ObjectMissing where its picture is lost."""
    picture = storage.picture(sheet.picture)
    return _judged(sheet, picture, text, lambda judge, score: writing.of_painting(picture, text, judge, score))


def _judged(
    sheet: Sheet, picture: Image.Image, text: str, penalties: Callable[[Judge, Score], list[dict[str, Any]]]
) -> Entry:
    opinion = second.Opinion(picture, text)  # looks while the judge does
    score, judge = judging.judge_picture(picture, text), judging.current()
    entry = Entry(
        id=sheet.id,
        prompt_id=sheet.prompt_id,
        player_id=sheet.player_id,
        run_id=sheet.run_id,
        kind=sheet.kind,
        state=sheet.hangs,
        picture=sheet.picture,
        drawing=sheet.drawing,
        penalties=penalties(judge, score),
        created_at=sheet.created_at,
    )
    write(entry, score, judge.noise)
    write_second(entry, *opinion.wait())
    holds.hold(entry, judge)
    return entry


def hang(entry: Entry, name: str | None = None) -> Entry:
    """Hang an entry, commit, and return it, or the one that hangs already for the same run; its player takes `name`."""
    run_id = entry.run_id
    try:
        db.session.add(entry)
        db.session.flush()
        if entry.state == VISIBLE:
            db.session.execute(
                update(Prompt).where(Prompt.id == entry.prompt_id).values(entry_count=Prompt.entry_count + 1)
            )
        if name is not None:
            db.session.get_one(Player, entry.player_id).name = name
        idempotency.commit()
    except IntegrityError:  # the run hangs already
        db.session.rollback()
        hung = db.session.scalar(select(Entry).where(Entry.run_id == run_id)) if run_id else None
        if hung is None:
            raise
        return hung
    return entry
