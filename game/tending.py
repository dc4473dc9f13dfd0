"""What a worker does beside painting: keep its lease, take over from the dead, see that no run is forgotten.

All of it happens in one thread that computes nothing, so it goes on while a run paints.
"""

from __future__ import annotations

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
THOROUGH = 6  # looks between two at all that is open
WEDGED = 1800.0  # seconds; a step takes a few, or with a model to be fetched some minutes: longer, and it hangs
GONE, HANGS = 75, 70  # with which a worker ends that was taken over, or that hangs; it is to be started again


class Tender:
    """A worker's lease, and the thread that keeps it; `leave` ends the process with a status."""

    def __init__(self, app: Flask, name: str, host: str, slot: int, leave: Callable[[int], object] = os._exit) -> None:
        self._app, self.name, self.host, self.slot, self._quit = app, name, host, slot, leave
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tend, name="tending", daemon=True)
        self._astray: set[str] = set()

    def begin(self) -> None:
        """Take the lease and keep it from a thread of this process."""
        from game.rules import machines

        with self._app.app_context():
            machines.arrive(self.name, self.host, self.slot)
        self._thread.start()

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
                    self.look(thorough=looks % THOROUGH == 0)
            except Exception:  # a database that is away for a moment must not end the thread
                log.exception("could not look after the workers")

    def look(self, *, thorough: bool = True) -> None:
        """Renew the lease and take over from whoever is dead; `thorough`: look at all that is open, too."""
        from game.rules import machines, settling

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
        if thorough:
            holders = engine.held()
            machines.vouch(holders)
            self._find_again(holders.get(self.name, []))
            settling.settle()
        self._chores()

    def _chores(self) -> None:
        """Do what one worker of all does now and then; a chore that fails keeps no other waiting."""
        from game.rules import collecting, machines, orders

        for name, every, do in (
            ("orders", timedelta(seconds=BEAT / 2), orders.carry_out),
            ("collecting", timedelta(days=1), collecting.collect),
            ("pruning", timedelta(hours=6), engine.prune),
        ):
            try:
                if machines.due(name, every) and (count := do()):
                    log.info("%s: %d", name, count)
            except Exception:
                log.exception("%s did not go well", name)
                db.session.rollback()

    def _inherit(self, name: str) -> None:
        from game.rules import machines

        jobs = engine.held().get(name, [])
        engine.hand_on(jobs)
        machines.leave(name)
        log.warning("worker %s was not heard of for %.0f s; its runs go on: %s", name, machines.LEASE.total_seconds(),
                    ", ".join(jobs) or "none")  # fmt: skip

    def _find_again(self, jobs: list[str]) -> None:
        """Put back what the engine says is here but is not, and was not at the look before."""
        astray = set(jobs) - engine.in_hand()
        engine.hand_on(sorted(astray & self._astray))
        self._astray = astray
