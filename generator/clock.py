"""How long steps take: by the wall on the CPU, by events on a CUDA device, which is not made to wait for it."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

import torch

AHEAD = 2  # steps that may be under way on the device before the next one begins


class Clock:
    """Counts `seconds` of painting over all starts of a run, and the `pace`, the seconds of a late step.

    On CUDA a step is counted once it is known to be over, which is one or two steps later; `exact` waits for each, as
    a deadline needs.
    """

    def __init__(self, device: torch.device, seconds: float, *, exact: bool) -> None:
        self.seconds, self.pace = seconds, 0.0
        self._cuda, self._exact = device.type == "cuda", exact
        self._under_way: deque[tuple[Any, Any]] = deque()
        self._began = 0.0

    def start(self) -> None:
        """Begins a step."""
        self._began = time.monotonic()
        if self._cuda:
            self._settle(AHEAD - 1)
            self._under_way.append((_recorded(), None))

    def stop(self) -> None:
        """Ends a step."""
        if not self._cuda:
            self._count(time.monotonic() - self._began)
            return
        self._under_way.append((self._under_way.pop()[0], _recorded()))
        if self._exact:
            self._settle(0)

    def finish(self) -> None:
        """Counts all steps, waiting for those under way."""
        self._settle(0)

    def _settle(self, left: int) -> None:
        """Counts the steps under way until so many are left, waiting for them."""
        while len(self._under_way) > left:
            began, ended = self._under_way.popleft()
            ended.synchronize()
            self._count(began.elapsed_time(ended) / 1000)

    def _count(self, seconds: float) -> None:
        self.seconds += seconds
        self.pace = self.pace + (seconds - self.pace) / 4 if self.pace else seconds


def _recorded() -> Any:
    event = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
    event.record()
    return event
