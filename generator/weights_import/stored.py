"""What a file of weights is made of before any of it is read: names, shells of objects, and places of tensors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

DAMAGED = "Its table of tensors is damaged or cut off: fetch the file again"
DTYPES = {
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


class WeightsError(ValueError):
    """Says why a file of weights was not converted, and what to do."""


@dataclass(frozen=True)
class Name:
    """A function or a class that a pickle names; it is never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class Shell:
    """An object without its class; `state` is what a TorchScript module holds, by name."""

    of: Name
    state: dict[Any, Any] | None = None


@dataclass(frozen=True)
class Storage:
    """`count` numbers in a row somewhere in the file, found by `key`."""

    key: str
    dtype: torch.dtype
    count: int

    @property
    def bytes(self) -> int:
        """The length that it has in the file."""
        return self.count * self.dtype.itemsize


@dataclass(frozen=True)
class Stored:
    """A tensor's place in the file; it lies within its storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """What it takes once it is read."""
        return math.prod(self.shape) * self.storage.dtype.itemsize

    def read(self, numbers: bytearray) -> torch.Tensor:
        """Returns the tensor, from its storage's bytes."""
        flat = torch.frombuffer(numbers, dtype=self.storage.dtype)
        return flat.as_strided(self.shape, self.strides, self.offset).clone(memory_format=torch.contiguous_format)


def is_count(value: object) -> bool:
    """Is this a whole number, not below zero?"""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def storage(given: object) -> Storage:
    """Returns what torch describes by ("storage", its class, its key, a device, its length); raises WeightsError."""
    if not isinstance(given, tuple) or len(given) < 5 or given[0] != "storage" or not isinstance(given[1], Name):
        raise WeightsError(DAMAGED)
    _, kind, key, _, count, *view = given
    if kind.name not in DTYPES or any(part is not None for part in view):
        raise WeightsError(f"It keeps numbers in a way that is not read here ({kind}): save it anew as float32")
    if not isinstance(key, str) or not is_count(count):
        raise WeightsError(DAMAGED)
    return Storage(key, DTYPES[kind.name], count)


def tensor(given: tuple[Any, ...]) -> Stored:
    """Returns a tensor's place, from what torch would rebuild it with; raises WeightsError if that is not there."""
    if len(given) < 4 or not isinstance(given[0], Storage) or not all(isinstance(part, tuple) for part in given[2:4]):
        raise WeightsError(DAMAGED)
    kept, offset, shape, strides = given[:4]
    if len(shape) != len(strides) or not all(is_count(number) for number in (offset, *shape, *strides)):
        raise WeightsError(DAMAGED)
    numel = math.prod(shape)
    last = offset + sum((side - 1) * stride for side, stride in zip(shape, strides, strict=True))
    if numel > kept.count or (numel and last >= kept.count):
        raise WeightsError(f"It declares a tensor {shape}, larger than what is stored: fetch the file again")
    return Stored(kept, offset, shape, strides)
