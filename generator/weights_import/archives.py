"""The three ways in which torch has written weights to a file, read without torch: zip, TorchScript, and before 1.6.

A storage's bytes are read only when they are asked for, so what is dropped from a checkpoint costs nothing.
"""

from __future__ import annotations

import io
import mmap
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from generator.weights_import import machine
from generator.weights_import.stored import Shell, Storage, Stored, WeightsError

MOST_TABLE = 64 << 20  # bytes of an archive's pickle; a checkpoint with its optimiser has about one megabyte
MOST_MODULES = 20_000
MAGIC = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."  # the first pickle of a file before torch 1.6
CUT = "The file is cut off: fetch it again"
FOREIGN = (  # how files begin that are none of torch's, and what they are
    (b"\x1f\x8b", "It is compressed with gzip: unpack it first"),
    (b"\x80", "It is a pickle, but not one of torch's: only what torch.save wrote is read"),
    (b"version https://git-lfs", "It is a Git LFS pointer, not the file: fetch the file itself with `git lfs pull`"),
    (b"<", "It is a web page, not weights: the address that it came from is dead or asks for a click. Fetch it anew"),
)  # fmt: skip


class Archive(Protocol):
    """An open file of weights: `form` says how it was written, `root` is what its pickle describes."""

    form: str
    root: object

    def storage(self, wanted: Storage) -> bytearray:
        """Returns a storage's bytes; raises WeightsError if the file does not have them."""
        ...


class Zipped:
    """A zip archive: one pickle, and each storage a member of its own."""

    def __init__(self, file: zipfile.ZipFile, size: int) -> None:
        self.file, self.size = file, size
        tables = [name for name in file.namelist() if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(tables) != 1:
            raise WeightsError("It is a zip archive, but not one of torch's: if weights lie in it, unpack it first")
        self.folder = tables[0].removesuffix("data.pkl")
        self.form = "TorchScript archive" if f"{self.folder}constants.pkl" in file.namelist() else "torch archive"
        if f"{self.folder}byteorder" in file.namelist() and self._member("byteorder", 16) != b"little":
            raise WeightsError("It was written on a big-endian machine: save it anew on another")
        self.root, _ = machine.read(io.BytesIO(self._member("data.pkl", MOST_TABLE)))

    def storage(self, wanted: Storage) -> bytearray:
        """Returns the bytes of `data/KEY`, whose checksum is checked."""
        found = self._member(f"data/{wanted.key}", wanted.bytes)
        if len(found) != wanted.bytes:
            raise WeightsError(f"data/{wanted.key} in it has {len(found)} bytes, not {wanted.bytes}: fetch it again")
        return bytearray(found)

    def _member(self, name: str, most: int) -> bytes:
        """Returns a member's bytes; torch compresses none that matters, so that none can grow when it is read."""
        try:
            info = self.file.getinfo(self.folder + name)
        except KeyError:
            raise WeightsError(f"{self.folder}{name} is missing in it: fetch the file again") from None
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > min(most, self.size):
            raise WeightsError(f"{info.filename} in it is compressed or too large, unlike torch's: do not trust it")
        try:
            return self.file.read(info)
        except (zipfile.BadZipFile, EOFError, RuntimeError) as error:  # RuntimeError: it is encrypted
            raise WeightsError(f"{info.filename} in it cannot be read ({error}): fetch the file again") from error


class Old:
    """A file from before torch 1.6: five pickles, then the storages one after the other."""

    form = "torch file from before 1.6"

    def __init__(self, file: mmap.mmap) -> None:
        self.file = file
        for _ in range(3):  # a magic number, a version, the byte order and sizes of the machine
            head, _ = machine.read(file)
        if not isinstance(head, dict) or head.get("little_endian") is not True:
            raise WeightsError("It was written on a big-endian machine: save it anew on another")
        self.root, storages = machine.read(file)
        keys, _ = machine.read(file)
        self.places: dict[str, int] = {}
        for key in keys if isinstance(keys, list) else ():
            if not isinstance(key, str) or key not in storages:
                raise WeightsError("Its list of storages names one that is not there: fetch the file again")
            begin = file.tell() + 8
            if int.from_bytes(file.read(8), "little") != storages[key].count or begin + storages[key].bytes > len(file):
                raise WeightsError(CUT)
            self.places[key] = begin
            file.seek(begin + storages[key].bytes)

    def storage(self, wanted: Storage) -> bytearray:
        """Returns a storage's bytes."""
        if wanted.key not in self.places:
            raise WeightsError(CUT)
        begin = self.places[wanted.key]
        return bytearray(self.file[begin : begin + wanted.bytes])


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Opens a file that torch wrote, in whichever way; raises WeightsError that says what it is instead."""
    with path.open("rb") as file:
        head = file.read(64)
        size = path.stat().st_size
        if head.startswith(b"PK\x03\x04"):
            try:
                members = zipfile.ZipFile(file)
            except (zipfile.BadZipFile, NotImplementedError, OSError) as error:  # the list of members is at the end
                raise WeightsError(f"{CUT} ({size} bytes are here)") from error
            yield Zipped(members, size)
        elif head.startswith(MAGIC):
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                yield Old(whole)
        else:
            raise WeightsError(foreign(head))


def foreign(head: bytes) -> str:
    """Says what a file is that torch has not written, by its first bytes."""
    if head[8:9] == b"{":
        return "It is safetensors already and needs no conversion: name it as it is"
    if not head:
        return "It is empty: fetch it again"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known = next((what for mark, what in FOREIGN if start.startswith(mark)), None)
    return known or f"It is not a file that torch.save wrote (it begins with {head[:12]!r}): is it the right one?"


def tensors(archive: Archive) -> dict[str, Stored]:
    """Returns the places of all tensors by name: those of the state dict, or of a TorchScript module and its parts."""
    root = archive.root
    if isinstance(root, Shell):
        if root.state is None:
            raise WeightsError(f"It holds a whole {root.of}, not a state dict: save its state_dict() where it loads")
        return dict(_parts(root))
    if isinstance(root, dict) and isinstance(root.get("state_dict"), dict):
        root = root["state_dict"]
    if not isinstance(root, dict):
        raise WeightsError("It holds no state dict: save one with torch.save(model.state_dict(), FILE)")
    return {name: found for name, found in root.items() if isinstance(name, str) and isinstance(found, Stored)}


def _parts(root: Shell) -> Iterator[tuple[str, Stored]]:
    waiting, seen = [("", root)], 0
    while waiting:
        prefix, module = waiting.pop()
        seen += 1
        if seen > MOST_MODULES:
            raise WeightsError("Its modules hold each other without end: it is no file of weights")
        for name, value in (module.state or {}).items():
            if isinstance(value, Stored):
                yield f"{prefix}{name}", value
            elif isinstance(value, Shell):
                waiting.append((f"{prefix}{name}.", value))
