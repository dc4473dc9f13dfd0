"""The store of pictures, drawings and checkpoints: files under PAINTOFF_DATA/objects, named by what is in them.

A name is the SHA-256 of the contents with a suffix, so equal contents are kept once and a file never changes.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from pathlib import Path

from flask import current_app
from PIL import Image

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9.]{1,16}")


class ObjectMissing(LookupError):
    """No object of this name is kept; the message gives the name."""


def root() -> Path:
    """Return the folder of all objects."""
    return Path(current_app.config["PAINTOFF"].data) / "objects"


def put(contents: bytes, suffix: str) -> str:
    """Keep `contents` and return their name, which ends in `suffix` (such as ".png")."""
    name = hashlib.sha256(contents).hexdigest() + suffix
    target = path(name)
    if not target.exists():
        write(target, contents)
    return name


def get(name: str) -> bytes:
    """Return the contents of an object; raises ObjectMissing."""
    try:
        return path(name).read_bytes()
    except FileNotFoundError:
        raise ObjectMissing(name) from None


def picture(name: str) -> Image.Image:
    """Return a picture of the store, RGB; raises ObjectMissing."""
    with Image.open(io.BytesIO(get(name))) as kept:
        return kept.convert("RGB")


def png(picture: Image.Image) -> bytes:
    """Return a picture as a PNG file."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def path(name: str) -> Path:
    """Return where an object lies or would lie; raises ObjectMissing for what cannot be an object's name."""
    if not _NAME.fullmatch(name):
        raise ObjectMissing(name)
    return root() / name[:2] / name


def drop(name: str) -> None:
    """Forget an object; nothing happens when it is gone already."""
    path(name).unlink(missing_ok=True)


def write(target: Path, contents: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing, even after a crash."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
