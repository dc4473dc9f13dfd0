"""Machines at work: each worker's lease, who is thought dead, and who takes over from them.

A worker renews its lease every few seconds. One that lapsed is taken over by whoever wins it, and goes last: a worker
that dies in the middle of taking over leaves a lease that lapses again. A worker that finds its own lease gone was
thought dead and has to begin anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Chore, Machine, Prompt, Run

LEASE = timedelta(seconds=45)  # longer than a model's loading keeps the interpreter's lock
UNKNOWN = "?"  # the host of a worker that holds jobs but never took a lease


@dataclass(frozen=True)
class MachineView:
    """A worker: where it is, when it was last heard of, and what it paints."""

    name: str
    host: str
    slot: int
    alive: bool
    began_at: datetime
    seen_at: datetime
    device: str | None
    run_id: str | None
    prompt_text: str | None


def clock() -> datetime:
    """Return the time by the database's clock, the only one that all hosts share; SQLite's is this host's own."""
    if db.engine.dialect.name == "sqlite":
        return datetime.now(UTC)
    moment: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def arrive(name: str, host: str, slot: int) -> None:
    """Take a lease at a worker's start; one that its former life left is renewed."""
    now = clock()
    db.session.execute(delete(Machine).where(Machine.name == name))
    db.session.add(Machine(name=name, host=host, slot=slot, began_at=now, seen_at=now))
    db.session.commit()


def renew(name: str) -> bool:
    """Renew a worker's lease; False when it was taken over meanwhile."""
    renewed = db.session.execute(
        update(Machine).where(Machine.name == name).values(seen_at=clock()).returning(Machine.name)
    ).first()
    db.session.commit()
    return renewed is not None


def leave(name: str) -> None:
    """Give a lease up."""
    db.session.execute(delete(Machine).where(Machine.name == name))
    db.session.commit()


def lapsed() -> list[str]:
    """Return the names of the workers that were not heard of for the length of a lease."""
    names = list(db.session.scalars(select(Machine.name).where(Machine.seen_at < clock() - LEASE)))
    db.session.rollback()  # ends the transaction that a look begins
    return names


def win(name: str) -> bool:
    """Take a lapsed lease over, for as long as a lease lasts; False when somebody else was quicker."""
    now = clock()
    won = db.session.execute(
        update(Machine)
        .where(Machine.name == name, Machine.seen_at < now - LEASE)
        .values(seen_at=now)
        .returning(Machine.name)
    ).first()
    db.session.commit()
    return won is not None


def vouch(names: Iterable[str]) -> None:
    """Give a lease to workers that hold jobs without one, such as a database's that was restored: it will lapse."""
    known = set(db.session.scalars(select(Machine.name)))
    now = clock()
    for name in set(names) - known:
        db.session.add(Machine(name=name, host=UNKNOWN, slot=0, began_at=now, seen_at=now))
        try:
            db.session.commit()
        except IntegrityError:  # another worker vouched for it, or it came
            db.session.rollback()
    db.session.rollback()


def has_company(run_id: str) -> bool:
    """Whether other runs are painted on the machine that paints this one; one that itself waits does not count."""
    host = select(Machine.host).join(Run, Run.worker == Machine.name).where(Run.id == run_id).scalar_subquery()
    others = select(Run.id).join(Machine, Machine.name == Run.worker)
    painted = others.where(Run.state == "running", Run.device.is_not(None), Run.id != run_id)
    return db.session.scalar(painted.where(Machine.host == host, Machine.seen_at >= clock() - LEASE)) is not None


def due(chore: str, every: timedelta) -> bool:
    """Whether it is this worker that does a chore now; of all workers, one is told so, once in such a time."""
    moment = clock()
    known = db.session.scalar(select(Chore.due_at).where(Chore.name == chore))
    if known is not None and known > moment:
        db.session.rollback()  # a look writes nothing
        return False
    if known is None:
        db.session.add(Chore(name=chore, due_at=moment))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
    mine = update(Chore).where(Chore.name == chore, Chore.due_at <= moment).values(due_at=moment + every)
    told = db.session.execute(mine.returning(Chore.name)).first()
    db.session.commit()
    return told is not None


def listing() -> list[MachineView]:
    """Return all workers that hold a lease, by host and slot, with what they paint."""
    query = (
        select(Machine, Run.id, Run.device, Prompt.text)
        .outerjoin(Run, (Run.worker == Machine.name) & (Run.state == "running"))
        .outerjoin(Prompt, Prompt.id == Run.prompt_id)
        .order_by(Machine.host, Machine.slot, Machine.name, Run.id)
    )
    since = clock() - LEASE
    return [
        MachineView(
            machine.name, machine.host, machine.slot, machine.seen_at >= since, machine.began_at, machine.seen_at,
            device, run_id, text,
        )
        for machine, run_id, device, text in db.session.execute(query)
    ]  # fmt: skip
