"""The queue as the studio shows it: what is painted and what waits, in its order, with places and times."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from game.extensions import db
from game.models import Run
from game.rules import machines, queueing, runs
from game.rules.pages import Page
from game.rules.refusals import Invalid
from game.rules.runs import RunView

LOOKED_AT = 30  # finished runs, the newest: their mean says how long one takes


@dataclass(frozen=True)
class Waiting:
    """A run with its place among those that wait, from 1 on, and in how many seconds it may begin; both None while it
    is painted, the seconds also where nothing tells how long runs take."""

    run: RunView
    place: int | None
    seconds: float | None


def count() -> dict[str, int]:
    """Return how many runs are painted, wait and are paused."""
    open_states = ("queued", "running", "paused")
    rows = db.session.execute(select(Run.state, func.count()).where(Run.state.in_(open_states)).group_by(Run.state))
    return {**dict.fromkeys(open_states, 0), **dict(rows.all())}


def listing(cursor: str | None, limit: int) -> Page[Waiting]:
    """Return a page of the queue: what is painted first, then what waits in the order in which it will be taken.

    A cursor is the id of the last run of the page before; one that no longer waits is Invalid.
    """
    last = _last(cursor)
    painted = [] if last else _painted()
    # The ids first: ten thousand of those are sorted in a moment, ten thousand rows with their settings are not.
    query = select(Run.id).where(Run.state == "queued").order_by(*queueing.order())
    if last is not None:
        query = query.where(_after(last))
    ids = list(db.session.scalars(query.limit(limit + 1)))
    found = select(Run).where(Run.id.in_(ids[:limit])).options(joinedload(Run.prompt))
    rows = {run.id: run for run in db.session.scalars(found)}
    here = [rows[run_id] for run_id in ids[:limit]]
    first = 1 + _ahead(here[0]) if here else 1
    pace = _pace()
    views = runs.views([*painted, *here])
    told = [Waiting(view, None, None) for view in views[: len(painted)]]
    for place, view in enumerate(views[len(painted) :], first):
        told.append(Waiting(view, place, None if pace is None else pace * place))
    return Page(told, here[-1].id if len(ids) > limit else None)


def _after(run: Run) -> ColumnElement[bool]:
    """Spelled out, so that the index on state, priority and turn is entered where the page begins."""
    tail = and_(Run.created_at == run.created_at, Run.id > run.id)
    tail = and_(Run.turn == run.turn, or_(Run.created_at > run.created_at, tail))
    tail = and_(Run.priority == run.priority, or_(Run.turn > run.turn, tail))
    return and_(Run.priority <= run.priority, or_(Run.priority < run.priority, tail))


def _ahead(run: Run) -> int:
    """How many wait before this one."""
    earlier = and_(Run.created_at == run.created_at, Run.id < run.id)
    earlier = and_(Run.turn == run.turn, or_(Run.created_at < run.created_at, earlier))
    earlier = and_(Run.priority == run.priority, or_(Run.turn < run.turn, earlier))
    query = select(func.count()).where(Run.state == "queued", or_(Run.priority > run.priority, earlier))
    return db.session.scalar(query) or 0


def _painted() -> list[Run]:
    query = select(Run).where(Run.state == "running").options(joinedload(Run.prompt))
    return list(db.session.scalars(query.order_by(Run.started_at, Run.id).limit(100)))


def _last(cursor: str | None) -> Run | None:
    if cursor is None:
        return None
    run = db.session.get(Run, cursor)
    if run is None or run.state != "queued":
        raise Invalid([("#/cursor", "The queue has moved on. Look at it from its beginning.")])
    return run


def _pace() -> float | None:
    """The seconds from one run's beginning to the next one's: what one takes, shared among the machines."""
    newest = select(Run.seconds).where(Run.state == "done", Run.seconds > 0)
    newest = newest.order_by(Run.created_at.desc()).limit(LOOKED_AT)
    mean = db.session.scalar(select(func.avg(newest.subquery().c.seconds)))
    at_work = sum(machine.alive for machine in machines.listing())
    return mean / max(at_work, 1) if mean else None
