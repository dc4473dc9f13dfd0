"""`python -m scorer.serve`: the judge as a service, for the game's PAINTOFF_JUDGE_URL.

    python -m scorer.serve --judge ViT-L-14:openai --host 0.0.0.0         one process, one device
    python -m scorer.serve --judge ViT-L-14:openai --replicas 1-8 --gpus 1  Ray Serve, as many as are needed

The second needs the extra `[cluster]`.  What a replica answers, and how it batches what waits, is the same code either
way (`protocol`, `batching`); Ray starts replicas, shares calls out among them, and adds and ends some with the load.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import scorer
from scorer import protocol
from scorer.embedder import ENGINES, TORCH
from scorer.server import Server

HOST, PORT = "127.0.0.1", 8100
ONGOING = 64  # calls that a replica works on, which is what its batches are made of
QUEUED = 512  # calls that wait for a replica; more are answered 503


@dataclass(frozen=True)
class Cluster:
    """How many replicas serve: at least `low` and at most `high`, each with `gpus` GPUs (a share of one will do)."""

    low: int
    high: int
    gpus: float


def application(spec: str, keep: Path | None, cluster: Cluster, engine: str = TORCH) -> Any:
    """Return the judge as a Ray Serve application; raises ImportError without Ray."""
    from ray import serve
    from starlette.requests import Request
    from starlette.responses import Response

    class Replica:
        """A judge in a process of its own; Ray starts and ends it."""

        def __init__(self) -> None:
            self.judge = scorer.load(spec, keep=keep, engine=engine)
            self.threads = ThreadPoolExecutor(ONGOING)

        async def __call__(self, request: Request) -> Response:
            """Answer a call in a thread: calls that wait there together are encoded together."""
            named = request.query_params.get("judge")
            given = (self.judge, request.method, request.url.path, named, await request.body())
            found = await asyncio.get_running_loop().run_in_executor(self.threads, protocol.answer, *given)
            headers = {} if found.retry_after is None else {"Retry-After": str(found.retry_after)}
            return Response(found.body, found.status, headers, found.media)

    return serve.deployment(
        name="judge",
        max_ongoing_requests=ONGOING,
        max_queued_requests=QUEUED,
        ray_actor_options={"num_gpus": cluster.gpus},
        autoscaling_config={
            "min_replicas": cluster.low,
            "max_replicas": cluster.high,
            "target_ongoing_requests": ONGOING // 2,
        },
    )(Replica).bind()


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; return 1 when the judge cannot be loaded or Ray is not there."""
    chosen = _parser().parse_args()
    # Both said aloud: what a shell starts in the background ignores SIGINT otherwise.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    try:
        if chosen.replicas is None:
            _serve_alone(chosen)
        else:
            _serve_with_ray(chosen)
    except (scorer.ScorerError, OSError) as error:
        print(f"scorer.serve: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"scorer.serve: {error}. Replicas need Ray: pip install -r requirements-cluster.lock", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _serve_alone(chosen: argparse.Namespace) -> None:
    judge = scorer.load(chosen.judge, chosen.device, chosen.keep, chosen.engine)
    with Server(judge, chosen.host, chosen.port) as server:
        print(f"{judge.spec} is at http://{chosen.host}:{server.server_port}", flush=True)
        server.serve_forever()


def _serve_with_ray(chosen: argparse.Namespace) -> None:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a judge tells nobody outside how it is used
    from ray import serve

    low, high = chosen.replicas
    serve.start(http_options={"host": chosen.host, "port": chosen.port})
    serve.run(
        application(chosen.judge, chosen.keep, Cluster(low, high, chosen.gpus), chosen.engine), name="paintoff-judge"
    )
    print(f"{chosen.judge} is at http://{chosen.host}:{chosen.port}", flush=True)
    try:
        while True:
            time.sleep(3600)
    finally:
        serve.shutdown()


def replicas(written: str) -> tuple[int, int]:
    """Return the least and the greatest number of replicas from "4" or "1-8"."""
    low, _, high = written.partition("-")
    if not (low.isdigit() and (high or low).isdigit() and 1 <= int(low) <= int(high or low)):
        raise argparse.ArgumentTypeError(f"{written!r} is no number of replicas: write 4, or 1-8")
    return int(low), int(high or low)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scorer.serve", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("--judge", default="embedded:main", help="embedded:NAME, ARCH:TAG or ARCH:/path (embedded:main)")
    add("--device", help="such as cpu or cuda:0; without, the best there is")
    add(
        "--engine", choices=list(ENGINES), default=TORCH, help="what looks at pictures: torch, or onnx or bf16 on a CPU"
    )
    add("--host", default=HOST, help=f"the address to listen at ({HOST}: this machine alone)")
    add("--port", type=int, default=PORT, help=f"the port to listen at ({PORT})")
    add("--keep", type=Path, help="a folder for the background of a judge that ships none")
    add("--replicas", type=replicas, metavar="LOW-HIGH", help="serve by Ray, with so many processes")
    add("--gpus", type=float, default=0.0, help="GPUs for each replica (0)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
