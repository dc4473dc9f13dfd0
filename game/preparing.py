"""Make the data folder ready to be played on: tables, prompts, the first administrator's link; and check that it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from game import engine, judging, storage
from game.extensions import db, migrate
from game.models import Prompt
from game.rules import players, prompts

LEAST_SPACE = 200e6  # bytes left on the disk; a run keeps a few of them


def prepare(app: Flask, whole: bool = False) -> str | None:
    """Migrate and seed the database, and return a link to administer it with while nobody does.

    Quick when nothing is to be done; `whole` renews the job engine's tables too, which a worker does at its start.
    """
    with app.app_context():
        if _revision() != _head():
            _upgrade()
        if whole or not engine.ready():
            engine.migrate()
        prompts.seed()
        link = None if players.has_admin() else players.one_time_link()
        db.session.remove()
        db.engine.dispose()  # the server forks, and connections must not cross that
    return link


def _head() -> str | None:
    return ScriptDirectory(migrate.directory).get_current_head()


def _revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _upgrade() -> None:
    from flask_migrate import upgrade

    upgrade(directory=migrate.directory)


def checks(app: Flask) -> Iterator[tuple[str, str, bool]]:
    """Yield (what, finding, whether it is well) for everything the game needs."""
    with app.app_context():
        for name, look in (
            ("pictures", _store),
            ("database", _database),
            ("rasteriser", _raster),
            ("judge", _judge),
        ):
            yield (name, *_looked(look))


def _looked(look: Callable[[], str]) -> tuple[str, bool]:
    try:
        return look(), True
    except Exception as error:  # whatever is wrong is the finding
        return f"{error}" or type(error).__name__, False


def _store() -> str:
    storage.drop(storage.put(os.urandom(16), ".probe"))
    left = storage.current().room()
    if left is None:
        return f"{storage.current().describe()} takes and gives"
    if left < LEAST_SPACE:
        raise OSError(f"only {left / 1e6:.0f} MB are left on its disk")
    return f"{storage.current().describe()}, {left / 1e9:.1f} GB left"


def _database() -> str:
    url = db.engine.url.render_as_string(hide_password=True)
    if _revision() != _head():
        raise RuntimeError(f"{url} is not up to date: run `paintoff migrate`")
    if not engine.ready():
        raise RuntimeError(f"{url} lacks the job engine's tables: run `paintoff migrate`")
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Prompt))
    return f"{url}, {count} prompts"


def _raster() -> str:
    from game.rules import drawing, raster
    from game.serving import SPECIMEN

    return f"draws; checksum of the specimen {raster.checksum(drawing.parse(SPECIMEN))}"


def _judge() -> str:
    judge = judging.current()
    return f"{judge.spec}, ties closer than {judge.noise:.4f}"
