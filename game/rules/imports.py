"""Many drawings at once: in from files, and out to files, one at a time so that their number does not matter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import select

from game.extensions import db
from game.models import Entry
from game.rules import drawing as drawings
from game.rules import entries, exchange, players, prompts
from game.rules.exchange import Record
from game.rules.pending import PendingView
from game.rules.views import WITH_ALL, EntryView

BLOCK = 200  # entries read from the database at once


def enter(
    lines: Iterable[str | bytes], prompt_id: str, name: str, limit: int | None = None
) -> Iterator[EntryView | PendingView]:
    """Enter each line's drawing under a prompt as a new player called `name`, and yield its entry.

    Raises ExchangeError at the first line that is no drawing, and a Refusal where a player would meet one.
    """
    prompts.require_open(prompt_id)
    player, _ = players.anonymous()
    players.rename(player, name)
    for record in islice(exchange.read(lines), limit):
        yield entries.submit(prompt_id, record.drawing, player)


def records(prompt_id: str | None = None, hidden: bool = False) -> Iterator[Record]:
    """Yield the drawings of entries, oldest first, those of one prompt if given; hidden and held ones when asked.

    What hangs in a room only is nobody else's to have.
    """
    query = select(Entry).where(Entry.drawing.is_not(None), Entry.state != "room").options(*WITH_ALL)
    query = query.order_by(Entry.created_at, Entry.id).limit(BLOCK)
    if prompt_id is not None:
        query = query.where(Entry.prompt_id == prompts.row(prompt_id).id)
    if not hidden:
        query = query.where(Entry.state == "visible")
    page = query
    while block := list(db.session.scalars(page)):
        yield from (_record(entry) for entry in block)
        created, last = block[-1].created_at, block[-1].id
        db.session.expunge_all()  # or a long export would hold every row
        page = query.where((Entry.created_at > created) | ((Entry.created_at == created) & (Entry.id > last)))


def _record(entry: Entry) -> Record:
    drawing = drawings.parse(json.loads(entries.drawing_json(entry)))
    about = {
        "kind": entry.kind,
        "player": entry.player.name,
        "state": entry.state,
        "judge": entry.judge,
        "similarity": entry.similarity,
        "percentile": entry.percentile,
    }
    return Record(drawing, entry.prompt.text, entry.id, entry.created_at.isoformat(), about)
