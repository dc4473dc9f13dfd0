"""What many tests need: the application on a data folder of its own, with a judge that knows colours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Before numpy and torch are imported anywhere: tests run beside other work on few cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A test that starts a worker finds the runs that it queued itself; those about first pictures turn them on.
os.environ["PAINTOFF_FIRST_ENTRIES"] = "off"

from flask import Flask
from flask.testing import FlaskClient

from tests.fakes import COLOURS, ColourJudge, InkReader

Json = dict[str, Any]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite database without rows, made once and copied for each test."""
    from flask_migrate import upgrade

    from game import create_app
    from game.extensions import db

    folder = tmp_path_factory.mktemp("empty")
    app = create_app({"DATA": folder})
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return (folder / "paintoff.sqlite").read_bytes()


@pytest.fixture
def judge() -> ColourJudge:
    """The judge that sits in `app`."""
    return ColourJudge()


@pytest.fixture
def make_app(tmp_path: Path, empty_database: bytes, judge: ColourJudge) -> Iterator[Callable[..., Flask]]:
    """Makes applications on this test's data folder; settings may be given by name, `make_app(PROXIES=1)`."""
    from game import create_app
    from game.extensions import db
    from game.judging import INJECTED, INJECTED_READER

    folder, made = tmp_path / "data", []

    def make(**settings: object) -> Flask:
        folder.mkdir(exist_ok=True)
        if not (folder / "paintoff.sqlite").exists():
            (folder / "paintoff.sqlite").write_bytes(empty_database)
        app = create_app({"DATA": folder, "RATE_LIMITS": "off", **settings})
        app.extensions[INJECTED], app.extensions[INJECTED_READER] = judge, InkReader()
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application on an empty, migrated SQLite database, without rate limits; its judge knows colours, its reader
    finds no writing."""
    return make_app()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for rules."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser, without a page loaded yet."""
    return app.test_client()


def doodle(colour: str = "red", second: str | None = None, share: float = 0.5, seed: int = 0) -> Json:
    """Return a drawing of one big blob in a colour of the fake judge and, with `second`, one below it.

    `share` is how wide the second one is beside the first; `seed` moves everything by a little.
    """
    palette = ["#ffffff", *("#" + bytes(rgb).hex() for rgb in COLOURS.values())]
    names = list(COLOURS)

    def blob(name: str, y: int, width: int, start: int) -> Json:
        left = 1000 + 16 * seed
        points = [[left, y, 900, start], [left + width, y, 900, start + 40]]
        return {"op": "stroke", "color": 1 + names.index(name), "pts": points}

    ops = [blob(colour, 2000, 5000, 0)]
    if second is not None:
        ops.append(blob(second, 5500, int(5000 * share), 60))
    return {"format": 1, "size": 512, "bg": 0, "palette": palette, "ops": ops}
