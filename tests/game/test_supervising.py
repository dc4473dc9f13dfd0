"""Keeping children alive, with small Python programs as children."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from game import supervising
from game.supervising import Child, supervise


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def wait_until(holds, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def supervised():
    """Run children in a thread; gives a function that starts it and one that stops it."""
    stop, said, threads = threading.Event(), [], []

    def start(*children: Child, grace: float = 5.0) -> list[str]:
        thread = threading.Thread(target=supervise, args=(children, stop, said.append, grace))
        thread.start()
        threads.append(thread)
        return said

    def end() -> None:
        stop.set()
        for thread in threads:
            thread.join()

    start.end = end
    yield start
    end()


def test_a_dead_child_is_started_again_with_a_growing_delay(tmp_path: Path, supervised, monkeypatch):
    monkeypatch.setattr(supervising, "FIRST_DELAY", 0.05)
    lives = tmp_path / "lives"
    child = Child("mayfly", program(f"open({str(lives)!r}, 'a').write('x'); raise SystemExit(3)"), delay=0.05)
    said = supervised(child)
    wait_until(lambda: lives.exists() and len(lives.read_text()) >= 3)
    supervised.end()
    assert "mayfly ended with status 3" in said[0]
    assert child.delay >= 0.2


def test_all_children_end_when_asked(supervised):
    first = Child("first", program("import time; time.sleep(60)"))
    second = Child("second", program("import time; time.sleep(60)"))
    supervised(first, second)
    wait_until(lambda: first.running() and second.running())
    supervised.end()
    assert not first.running()
    assert not second.running()


def test_a_child_that_ignores_the_end_is_killed(tmp_path: Path, supervised):
    sign = tmp_path / "deaf"
    deaf = Child(
        "deaf",
        program(
            "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            f"pathlib.Path({str(sign)!r}).touch(); time.sleep(60)"
        ),
    )
    supervised(deaf, grace=0.2)
    wait_until(sign.exists)
    supervised.end()
    assert deaf.process.returncode == -signal.SIGKILL


def test_the_second_child_waits_until_the_first_is_ready(tmp_path: Path, supervised):
    sign = tmp_path / "open"
    first = Child("first", program("import time; time.sleep(60)"), ready=sign.exists, wait=60)
    second = Child("second", program("import time; time.sleep(60)"))
    supervised(first, second)
    wait_until(first.running)
    time.sleep(0.3)
    assert second.process is None
    sign.touch()
    wait_until(second.running)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_child_ends_when_its_supervisor_is_killed(tmp_path: Path):
    pid = tmp_path / "pid"
    child = program(
        "import os, pathlib, time; from game.supervising import end_with_parent; end_with_parent();"
        f"pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    parent = subprocess.Popen(
        program(
            "import threading; from game.supervising import Child, supervise;"
            f"supervise([Child('child', {child!r})], threading.Event())"
        )
    )
    wait_until(lambda: pid.exists() and pid.read_text() != "")
    parent.kill()
    parent.wait()
    orphan = int(pid.read_text())
    wait_until(lambda: not alive(orphan))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
