"""`paintoff run` as a person meets it: it opens its port, keeps its processes alive, and Ctrl-C ends all of them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PATIENCE = 120  # seconds; a busy machine loads its libraries slowly


class Game:
    """A running `paintoff run` on a free port."""

    def __init__(self, data: Path, log: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log
        environment = {**os.environ, "PAINTOFF_DATA": str(data), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        with log.open("w") as out:
            words = [sys.executable, "-m", "game.cli", "run"]
            self.process = subprocess.Popen(words, env=environment, stdout=out, stderr=out, start_new_session=True)

    def get(self, path: str):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def children(self) -> list[int]:
        """The process ids of the server and the worker, not of what these start."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in tasks.read_text().split()]

    def wait_until(self, holds) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return self.get("/healthz").status == 200
        except (urllib.error.URLError, OSError):
            return False

    def says(self, words: str) -> bool:
        return words in self.log.read_text()


@pytest.fixture
def start(tmp_path):
    games = []

    def start():
        games.append(Game(tmp_path / "data", tmp_path / f"log-{len(games)}"))
        return games[-1]

    yield start
    for game in games:
        if game.process.poll() is None:
            game.process.terminate()
            game.process.wait(60)


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc, which only Linux has")
def test_a_session_of_play_from_the_first_start_to_ctrl_c_and_again(start):
    game = start()
    game.wait_until(lambda: game.says("waiting for runs"))
    assert game.says(f"Paint-Off is at http://127.0.0.1:{game.port}/")
    assert game.says("/admin/login?key=")
    assert len(json.load(game.get("/api/v1/prompts?limit=100"))["items"]) >= 50

    web, worker = game.children()
    os.kill(worker, signal.SIGKILL)
    game.wait_until(lambda: game.says("worker 0 ended with status -9"))
    game.wait_until(lambda: len(game.children()) == 2 and worker not in game.children())
    game.wait_until(lambda: game.log.read_text().count("waiting for runs") == 2)
    assert game.answers(), "the server did not mind"

    children = game.children()
    game.process.send_signal(signal.SIGINT)
    assert game.process.wait(30) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in [web, *children])
    assert "Traceback" not in game.log.read_text()

    again = start()
    again.wait_until(again.answers)
    assert again.get("/").status == 200


def test_a_taken_port_is_said_and_another_proposed(start, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "PAINTOFF_DATA": str(tmp_path), "PORT": str(port)}
        words = [sys.executable, "-m", "game.cli", "run"]
        told = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert f"{port} is taken" in told.stderr
    assert f"PORT={port + 1}" in told.stderr
