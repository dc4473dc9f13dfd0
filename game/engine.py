"""The door to the job engine, DBOS Transact: put a run in the queue, take it out, and work on it.

The only file that knows DBOS. It runs on the game's own database (SQLite as a file, or PostgreSQL), so a run and its
place in the queue are written in one transaction. The truth about a run lives in the game's tables; the engine knows
only that this run has to be worked on, and by whom. Hence the workflow below never changes its shape, and its version
is a constant: a job that was queued by yesterday's code is finished by today's. A run that is put in the queue again
is another job, for the engine does nothing twice; an executor is what a worker is called here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import Flask, current_app

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

APPLICATION = "paintoff"
VERSION = "1"  # of the workflow's shape, given on both sides: with another one a queued job would wait for ever
POLLING = 1.0  # seconds between two looks at the queue: half as often takes half of what an idle worker computes
QUEUE, WORKFLOW, STEP = "paint", "paint_run", "advance"
TABLES = frozenset(  # what the engine makes in a shared SQLite file; migrations must leave these alone
    {"application_versions", "dbos_migrations", "notifications", "operation_outputs", "queues", "streams",
     "workflow_events", "workflow_events_history", "workflow_input", "workflow_output", "workflow_schedules",
     "workflow_status"}
)  # fmt: skip
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
MIGRATING = 0x7061696E74  # PostgreSQL's lock, so that of many workers that start at once one makes the tables

Take = Callable[[str, str], str | None]  # a run and a worker's name to this start's token; None: nothing is to be done
Advance = Callable[[str, str], bool]  # id and token to whether the run has ended

_in_hand: set[str] = set()  # jobs
_begun: dict[str, float] = {}  # when the step that is on began, by run, in time.monotonic()


def _url() -> str:
    from game.extensions import db

    return db.engine.url.render_as_string(hide_password=False)


def client() -> DBOSClient:
    """Return this process's connection to the queue; made at first use, and again after a fork."""
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    held = current_app.extensions.get("paintoff.engine")
    if held is None or held[0] != os.getpid():
        made = DBOSClient(
            system_database_url=_url(),
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
            use_listen_notify=False,
        )
        held = current_app.extensions["paintoff.engine"] = (os.getpid(), made)
    return held[1]


def enqueue(session: Session, run_id: str, job: str | None = None, priority: int = 1) -> None:
    """Put a run in the queue within the caller's transaction: both are committed, or neither.

    `job` names this attempt, the run's id by default; a name that was used before changes nothing. Of those that wait,
    the lowest `priority`, from 1 on, comes first, and among equals the oldest.
    """
    from dbos import WorkflowSerializationFormat

    client().enqueue_in_transaction(
        session,
        {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": job or run_id,
            "priority": priority,
            "app_version": VERSION,
            "serialization_type": WorkflowSerializationFormat.PORTABLE,
        },
        run_id,
    )


def cancel(job: str) -> None:
    """Take a job that no worker has begun out of the queue; the run of a begun one ends by its own row's flag."""
    client().cancel_workflow(job)


def statuses(jobs: Iterable[str]) -> dict[str, str]:
    """Return what the engine holds of these jobs, such as ENQUEUED, PENDING or SUCCESS; unknown ones are left out."""
    found = client().list_workflows(workflow_ids=list(jobs), load_input=False, load_output=False)
    return {status.workflow_id: status.status for status in found}


def held() -> dict[str, list[str]]:
    """Return the jobs that were begun and have not ended, by the executor that has them."""
    jobs: dict[str, list[str]] = {}
    for status in client().list_workflows(status="PENDING", load_input=False, load_output=False):
        jobs.setdefault(status.executor_id or "", []).append(status.workflow_id)
    return jobs


def hand_on(jobs: Sequence[str]) -> None:
    """Put jobs that somebody has begun back, to be taken up by anyone; whoever had them can end them no more."""
    if jobs:
        client().resume_workflows(list(jobs), queue_name=QUEUE)


def in_hand() -> frozenset[str]:
    """Return the jobs that this process is at work on."""
    return frozenset(_in_hand)


def longest_step() -> float:
    """Return for how many seconds this process has been at the step that it has been at the longest, 0 without one."""
    return max((time.monotonic() - begun for begun in list(_begun.values())), default=0.0)


def prune(older_than: timedelta = timedelta(days=7)) -> int:
    """Forget finished work of the engine, which keeps it for ever by itself; returns how many were forgotten."""
    before = (datetime.now(UTC) - older_than).isoformat()
    ids = [
        status.workflow_id
        for status in client().list_workflows(
            status=ENDED, completed_before=before, load_input=False, load_output=False, limit=10_000
        )
    ]
    client().delete_workflows(ids)
    return len(ids)


def migrate() -> None:
    """Create or renew the engine's own tables in the game's database; quick when there is nothing to do."""
    from dbos import DBOS

    from game.extensions import db

    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.execute(sa.text("PRAGMA journal_mode=WAL"))
    logging.getLogger("dbos").setLevel(logging.WARNING)
    with _alone(db.engine):
        DBOS.migrate(_url())


@contextlib.contextmanager
def _alone(database: sa.Engine) -> Iterator[None]:
    """Keep other hosts out meanwhile; on SQLite its own locks do."""
    if database.dialect.name == "sqlite":
        yield
        return
    with database.connect() as connection:
        connection.execute(sa.text(f"SELECT pg_advisory_lock({MIGRATING})"))
        try:
            yield
        finally:  # closing the connection would let go, too, but a pool keeps it open
            connection.execute(sa.text(f"SELECT pg_advisory_unlock({MIGRATING})"))


def ready() -> bool:
    """Whether the engine's tables are there, found out without loading the engine."""
    from game.extensions import db

    schema = None if db.engine.dialect.name == "sqlite" else "dbos"
    return sa.inspect(db.engine).has_table("dbos_migrations", schema=schema)


def launch(app: Flask, executor: str, take: Take, advance: Advance) -> None:
    """Start working on the queue in background threads of this process, one run at a time.

    `executor` names this worker and must be unique among the living: a second one of the same name would start the
    first one's work again. What that name left unfinished is taken up at once.
    """
    from dbos import DBOS, DBOSPortableJSONSerializer, WorkflowSerializationFormat

    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": _url(),
            "executor_id": executor,
            "application_version": VERSION,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
        }
    )

    @DBOS.step(name=STEP)
    def step(run_id: str, token: str) -> bool:
        _begun[run_id] = time.monotonic()
        try:
            with app.app_context():
                return advance(run_id, token)
        finally:
            _begun.pop(run_id, None)

    # The shape of this function is stored history: a run in flight is replayed through it after a restart.
    @DBOS.workflow(
        name=WORKFLOW, serialization_type=WorkflowSerializationFormat.PORTABLE, max_recovery_attempts=1_000_000
    )
    def paint_run(run_id: str) -> None:
        job = DBOS.workflow_id or run_id
        _in_hand.add(job)
        try:
            with app.app_context():
                token = take(run_id, executor)  # no step: every start takes the run anew and so shuts an older one out
            while token is not None and not step(run_id, token):
                pass
        finally:
            _in_hand.discard(job)

    # Known before the launch, the queue is looked at in its first second.
    client().register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLLING)
    DBOS.listen_queues([QUEUE])
    DBOS.launch()


def land() -> None:
    """Stop working on the queue; what is in the middle stays the worker's own and is taken up at its next start."""
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)
