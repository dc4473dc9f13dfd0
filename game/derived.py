"""What is made from stored things and can be made again at any time: films and cards, kept in PAINTOFF_DATA/cache.

Hosts that share a store make each once for all of them. A shelf holds at most ROOM bytes; what nobody has asked for the
longest goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import current_app

from game import storage

ROOM = 1_000_000_000  # bytes a shelf


def name(facts: Sequence[object], suffix: str) -> str:
    """Return the name of what these facts make: another fact, another name."""
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:40] + suffix


def kept(shelf: str, called: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept on a shelf under a name, or else what `make` returns, which is then kept."""
    path = _path(shelf, called)
    try:
        contents = path.read_bytes()
    except FileNotFoundError:
        contents = _shared(f"{shelf}/{called}", make)
        storage.write(path, contents)
        tidy(shelf, ROOM)
        return contents
    with contextlib.suppress(FileNotFoundError):  # tidied away a moment ago
        os.utime(path)  # asked for just now
    return contents


def _shared(key: str, make: Callable[[], bytes]) -> bytes:
    """Return what another host has made, where hosts share a store, or what `make` returns."""
    if not storage.is_shared():
        return make()
    contents = storage.find_aside(key)
    if contents is None:
        contents = make()
        storage.put_aside(key, contents)
    return contents


def has(shelf: str, called: str) -> bool:
    """Whether something of this name is on the shelf."""
    return _path(shelf, called).exists()


def tidy(shelf: str, room: int) -> None:
    """Drop what was asked for the longest ago until the rest takes at most `room` bytes."""
    files = []
    for path in _root(shelf).glob("*/*"):
        with contextlib.suppress(FileNotFoundError):  # another process tidies, too
            found = path.stat()
            files.append((found.st_mtime_ns, found.st_size, path))
    left = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if left <= room:
            break
        path.unlink(missing_ok=True)
        left -= size


def drop_pictures(name: str) -> None:
    """Forget a stored picture in all its other sizes, and as judges saw it."""
    for path in _root("pictures").glob(f"{name[:2]}/{name[:32]}*"):
        path.unlink(missing_ok=True)


def _root(shelf: str) -> Path:
    return Path(current_app.config["PAINTOFF"].data) / "cache" / shelf


def _path(shelf: str, called: str) -> Path:
    return _root(shelf) / called[:2] / called
