"""Follow the events of runs: one thread per process reads new rows and wakes everyone who waits.

The cost is per process, not per viewer, and any number of web processes may do it side by side, because the table of
events is the truth and this is only a way to hear of it soon.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

log = logging.getLogger(__name__)


class Event(Protocol):
    """A row of a run's history; ids grow within a run."""

    id: int
    run_id: str
    kind: str
    data: Mapping[str, Any]


class Subscription:
    """What one viewer has yet to be told of one run."""

    def __init__(self, run_id: str, after: int, changed: threading.Condition) -> None:
        self.run_id = run_id
        self.last = after  # id of the last event put into the queue
        self._queue: deque[Event] = deque()
        self._changed = changed

    def put(self, event: Event) -> None:
        """Queue an event unless the viewer has it already; the caller holds the condition."""
        if event.run_id == self.run_id and event.id > self.last:
            self.last = event.id
            self._queue.append(event)

    def take(self, timeout: float) -> list[Event]:
        """Return what is new, waiting at most `timeout` seconds for it; empty when nothing came."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._queue), timeout)
            events = list(self._queue)
            self._queue.clear()
            return events


class Tail:
    """Hands new events to at most `capacity` subscriptions; `read(positions)` fetches them.

    `positions` maps a run's id to the last event id known of it. Positions are kept per run, since ids are only sure
    to become visible in order within one run, which one worker at a time writes.
    """

    def __init__(
        self, read: Callable[[Mapping[str, int]], Sequence[Event]], capacity: int = 24, every: float = 0.5
    ) -> None:
        self.closed = False
        self._read, self._capacity, self._every = read, capacity, every
        self._changed = threading.Condition()
        self._subscriptions: list[Subscription] = []
        self._thread: threading.Thread | None = None

    @contextmanager
    def subscribe(self, run_id: str, after: int) -> Iterator[Subscription | None]:
        """Follow a run from the event with id `after` on; gives None when no place is left or the tail is closed."""
        subscription = Subscription(run_id, after, self._changed)
        with self._changed:
            if self.closed or len(self._subscriptions) >= self._capacity:
                subscription = None
            else:
                self._subscriptions.append(subscription)
                self._start()
                self._changed.notify_all()
        try:
            yield subscription
        finally:
            with self._changed:
                if subscription is not None:
                    self._subscriptions.remove(subscription)

    def close(self) -> None:
        """Take no more subscriptions and say so in `closed`, which a stream looks at between two short waits.

        Called from a signal handler, in which taking the condition could wait for the very code it interrupted.
        """
        self.closed = True

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._follow, name="run-events", daemon=True)
            self._thread.start()

    def _follow(self) -> None:
        while not self.closed:
            with self._changed:
                if not self._subscriptions:
                    self._changed.wait(60)
                positions: dict[str, int] = {}
                for subscription in self._subscriptions:
                    known = positions.get(subscription.run_id, subscription.last)
                    positions[subscription.run_id] = min(known, subscription.last)
            if positions:
                self._hand_out(positions)
                time.sleep(self._every)

    def _hand_out(self, positions: Mapping[str, int]) -> None:
        try:
            events = self._read(positions)
        except Exception:  # a database that is away for a moment must not end the only thread that follows it
            log.exception("could not read the events of runs")
            return
        with self._changed:
            for event in events:
                for subscription in self._subscriptions:
                    subscription.put(event)
            if events:
                self._changed.notify_all()
