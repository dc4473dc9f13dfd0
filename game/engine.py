"""The door to the job engine, DBOS Transact: put a run in the queue, take it out, and be the worker.

The only file that knows DBOS. It runs on the game's own database (SQLite as a file, or PostgreSQL), so a run and its
place in the queue are written in one transaction. The truth about a run lives in the game's tables; the engine knows
only that this run has to be worked on, and by whom. Hence the workflow below never changes its shape, and its version
is a constant: a job that was queued by yesterday's code is finished by today's.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import sqlalchemy as sa
from flask import Flask, current_app

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

APPLICATION = "paintoff"
VERSION = "1"  # of the workflow's shape, given on both sides: with another one a queued job would wait for ever
POLLING = 0.5  # seconds between two looks at the queue, some 1 % of a core
QUEUE, WORKFLOW, STEP = "paint", "paint_run", "advance"
TABLES = frozenset(  # what the engine makes in a shared SQLite file; migrations must leave these alone
    {"application_versions", "dbos_migrations", "notifications", "operation_outputs", "queues", "streams",
     "workflow_events", "workflow_events_history", "workflow_input", "workflow_output", "workflow_schedules",
     "workflow_status"}
)  # fmt: skip
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

Take = Callable[[str, str], str | None]  # a run and a worker's name to this start's token; None: nothing is to be done
Advance = Callable[[str, str], bool]  # id and token to whether the run has ended


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


def enqueue(session: Session, run_id: str) -> None:
    """Put a run in the queue within the caller's transaction: both are committed, or neither."""
    from dbos import WorkflowSerializationFormat

    client().enqueue_in_transaction(
        session,
        {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": run_id,
            "app_version": VERSION,
            "serialization_type": WorkflowSerializationFormat.PORTABLE,
        },
        run_id,
    )


def cancel(run_id: str) -> None:
    """Take a run that no worker has begun out of the queue; a begun one ends by its own row's flag."""
    client().cancel_workflow(run_id)


def statuses(run_ids: Iterable[str]) -> dict[str, str]:
    """Return what the engine holds of these runs, such as ENQUEUED, PENDING or SUCCESS; unknown ones are left out."""
    found = client().list_workflows(workflow_ids=list(run_ids), load_input=False, load_output=False)
    return {status.workflow_id: status.status for status in found}


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
    DBOS.migrate(_url())


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
        with app.app_context():
            return advance(run_id, token)

    # The shape of this function is stored history: a run in flight is replayed through it after a restart.
    @DBOS.workflow(
        name=WORKFLOW, serialization_type=WorkflowSerializationFormat.PORTABLE, max_recovery_attempts=1_000_000
    )
    def paint_run(run_id: str) -> None:
        with app.app_context():
            token = take(run_id, executor)  # no step: every start takes the run anew and so shuts an older one out
        while token is not None and not step(run_id, token):
            pass

    # Known before the launch, the queue is looked at in its first second.
    client().register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLLING)
    DBOS.listen_queues([QUEUE])
    DBOS.launch()


def land() -> None:
    """Stop working on the queue; what is in the middle stays the worker's own and is taken up at its next start."""
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)


def hold_slot(folder: Path, slot: int) -> tuple[int, str]:
    """Lock a worker's slot for the life of the process and return the open file and the worker's name.

    The name is random and kept in the locked file, so it survives restarts and renamed machines, yet no two living
    workers share it. Raises `BlockingIOError` when another worker holds the slot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / f"worker-{slot}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise
    name = os.read(file, 100).decode().strip()
    if not name:
        name = f"worker-{slot}-{secrets.token_hex(6)}"
        os.write(file, name.encode())
    return file, name


def worker_main(app: Flask, slot: int, take: Take, advance: Advance) -> NoReturn:
    """Be the worker of a slot until SIGTERM or SIGINT, then end this process."""
    try:
        _, name = hold_slot(Path(app.config["PAINTOFF"].data), slot)
    except BlockingIOError:
        sys.exit(f"worker slot {slot} is taken by a worker that is running; choose another with --slot")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with app.app_context():
        launch(app, name, take, advance)
    log.info("worker %s is waiting for runs", name)
    stop.wait()
    logging.getLogger("dbos").setLevel(logging.CRITICAL)  # it reports a step cut short as an error with a traceback
    land()
    # A thread inside torch, or one that waits for a superseded run, would keep the interpreter from ending.
    logging.shutdown()
    os._exit(0)
