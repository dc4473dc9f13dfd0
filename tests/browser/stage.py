"""The real thing on one machine: the game served on a free port, a worker that paints, and a Chromium to look with."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from game import create_app, serving
from game.preparing import prepare

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Visit = Callable[..., Page]  # comes to the game as a new visitor; takes what Playwright's new_context takes

PATIENCE = 20_000  # ms; a busy machine with two cores is slow to answer, a broken page never does
STORY = "a raccoon driving a tractor"  # a seeded prompt for test_story alone: it counts what hangs there


@dataclass(frozen=True)
class Server:
    """The game as it is served: `url` without a slash at its end, `data` the folder it keeps everything in."""

    url: str
    data: Path
    app: Flask


class Quiet(WSGIRequestHandler):
    """The game writes its own log of requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Writes nothing."""


@contextmanager
def serve(data: Path, **settings: object) -> Iterator[Server]:
    """The application with the embedded judge, migrated, seeded and warm, without rate limits, with these settings."""
    app = create_app({"DATA": data, "RATE_LIMITS": "off", **settings})
    prepare(app)
    serving.warm(app)
    http = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{http.server_port}", data, app)
    finally:
        http.shutdown()
        thread.join()


@contextmanager
def work(data: Path, **settings: str) -> Iterator[None]:
    """A worker process that paints what is queued, with these settings; AssertionError if it ended by itself."""
    told = {f"PAINTOFF_{name}": value for name, value in settings.items()}
    env = {**os.environ, "PAINTOFF_DATA": str(data), "OMP_NUM_THREADS": "1", **told}
    process = subprocess.Popen([sys.executable, "-m", "game.cli", "worker"], env=env)
    try:
        yield
        assert process.poll() is None, f"the worker ended by itself with status {process.returncode}"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def look() -> Iterator[Browser]:
    """A headless Chromium; there has to be one."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
