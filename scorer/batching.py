"""Micro-batching: what many threads ask for at the same time is encoded together.

A model reads its weights once for a batch, whether that holds one picture or thirty.  So one thread encodes, and
while it does, whatever comes in waits; the next batch is all that waits by then.  Nothing is held back on purpose: a
lone request is encoded at once.  (The idea is Clipper's adaptive batching, Crankshaw et al., NSDI 2017, without its
delay: under load the encoding itself is the time in which a batch gathers.)

One thread also means one pool of OpenMP threads; a pool for each caller would have the cores fight.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scorer.encoder import ScorerError

LONGEST_RETRY = 60  # s
Encode = Callable[[Sequence[Any]], np.ndarray]  # n things to n rows


class Overloaded(ScorerError):
    """More is asked of the judge than it can do in time; `retry_after` is in whole seconds, at least 1."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limits:
    """How much is encoded at once, how much may wait (both in things), and for how many seconds it may wait."""

    batch: int = 32
    waiting: int = 512
    seconds: float = 20.0


@dataclass(eq=False)
class Batch:
    """What one caller wants encoded, and where the rows, or why there are none, are put."""

    encode: Encode
    things: Sequence[Any]
    done: threading.Event = field(default_factory=threading.Event)
    rows: np.ndarray | None = None
    error: Exception | None = None


class Batcher:
    """Encodes for many threads, together what waits together; safe to share, its own thread begins at first use."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._changed = threading.Condition()
        self._queue: deque[Batch] = deque()
        self._pace = 0.0  # seconds a thing, a running mean
        self._thread: threading.Thread | None = None

    def rows(self, encode: Encode, things: Sequence[Any]) -> np.ndarray:
        """Return the rows (n, d) that `encode` makes of n things, n at least 1; asked together, encoded together.

        Many things go a batch at a time, so that others get their turn in between.  Raises Overloaded when too much
        waits already or the deadline passes, and whatever `encode` raises.
        """
        size = self.limits.batch
        parts = [self._wait(self._put(encode, things[i : i + size])) for i in range(0, len(things), size)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def waiting(self) -> int:
        """Return how many things wait."""
        with self._changed:
            return self._count()

    def _put(self, encode: Encode, things: Sequence[Any]) -> Batch:
        asked = Batch(encode, things)
        with self._changed:
            waiting = self._count()
            # What is larger than the whole queue is let into an empty one: it could never come in otherwise.
            if waiting and waiting + len(things) > self.limits.waiting:
                raise Overloaded(f"{waiting} pictures or texts wait for the judge already", self._retry_after(waiting))
            self._queue.append(asked)
            if self._thread is None or not self._thread.is_alive():  # the first call, or the first after a fork
                self._thread = threading.Thread(target=self._work, name="judge", daemon=True)
                self._thread.start()
            self._changed.notify()
        return asked

    def _wait(self, asked: Batch) -> np.ndarray:
        if not asked.done.wait(self.limits.seconds):
            self._give_up(asked)
            asked.done.wait()  # it is being encoded, which takes as long as it takes
        if asked.error is not None:
            raise asked.error
        assert asked.rows is not None
        return asked.rows

    def _give_up(self, asked: Batch) -> None:
        with self._changed:
            if asked in self._queue:
                self._queue.remove(asked)
                told = f"the judge did not get to it in {self.limits.seconds:g} s"
                raise Overloaded(told, self._retry_after(self._count()))

    def _work(self) -> None:
        while True:
            self._encode(self._take())

    def _take(self) -> list[Batch]:
        """Wait for work and return what is to be encoded together: what waits, of the kind of the oldest."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._queue))
            taken = [self._queue.popleft()]
            size, later = len(taken[0].things), deque[Batch]()
            for asked in self._queue:
                fits = asked.encode == taken[0].encode and size + len(asked.things) <= self.limits.batch
                (taken if fits else later).append(asked)
                size += len(asked.things) if fits else 0
            self._queue = later
            return taken

    def _encode(self, taken: list[Batch]) -> None:
        things = [thing for asked in taken for thing in asked.things]
        began = time.perf_counter()
        try:
            rows = taken[0].encode(things)
            if len(rows) != len(things):
                raise RuntimeError(f"{len(things)} things became {len(rows)} rows")
        except Exception as error:  # whoever asked has to hear of it, whatever it is
            if len(taken) > 1:  # but nobody of another's: each by itself
                for asked in taken:
                    self._encode([asked])
                return
            taken[0].error = error
        else:
            pace = (time.perf_counter() - began) / len(things)
            self._pace = 0.8 * self._pace + 0.2 * pace if self._pace else pace
            start = 0
            for asked in taken:
                asked.rows = rows[start : start + len(asked.things)]
                start += len(asked.things)
        for asked in taken:
            asked.done.set()

    def _count(self) -> int:
        return sum(len(asked.things) for asked in self._queue)

    def _retry_after(self, waiting: int) -> int:
        return min(LONGEST_RETRY, max(1, math.ceil(waiting * self._pace)))
