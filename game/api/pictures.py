"""Pictures as answers: in any size, kept by browsers for as long as they like unless few may see them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Response, current_app, request
from PIL import Image

from game import judging, storage
from game.models import Entry
from game.rules import beginnings, players

FULL = 512  # px: the size that is stored and judged
YEAR = 365 * 24 * 3600  # s


def send(name: str, size: int, public: bool) -> Response:
    """Answer with a stored picture, `size` px a side; `public` when anybody may see it."""
    if size == FULL:
        return _answer(f"{name[:32]}-{size}", public, lambda: storage.get(name))
    return _answer(f"{name[:32]}-{size}", public, lambda: _resized(name, size))


def send_seen(name: str, judge: str, public: bool) -> Response:
    """Answer with a stored picture as a judge saw it."""
    tag = f"{name[:32]}-seen-{players.digest(judge)[:12]}"
    return _answer(tag, public, lambda: _kept(tag, lambda: judging.named(judge).seen_as(storage.picture(name))))


def send_beginning(entry: Entry, public: bool) -> Response:
    """Answer with what stood on the sheet after the first strokes of an entry; raises Missing where there are none."""
    tag = f"{entry.picture[:32]}-beginning-{beginnings.EDITION}"
    return _answer(tag, public, lambda: _kept(tag, lambda: beginnings.picture(entry)))


def keep(response: Response, public: bool) -> None:
    """Say how long an answer that never changes may be kept, and by whom."""
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if public else "private, no-store"


def _answer(tag: str, public: bool, contents: Callable[[], bytes]) -> Response:
    if tag in request.if_none_match:
        response = Response(status=304)
    else:
        response = Response(contents(), mimetype="image/png")
    response.set_etag(tag)
    keep(response, public)
    return response


def _resized(name: str, size: int) -> bytes:
    return _kept(f"{name[:64]}-{size}", lambda: storage.picture(name).resize((size, size), Image.Resampling.LANCZOS))


def _kept(key: str, make: Callable[[], Image.Image]) -> bytes:
    """A derived picture, kept beside the stored ones; it can be made again at any time."""
    path = Path(current_app.config["PAINTOFF"].data) / "cache" / "pictures" / key[:2] / f"{key}.png"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        contents = storage.png(make())
        storage.write(path, contents)
        return contents
