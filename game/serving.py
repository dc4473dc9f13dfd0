"""The web server's settings (gunicorn) and the small things it does at its start and end."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from game import sweeping

log = logging.getLogger(__name__)

# One process: threads are cheap (some 30 kB each), running out of them is the failure. At most 24 of these hold a run's
# stream of events open and 20 a room's (game.api.streams), so 20 are left for requests that end.
SETTINGS: dict[str, Any] = {
    "worker_class": "gthread",
    "workers": 1,
    "threads": 64,
    "preload_app": False,
    "control_socket_disable": True,  # gunicorn 27 would put one into the user's home
    "graceful_timeout": 8,  # seconds that requests get to end; streams end by themselves within one
    "timeout": 120,  # seconds without a sign of life; loading torch on a cold disk holds the interpreter for long
    "keepalive": 5,
    "loglevel": "warning",
}


class Server(BaseApplication):
    """Gunicorn around the game; the application is made in the serving process, after the fork."""

    def __init__(self, host: str, port: int) -> None:
        self._bind = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        for name, value in {**SETTINGS, **HOOKS, "bind": self._bind}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from game import create_app

        return create_app()


def begin(worker: Any) -> None:
    """Called by gunicorn in the serving process before the first request: warm up, sweep, and listen for the end."""
    app = worker.wsgi
    for number, handle in ((signal.SIGTERM, worker.handle_exit), (signal.SIGINT, worker.handle_quit)):
        signal.signal(number, _closing(app, handle))
    threading.Thread(target=warm, args=(app,), name="warm-up", daemon=True).start()
    sweeping.begin(app)


def end(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a serving process is done: end it at once; taking torch apart would take seconds more."""
    if os.getpid() == worker.pid:  # the arbiter calls this, too, for processes that it lost
        logging.shutdown()
        os._exit(0)


HOOKS = {"post_worker_init": begin, "worker_exit": end}


def _closing(app: Flask, handle: Any) -> Any:
    from game.api.streams import ROOM_TAIL, TAIL

    def close(number: int, frame: Any) -> None:
        for name in (TAIL, ROOM_TAIL):
            app.extensions[name].close()
        handle(number, frame)

    return close


def warm(app: Flask) -> None:
    """Load what the first to come would otherwise wait for: rasteriser, judge, generator's settings, job engine."""
    from game import assets, engine, judging, painting
    from game.rules import drawing, raster, rejudging

    try:
        with app.app_context():
            raster.picture(drawing.parse(SPECIMEN))
            rejudging.steady(judging.current())
            judging.second()
            painting.check({"texts": [{"text": "a cat"}]})
            engine.client()
        assets.pack_all(app)
    except Exception:  # whatever it is, the first request meets it too and can tell a person
        log.exception("could not warm up")


# One of each operation, so that every loop of the rasteriser is compiled.
SPECIMEN = {
    "format": 1,
    "size": 32,
    "bg": 0,
    "palette": ["#ffffff", "#000000"],
    "ops": [
        {"op": "stroke", "color": 1, "pts": [[64, 64, 16, 0], [300, 300, 24, 10]]},
        {"op": "fill", "color": 1, "x": 400, "y": 40},
    ],
}
