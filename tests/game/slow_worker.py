"""A worker as `paintoff worker` makes one, but for a painter of lines and the judge of colours: a program for tests.

`python -m tests.game.slow_worker FOLDER LOG` works on the data in FOLDER and writes each painted step into LOG.
"""

from __future__ import annotations

import json
import os
import sys
import time

from PIL import Image

from game import create_app, easel, engine, painting
from game.judging import INJECTED
from game.rules import work
from tests.fakes import ColourJudge

STEP = 0.03  # seconds


class Step:
    """An iterate with one more line in its drawing."""

    def __init__(self, step: int, steps: int) -> None:
        self.step, self.steps, self.done = step, steps, step == steps
        self.loss, self.similarity, self.seconds = 1.0 / step, step / steps, step * STEP

    def picture(self) -> Image.Image:
        return Image.new("RGB", (8, 8), (self.step, 0, 0))

    def drawing(self) -> dict:
        points = [[100, 80 * self.step, 64, 0], [4000, 80 * self.step, 64, 10]]
        ops = [{"op": "stroke", "color": 1, "pts": points}]
        return {"format": 1, "size": 512, "bg": 0, "palette": ["#ffffff", "#000000"], "ops": ops}

    def checkpoint(self) -> bytes:
        return json.dumps({"step": self.step}).encode()


def begin(settings, resume):
    """Paint from the checkpoint on."""
    start = json.loads(resume)["step"] if resume else 0
    return paint(start, settings["steps"]), "cpu"


def paint(start: int, steps: int):
    """Yield the steps, each written down before it counts."""
    for step in range(start + 1, steps + 1):
        time.sleep(STEP)
        with open(sys.argv[2], "a") as log:
            log.write(f"{os.getpid()} {step}\n")
        yield Step(step, steps)


if __name__ == "__main__":
    painting.begin, easel.SLICE, easel.KEPT = begin, 0.1, 0.3
    app = create_app({"DATA": sys.argv[1]})
    app.extensions[INJECTED] = ColourJudge()
    with app.app_context():
        work.settle()
    engine.worker_main(app, 0, easel.take, easel.advance)
