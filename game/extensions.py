"""The Flask extensions the game uses, made here without an application and bound to one in `create_app`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from game import engine as job_engine
from game.forgery import Forgery
from game.tables import Moment, metadata

BUSY_TIMEOUT = 15_000  # ms that a writer waits for another before it gives up


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic should look at a table: the job engine keeps its own ones in the same SQLite file."""
    return kind != "table" or name not in job_engine.TABLES


def render_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column type into migrations as what it is in the database; False leaves an item to Alembic."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


db = SQLAlchemy(metadata=metadata)
migrate = Migrate(
    directory=str(Path(__file__).parent / "migrations"),
    render_as_batch=True,  # SQLite cannot alter most of a table in place
    compare_server_default=True,
    include_name=is_ours,
    render_item=render_type,
)
csrf = Forgery()
limiter = Limiter(get_remote_address, storage_uri="memory://", default_limits=["3000 per minute"], headers_enabled=True)


def engine_options(url: str) -> dict[str, Any]:
    """Return SQLAlchemy's options for a database: SQLite needs none, PostgreSQL a pool that survives its restart."""
    if make_url(url).get_backend_name() == "sqlite":
        return {}
    return {"pool_pre_ping": True, "pool_size": 16, "max_overflow": 48}


def prepare_connections(engine: Engine) -> None:
    """Let every new SQLite connection keep foreign keys, wait for other writers, and write beside its readers."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
