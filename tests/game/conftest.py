"""A PostgreSQL server of the tests' own, where one is installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from game.tables import new_id

POSTGRES = shutil.which("postgres"), shutil.which("initdb")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server's first database."""
    if not all(POSTGRES):
        pytest.skip("there is no PostgreSQL server on this machine (apt install postgresql); SQLite alone was tested")
    # Not below pytest's own folder: that is root's alone, and PostgreSQL refuses to be started by root.
    folder = Path(tempfile.mkdtemp(prefix="paintoff-postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_user = as_somebody(folder)
    initdb = [*as_user, POSTGRES[1], "-D", str(folder / "data"), "-U", "paintoff", "--auth=trust", "-E", "UTF8"]
    subprocess.run(initdb, check=True, capture_output=True)
    server = [*as_user, POSTGRES[0], "-D", str(folder / "data"), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*server, "-c", "fsync=off"], **quiet)
    try:
        url = f"postgresql://paintoff@127.0.0.1:{port}/postgres"
        wait_for(url)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # ends now; SIGTERM would wait for its clients
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: str) -> None:
    """Return once the server lets somebody in, which is a while after it opened its port."""
    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def as_somebody(folder: Path) -> list[str]:
    """How to run a command as somebody who may own a database."""
    if os.geteuid():
        return []
    shutil.chown(folder, "nobody")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """The URL of an empty database on that server, this test's own."""
    name = f"test_{new_id()}"
    server = create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.rsplit("/", 1)[0] + f"/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
