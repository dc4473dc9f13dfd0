"""The command that serves a judge; by Ray only where the extra [cluster] is installed, as in CI."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import scorer
from scorer.remote import Connection, connect
from tests.scorer.test_encoder import cat

ROOT = Path(__file__).resolve().parents[2]
QUIET = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def served(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address at which a process serves embedded:main, until this signal ends it."""
    words = [sys.executable, "-m", "scorer.serve", "--port", "0"]
    with subprocess.Popen(words, cwd=ROOT, env=QUIET, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address, said
        try:
            yield address[0]
            process.send_signal(request.param)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_one_process_serves(served: str) -> None:
    far, near = connect(Connection(served), "embedded:main"), scorer.load("embedded:main", "cpu")
    assert far.score(cat(), "a cat").similarity == pytest.approx(near.score(cat(), "a cat").similarity, abs=1e-4)


@pytest.mark.parametrize(("words", "says"), [(["--judge", "nonsense"], "embedded:NAME"), (["--replicas", "0"], "1-8")])
def test_what_cannot_be_served_says_why(words: list[str], says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scorer.serve", *words], cwd=ROOT, env=QUIET, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_ray_serves_the_same_judge() -> None:
    ray = pytest.importorskip("ray", reason="Ray is not installed; to run this: make extras")
    from ray import serve

    from scorer.serve import Cluster, application

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"env_vars": {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}}
    ray.init(num_cpus=1, include_dashboard=False, runtime_env=environment)
    try:
        serve.start(http_options={"host": "127.0.0.1", "port": port})
        serve.run(application("embedded:main", None, Cluster(1, 2, 0.0)), name="judge")
        far, near = connect(Connection(f"http://127.0.0.1:{port}"), "embedded:main"), scorer.load("embedded:main")
        pictures = [cat(512, colour) for colour in ("black", "red", "blue", "green")] * 4
        with ThreadPoolExecutor(8) as pool:
            rows = list(pool.map(lambda picture: far.embed_images([picture])[0], pictures))
        np.testing.assert_allclose(np.stack(rows), near.embed_images(pictures), atol=1e-4)
    finally:
        serve.shutdown()
        ray.shutdown()
