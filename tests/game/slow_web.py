"""A web server as `paintoff web` makes one, but with the judge of colours: a program for tests.

`python -m tests.game.slow_web FOLDER PORT` serves the data in FOLDER. Settings of runs are taken as they are given.
"""

from __future__ import annotations

import sys

from flask import Flask

from game import create_app, painting, serving
from game.judging import INJECTED, INJECTED_READER
from tests.fakes import ColourJudge, InkReader


class Server(serving.Server):
    """The game's, around an application with the judge of colours."""

    def load(self) -> Flask:
        """Make the application in the serving process."""
        app = create_app({"DATA": sys.argv[1], "RATE_LIMITS": "off"})
        app.extensions[INJECTED], app.extensions[INJECTED_READER] = ColourJudge(), InkReader()
        return app


if __name__ == "__main__":
    painting.check = lambda settings: {"prior": "strokes", "guide": "fake:colours", **settings}
    serving.warm = lambda app: None
    Server("127.0.0.1", int(sys.argv[2])).run()
