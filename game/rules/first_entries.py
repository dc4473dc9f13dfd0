"""The first pictures of a new game: a few short runs that nobody asked for, so that its walls are not bare.

Whether there are any, and how far they are, is in the database alone: their runs' ids are known beforehand, so that
of any number of workers and restarts one queues each of them, once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Entry, Prompt, Run
from game.rules import daily, queueing, runs
from game.rules.ranking import VISIBLE
from game.rules.views import EntryView, entry_views, is_open, loaded
from game.rules.work import OPEN

IDS = tuple(f"opening-{place}" for place in range(1, 5))
STEPS, SECONDS = 240, 20  # of painting, whichever is over first: two cores need no more for a fair picture
SETTINGS = {"prior": "strokes", "strokes": 48, "steps": STEPS, "deadline_s": SECONDS}


@dataclass(frozen=True)
class Opening:
    """What a game on whose walls nothing hangs has to tell: the run under way, where there is one, or what hangs first.

    `preview` tells one look of the picture from another; None while there is none yet.
    """

    prompt_id: str | None
    text: str | None
    step: int
    steps: int
    preview: str | None
    first: EntryView | None


def is_one(run_id: str) -> bool:
    """Whether a run is one of these, which step aside for everybody."""
    return run_id in IDS


def queue_next() -> bool:
    """Queue the next of them if its turn has come; returns whether another may come later.

    They are for a game that never saw a run, and go one at a time, when nothing else waits; after a cancelled one
    comes no other.
    """
    states = {run.id: run.state for run in db.session.execute(select(Run.id, Run.state).where(Run.id.in_(IDS)))}
    begun = bool(states) or db.session.scalar(select(Run.id).limit(1)) is not None
    if len(states) == len(IDS) or "cancelled" in states.values() or (begun and not states):
        return False
    if db.session.scalar(select(Run.id).where(Run.state.in_(OPEN)).limit(1)) is None:
        prompt_id = _bare()
        if prompt_id is not None:
            _queue(IDS[len(states)], prompt_id)
    return True


def opening() -> Opening | None:
    """Return what is to be told while nothing hangs, and of the first picture once it does; None where none will come.

    Ask only for a game that has been empty a moment ago: what hangs is not counted here.
    """
    first = db.session.scalar(
        select(Entry.id).where(Entry.state == VISIBLE).order_by(Entry.created_at, Entry.id).limit(1)
    )
    if first is not None:
        return Opening(None, None, 0, 0, None, entry_views(list(loaded([first]).values()))[0])
    found = db.session.scalars(select(Run).where(Run.id.in_(IDS)).order_by(Run.id.desc())).all()
    run = next((run for run in found if run.state in OPEN), None)
    if run is None:
        return None if len(found) == len(IDS) or _elsewhere() else Opening(None, None, 0, 0, None, None)
    look = run.preview[:12] if run.preview else None
    return Opening(run.prompt_id, run.prompt.text, run.step, run.steps, look, None)


def hangs_anything() -> bool:
    """Whether there is anything on any wall."""
    return db.session.scalar(select(Entry.id).where(Entry.state == VISIBLE).limit(1)) is not None


def preview() -> str | None:
    """Return the object name (PNG) of what the run under way looks like, None while it looks like nothing."""
    query = select(Run.preview).where(Run.id.in_(IDS), Run.state.in_(OPEN)).order_by(Run.id.desc()).limit(1)
    return db.session.scalar(query)


def _elsewhere() -> bool:
    """Whether the game has seen runs, but none of these."""
    return db.session.scalar(select(Run.id).limit(1)) is not None and db.session.get(Run, IDS[0]) is None


def _bare() -> str | None:
    """A prompt that no machine has painted: today's, which stands above all others, or else the newest."""
    day = daily.today()
    open_ones = select(Prompt.id).where(is_open(), ~select(Run.id).where(Run.prompt_id == Prompt.id).exists())
    todays = db.session.scalar(open_ones.where(Prompt.id == day.prompt.id)) if day else None
    return todays or db.session.scalar(open_ones.order_by(Prompt.created_at.desc(), Prompt.id.desc()).limit(1))


def _queue(run_id: str, prompt_id: str) -> None:
    try:
        settings = {**SETTINGS, "seed": IDS.index(run_id)}
        runs.queue(prompt_id, settings, None, publish_when_done=True, run_id=run_id, priority=queueing.LAST)
    except IntegrityError:  # another worker was quicker
        db.session.rollback()
