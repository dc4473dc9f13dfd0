"""Keep a few child processes alive until asked to stop, as `paintoff run` does with the web server and the worker."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PARENT = "PAINTOFF_PARENT"  # the supervisor's process id, told to its children
PR_SET_PDEATHSIG = 1  # from linux/prctl.h
FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0  # seconds before a dead child is started again
HEALTHY = 60.0  # a child that lived this many seconds starts again at the first delay


@dataclass
class Child:
    """One process to keep alive: `argv` started with `env` added; `ready` is asked before the next child starts."""

    name: str
    argv: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = bool  # bool() is False: until it exits or the supervisor stops waiting
    wait: float = 0.0  # seconds to wait for `ready` before the next child is started all the same
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = 0.0

    def start(self) -> None:
        """Start the process in a session of its own, so that a Ctrl-C reaches the supervisor alone."""
        env = {**os.environ, **self.env, PARENT: str(os.getpid())}
        self.process = subprocess.Popen(self.argv, env=env, start_new_session=True)
        self.started = time.monotonic()

    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def revive(self, say: Callable[[str], object]) -> None:
        """Start a dead process again, later each time it dies young."""
        now = time.monotonic()
        if self.process is not None:
            lived, code = now - self.started, self.process.returncode
            self.process = None
            self.due = now + (FIRST_DELAY if lived > HEALTHY else self.delay)
            self.delay = FIRST_DELAY if lived > HEALTHY else min(self.delay * 2, LONGEST_DELAY)
            say(f"{self.name} ended with status {code}; it starts again in {self.due - now:.0f} s")
        elif now >= self.due:
            self.start()


def supervise(
    children: Sequence[Child], stop: threading.Event, say: Callable[[str], object] = print, grace: float = 12.0
) -> None:
    """Start `children` in order, revive whichever dies, and return once `stop` is set and all have ended.

    A child gets SIGTERM and `grace` seconds, then SIGKILL: a worker that is wedged must not keep Ctrl-C waiting.
    """
    try:
        for child in children:
            child.start()
            until = time.monotonic() + child.wait
            while child.running() and time.monotonic() < until and not child.ready() and not stop.wait(0.1):
                pass
            if stop.is_set():
                break
        while not stop.wait(0.2):
            for child in children:
                if not child.running():
                    child.revive(say)
    finally:
        _end(children, grace)


def _end(children: Sequence[Child], grace: float) -> None:
    living = [child.process for child in children if child.process is not None and child.running()]
    for process in living:
        process.send_signal(signal.SIGTERM)
    until = time.monotonic() + grace
    for process in living:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop_event() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set; to be called in the main thread."""
    event = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: event.set())
    return event


def end_with_parent() -> None:
    """Let the kernel send this process SIGTERM when its supervisor dies, even by SIGKILL; Linux only, else nothing.

    No thread watches instead: gunicorn's arbiter forks, and a process that forks should have none.
    """
    parent = int(os.environ.get(PARENT, "0"))
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:  # it died before the call above
        os.kill(os.getpid(), signal.SIGTERM)


def command(*words: str) -> list[str]:
    """Return the command line that runs `paintoff` with these words in this very Python."""
    return [sys.executable, "-m", "game.cli", *words]
