"""Entries: a drawing is rendered, judged and hung on its prompt's wall."""

from __future__ import annotations

import gzip
import json
from typing import TypeVar

from sqlalchemy import select

from game import judging, storage
from game.extensions import db
from game.models import Entry, Player, Prompt, Report
from game.pending import Pending
from game.rules import pending, players, prompts, ranking, raster
from game.rules.drawing import Drawing
from game.rules.hanging import Sheet, hang, judged
from game.rules.pages import Page, descending
from game.rules.pending import PendingView
from game.rules.refusals import Invalid, Missing
from game.rules.views import WITH_ALL, EntryView, entry_views
from game.sayings import say

__all__ = ["EntryView", "best_of", "drawing_json", "get", "hand_in", "handed_in", "leaderboard", "listing", "of_player",
           "require_seen", "row", "submit"]  # fmt: skip
KINDS = ("all", "human", "ai")
STATES = ("visible", "held", "hidden")
Seen = TypeVar("Seen", bound=Entry | Pending)


def submit(
    prompt_id: str, drawing: Drawing, player: Player, name: str | None = None, run: str | None = None
) -> EntryView | PendingView:
    """Render and judge a drawing and hang it for `player`, who takes `name` if one is given.

    `run` is the id of the run that painted it; a run hangs once, a second time is answered with the first entry.
    While the service that judges is away the drawing is kept, and hangs as soon as it has been judged.
    Raises Missing or Conflict for the prompt, DrawingError for a blank drawing, NameRefused.
    """
    prompt = prompts.require_open(prompt_id) if run is None else prompts.row(prompt_id)
    checked_name = None if name is None else players.wall_name(name)
    return hand_in(prompt, drawing, player, checked_name, run)


def hand_in(
    prompt: Prompt,
    drawing: Drawing,
    player: Player,
    name: str | None = None,
    run: str | None = None,
    hangs: str = ranking.VISIBLE,
) -> EntryView | PendingView:
    """As `submit`, for a prompt that takes this drawing and a name that will do; `hangs` is the entry's state to be."""
    prompt_id, text, player_id, kind = prompt.id, prompt.text, player.id, player.kind
    db.session.commit()  # judging takes a while: no connection is held meanwhile
    grid = raster.master(drawing)
    raster.require_marks(drawing, grid)
    picture = raster.picture_of(grid, drawing.palette)
    sheet = Sheet(
        prompt_id=prompt_id,
        player_id=player_id,
        kind=kind,
        picture=storage.put(storage.png(picture), ".png"),
        drawing=storage.put(_packed_drawing(drawing), ".json.gz"),
        run_id=run,
        hangs=hangs,
    )
    try:
        entry = judged(sheet, drawing, grid, text)
    except judging.JudgeUnavailable as error:
        if run is None and not isinstance(error, judging.JudgeAway):
            raise  # a person can come back in a moment, a run cannot
        return pending.keep(sheet, name)
    return entry_views([hang(entry, name)])[0]


def get(entry_id: str) -> EntryView:
    """Return an entry in whatever state; raises Missing."""
    return entry_views([row(entry_id)])[0]


def row(entry_id: str) -> Entry:
    """Return an entry's row with all that a view shows; raises Missing."""
    entry = _find(entry_id)
    if entry is None:
        raise Missing(say("There is no such entry."))
    return entry


def _find(entry_id: str) -> Entry | None:
    return db.session.scalar(select(Entry).where(Entry.id == entry_id).options(*WITH_ALL))


def handed_in(entry_id: str) -> Entry | Pending:
    """Return an entry, or what is going to be one once it is judged; raises Missing."""
    # The entry is looked for again at the end: it may have been judged in between.
    return _find(entry_id) or pending.find(entry_id) or row(entry_id)


def require_seen(entry: Seen, player: Player | None) -> Seen:
    """Return the entry if this player may see it: what does not hang is seen by its author and those who keep order."""
    if entry.state == "visible" or (player is not None and (player.keeps_order or player.id == entry.player_id)):
        return entry
    raise Missing(say("There is no such entry."))


def leaderboard(prompt_id: str, kind: str, cursor: str | None, limit: int, judge: str = "main") -> Page[EntryView]:
    """Return a page of a prompt's board, best first; `kind` is all, human or ai, `judge` main or second.

    Boards hold what the judge that sits has judged, or the second judge. Ranks are those of the whole board, whatever
    part of it is asked for. Raises Missing for the prompt, Invalid where no second judge sits.
    """
    if kind not in KINDS:
        raise Invalid([("#/kind", f"A board shows {', '.join(KINDS[:-1])} or {KINDS[-1]}.")])
    if judge not in ("main", "second") or (judge == "second" and judging.second_spec() is None):
        raise Invalid([("#/judge", "A board goes by the judge (main) or, where one sits, by the second judge.")])
    prompts.row(prompt_id)
    by, score = (Entry.judge, Entry.penalised) if judge == "main" else (Entry.second_judge, Entry.second_penalised)
    sitting = judging.spec() if judge == "main" else judging.second_spec()
    query = select(Entry).where(Entry.prompt_id == prompt_id, by == sitting, Entry.state == ranking.VISIBLE)
    if kind != "all":
        query = query.where(Entry.kind == kind)
    return descending(query.options(*WITH_ALL), (score, Entry.id), cursor, limit).map(entry_views)


def best_of(prompt_id: str, player_id: str) -> EntryView | None:
    """Return a player's best visible entry for a prompt before the judge that sits, None without one."""
    best = (
        select(Entry.id)
        .where(
            Entry.player_id == player_id,
            Entry.prompt_id == prompt_id,
            Entry.state == ranking.VISIBLE,
            Entry.judge == judging.spec(),
        )
        .order_by(Entry.penalised.desc(), Entry.id.desc())
        .limit(1)
    )  # found in an index alone; only then is the row read
    entry = db.session.scalar(select(Entry).where(Entry.id == best.scalar_subquery()).options(*WITH_ALL))
    return None if entry is None else entry_views([entry])[0]


def of_player(player_id: str, cursor: str | None, limit: int) -> Page[EntryView]:
    """Return a page of a player's visible entries, newest first."""
    query = select(Entry).where(Entry.player_id == player_id, Entry.state == ranking.VISIBLE).options(*WITH_ALL)
    return descending(query, (Entry.created_at, Entry.id), cursor, limit).map(entry_views)


def listing(state: str | None, cursor: str | None, limit: int) -> Page[EntryView]:
    """Return a page of all entries, newest first: of one state, or `reported` ones, or with None of any."""
    query = select(Entry).options(*WITH_ALL)
    if state == "reported":
        query = query.where(Entry.id.in_(select(Report.entry_id).where(Report.closed_at.is_(None))))
    elif state in STATES:
        query = query.where(Entry.state == state)
    elif state is not None:
        raise Invalid([("#/state", f"An entry is {', '.join(STATES)} or reported.")])
    return descending(query, (Entry.created_at, Entry.id), cursor, limit).map(entry_views)


def drawing_json(entry: Entry | Pending) -> bytes:
    """Return an entry's drawing as JSON; raises Missing for an entry that never was a drawing."""
    if entry.drawing is None:
        raise Missing(say("This entry was not drawn with strokes, so there is no drawing to show."))
    return gzip.decompress(storage.get(entry.drawing))


def _packed_drawing(drawing: Drawing) -> bytes:
    # Without the time of packing, so that equal drawings are one object.
    return gzip.compress(json.dumps(drawing.to_dict(), separators=(",", ":")).encode(), mtime=0)
