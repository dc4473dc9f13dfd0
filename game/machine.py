"""What the processes of the game ask of the machine they run on; nothing here loads a library."""

from __future__ import annotations

import http.client
import os
import socket
from pathlib import Path


def prepare_computing(data: Path, threads: int) -> None:
    """Set how this process computes: `threads` for torch, compiled code kept beside the data.

    To be called before torch and numba are imported, which read this once; what is set already stays. Threads that
    wait must sleep: by default OpenMP's spin, and on a machine that has other work to do a step of a run was seen to
    take a hundred times as long for it.
    """
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(data / "cache" / "numba"))


def cores() -> int:
    """Return how many processor cores this process may use, a container's quota (cgroup v2) included."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, min(allowed, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no such file, or "max": no quota
        return allowed


def port_taken(host: str, port: int) -> bool:
    """Whether something listens at the address already."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return True
    return False


def answers(host: str, port: int) -> bool:
    """Whether the game answers at the address."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
