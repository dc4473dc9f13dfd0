"""What a worker does beside painting: keep its lease, take over from the dead, see that no run is forgotten.

The lease has a thread of its own, which computes nothing and never waits for the rest. Chores have another: what one
worker of all does now and then.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from game import engine
from game.extensions import db

log = logging.getLogger(__name__)
BEAT = 10.0  # seconds between two looks; a lease is a few times as long
THOROUGH = 6  # looks between two at all that is held
SETTLING = timedelta(seconds=30)  # between two looks at all runs that are open
ORDERS = timedelta(seconds=15)  # between two looks at standing orders
WEDGED = 1800.0  # seconds; a step takes a few, or with a model to be fetched some minutes: longer, and it hangs
GONE, HANGS = 75, 70  # with which a worker ends that was taken over, or that hangs; it is to be started again


class Tender:
    """A worker's lease, and the thread that keeps it; `leave` ends the process with a status."""

    def __init__(self, app: Flask, name: str, host: str, slot: int, leave: Callable[[int], object] = os._exit) -> None:
        self._app, self.name, self.host, self.slot, self._quit = app, name, host, slot, leave
        self._stop = threading.Event()
        self._astray: set[str] = set()

    def begin(self) -> None:
        """Take the lease and keep it from a thread of this process, and do chores from another."""
        from game.rules import machines

        with self._app.app_context():
            machines.arrive(self.name, self.host, self.slot)
        for name, keep_on in (("tending", self._tend), ("chores", self._keep_house)):
            threading.Thread(target=keep_on, name=name, daemon=True).start()

    def end(self) -> None:
        """Give the lease up, and what is in the middle to whoever is free."""
        from game.rules import machines

        self._stop.set()
        try:
            with self._app.app_context():
                engine.hand_on(engine.held().get(self.name, []))
                machines.leave(self.name)
        except Exception:  # a database that is away: the lease lapses by itself
            log.exception("could not give the lease up")

    def _tend(self) -> None:
        looks = 0
        while not self._stop.wait(BEAT):
            looks += 1
            try:
                with self._app.app_context():
                    self.look()
                    if looks % THOROUGH == 0:
                        self.look_at_all()
            except Exception:  # a database that is away for a moment must not end the thread
                log.exception("could not look after the workers")

    def _keep_house(self) -> None:
        while not self._stop.wait(BEAT):
            with self._app.app_context():
                self.chores()

    def look(self) -> None:
        """Renew the lease and take over from whoever is dead; ends the process if it hangs or was taken over itself."""
        from game.rules import machines

        if engine.longest_step() > WEDGED:
            log.critical("a step has taken more than %.0f s; this worker hangs and begins anew", WEDGED)
            self._quit(HANGS)
            return
        if not machines.renew(self.name):
            if not self._stop.is_set():
                log.error("this worker was away for longer than its lease and was taken over; it begins anew")
                self._quit(GONE)
            return
        for name in machines.lapsed():
            if machines.win(name):
                self._inherit(name)

    def look_at_all(self) -> None:
        """Find the jobs that are held by nobody: by a worker without a lease, or by this one unknowingly."""
        from game.rules import machines

        holders = engine.held()
        machines.vouch(holders)
        astray = set(holders.get(self.name, ())) - engine.in_hand()
        engine.hand_on(sorted(astray & self._astray))  # not at the first look: it may have been taken a moment ago
        self._astray = astray

    def chores(self) -> None:
        """Do what is due and nobody else does; a chore that fails keeps no other waiting."""
        from game.rules import collecting, machines, orders, settling

        for name, every, do in (
            ("settling", SETTLING, settling.settle),
            ("orders", ORDERS, orders.carry_out),
            ("collecting", timedelta(days=1), collecting.collect),
            ("pruning", timedelta(hours=6), engine.prune),
        ):
            try:
                if machines.due(name, every) and (count := do()):
                    log.info("%s: %d", name, count)
            except Exception:
                log.exception("%s did not go well", name)
                with contextlib.suppress(Exception):  # a connection that is gone cannot be asked to forget, either
                    db.session.rollback()

    def _inherit(self, name: str) -> None:
        from game.rules import machines

        jobs = engine.held().get(name, [])
        engine.hand_on(jobs)
        machines.leave(name)
        log.warning("worker %s was not heard of for %.0f s; its runs go on: %s", name, machines.LEASE.total_seconds(),
                    ", ".join(jobs) or "none")  # fmt: skip
