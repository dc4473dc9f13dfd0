"""A worker as `paintoff worker` makes one, but for a painter of lines and the judge of colours: a program for tests.

`python -m tests.game.slow_worker FOLDER LOG [HOST [SLOT]]` works on the data in FOLDER and writes each painted step
into LOG. A run's setting `hang_at` is a step at which it hangs for good.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import timedelta

from PIL import Image

from game import create_app, easel, engine, painting, tending, worker
from game.judging import INJECTED, INJECTED_READER
from game.rules import machines, settling
from tests.fakes import ColourJudge, InkReader

STEP = float(os.environ.get("SLOW_STEP", "0.03"))  # seconds


class Step:
    """An iterate with one more line in its drawing."""

    def __init__(self, step: int, steps: int) -> None:
        self.step, self.steps, self.done = step, steps, step == steps
        self.loss, self.similarity, self.seconds = 1.0 / step, step / steps, step * STEP

    numbers, losses = (0,), (0.0,)

    def picture(self, size: int = 8, candidate: int = 0) -> Image.Image:
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
    return painting.Begun(paint(start, settings["steps"], settings.get("hang_at")), "cpu", lambda order: None)


def paint(start: int, steps: int, hang_at: int | None):
    """Yield the steps, each written down before it counts."""
    for step in range(start + 1, steps + 1):
        if step == hang_at:
            threading.Event().wait()
        time.sleep(STEP)
        with open(sys.argv[2], "a") as log:
            log.write(f"{os.getpid()} {step}\n")
        yield Step(step, steps)


def main(folder: str, host: str, slot: int) -> None:
    """Work, with all times but the painting's so short that a test need not wait."""
    painting.begin, easel.SLICE, easel.KEPT, engine.POLLING = begin, 0.1, 0.3, 0.1
    machines.LEASE, tending.BEAT, tending.THOROUGH = timedelta(seconds=12), 0.5, 3
    tending.SETTLING = timedelta(seconds=1)
    tending.WEDGED = float(os.environ.get("WEDGED", "600"))
    worker.here = lambda: host
    app = create_app({"DATA": folder})
    app.extensions[INJECTED], app.extensions[INJECTED_READER] = ColourJudge(), InkReader()
    with app.app_context():
        settling.settle()
    worker.main(app, slot, easel.take, easel.advance)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else "here", int(sys.argv[4]) if len(sys.argv) > 4 else 0)
