"""The store of pictures, drawings and checkpoints: files under PAINTOFF_DATA/objects, or objects in a bucket.

A name is the SHA-256 of the contents with a suffix, so equal contents are kept once and an object never changes. Things
that can be made again are kept aside, under names of their own. PAINTOFF_STORE names a bucket that all hosts share.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flask import current_app
from PIL import Image

if TYPE_CHECKING:
    from game.settings import Settings

MADE = "paintoff.store"  # in app.extensions
ASIDE = "aside"  # the folder of a bucket for what can be made again
_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9.]{1,16}")
_FULL = (errno.ENOSPC, errno.EDQUOT)


class ObjectMissing(LookupError):
    """No object of this name is kept; the message gives the name."""


class StoreTrouble(OSError):
    """The store takes or gives nothing at the moment; the message says why and what to do."""


class Store(Protocol):
    """Where objects lie, by keys of plain words and slashes."""

    def put(self, key: str, contents: bytes) -> None:
        """Keep contents; a key that is there already counts as new again."""

    def get(self, key: str) -> bytes:
        """Return contents; raises FileNotFoundError."""

    def drop(self, key: str) -> None:
        """Forget a key, if it is there."""

    def keys(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Yield the keys below a folder, and when each was kept last."""

    def room(self) -> int | None:
        """Return the bytes that are free, None where nobody can tell."""

    def describe(self) -> str:
        """Return where it is, for people."""


class Disk:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, contents: bytes) -> None:
        target = self._folder / key
        with contextlib.suppress(FileNotFoundError):
            os.utime(target)
            return
        try:
            write(target, contents)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            told = f"There is no space left on the disk of {self._folder}. Make room there."
            raise StoreTrouble(error.errno, told) from None

    def get(self, key: str) -> bytes:
        return (self._folder / key).read_bytes()

    def drop(self, key: str) -> None:
        (self._folder / key).unlink(missing_ok=True)

    def keys(self, folder: str) -> Iterator[tuple[str, datetime]]:
        for path in (self._folder / folder).rglob("*"):
            with contextlib.suppress(FileNotFoundError):  # dropped meanwhile
                if path.is_file() and not path.name.startswith("."):
                    kept = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield path.relative_to(self._folder).as_posix(), kept

    def room(self) -> int | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._folder).free

    def describe(self) -> str:
        return str(self._folder)


def current() -> Store:
    """Return the store of the settings; made at first use in a process."""
    made: Store | None = current_app.extensions.get(MADE)
    if made is None:
        chosen: Settings = current_app.config["PAINTOFF"]
        if chosen.store:
            from game.bucket import Bucket

            made = Bucket(chosen.store)
        else:
            made = Disk(root())
        current_app.extensions[MADE] = made
    return made


def root() -> Path:
    """Return the folder of all objects, where they lie on the disk."""
    return Path(current_app.config["PAINTOFF"].data) / "objects"


def put(contents: bytes, suffix: str) -> str:
    """Keep `contents` and return their name, which ends in `suffix` (such as ".png"); raises StoreTrouble."""
    name = hashlib.sha256(contents).hexdigest() + suffix
    current().put(_key(name), contents)
    return name


def get(name: str) -> bytes:
    """Return the contents of an object; raises ObjectMissing and StoreTrouble."""
    try:
        return current().get(_key(name))
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
    """Return where an object lies or would lie on the disk; raises ObjectMissing for what cannot be a name."""
    return root() / _key(name)


def drop(name: str) -> None:
    """Forget an object; nothing happens when it is gone already."""
    current().drop(_key(name))


def names() -> Iterator[tuple[str, datetime]]:
    """Yield the names of all objects, and when each was kept last."""
    for key, kept in current().keys(""):
        name = key.rsplit("/", 1)[-1]
        if _NAME.fullmatch(name) and key == _key(name):
            yield name, kept


def check() -> None:
    """Raise what keeping anything would raise now."""
    current().drop(".ready")
    current().put(".ready", b"ready")


def is_shared() -> bool:
    """Whether the objects lie where other hosts see them, too."""
    return bool(current_app.config["PAINTOFF"].store)


def put_aside(key: str, contents: bytes) -> None:
    """Keep what can be made again, under a key of its own."""
    current().put(f"{ASIDE}/{key}", contents)


def find_aside(key: str) -> bytes | None:
    """Return what is kept aside under a key, if anything is."""
    try:
        return current().get(f"{ASIDE}/{key}")
    except FileNotFoundError:
        return None


def tidy_aside(before: datetime) -> None:
    """Forget what was kept aside before a moment."""
    for key, kept in list(current().keys(ASIDE)):
        if kept < before:
            current().drop(key)


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


def _key(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ObjectMissing(name)
    return f"{name[:2]}/{name}"
