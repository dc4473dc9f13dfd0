"""What is kept of a run while it goes on: pictures for a film and checkpoints, made beside the painting."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from PIL import Image

from generator.iterate import Iterate

WAITING = 2  # iterates that may wait to be pictures, which each hold a copy of the latent


class Recorder:
    """A thread that renders and writes while the run goes on; leaving it waits for what is under way."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "recorder")
        self._frames: list[Future[Image.Image]] = []
        self._under_way: deque[Future[Any]] = deque()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown()

    def film(self, iterate: Iterate, size: int) -> None:
        """Takes an iterate's picture, `size` px a side, for the film."""
        frame = self._thread.submit(iterate.picture, size)
        self._frames.append(frame)
        self._follow(frame)

    def keep(self, iterate: Iterate, path: Path) -> None:
        """Writes an iterate's checkpoint, whole or not at all; raises OSError here or at a later call if it cannot."""
        self._follow(self._thread.submit(_write, iterate, path))

    def frames(self) -> list[Image.Image]:
        """Returns the film's pictures, in order, once all is rendered and written."""
        self._settle(0)
        return [frame.result() for frame in self._frames]

    def _follow(self, job: Future[Any]) -> None:
        self._under_way.append(job)
        self._settle(WAITING)

    def _settle(self, left: int) -> None:
        while len(self._under_way) > left:
            self._under_way.popleft().result()


def _write(iterate: Iterate, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(iterate.checkpoint())
    os.replace(part, path)
