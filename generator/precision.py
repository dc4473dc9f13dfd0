"""Half the bits where a GPU is fast with them: bfloat16 in networks on CUDA, float32 for all that is compared."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional

if TYPE_CHECKING:
    from scorer import Encoder

HALVED = "cuda"  # the kind of device


def half(device: torch.device) -> AbstractContextManager[Any]:
    """Inside it a network computes in bfloat16 if the device is a GPU; on the CPU nothing changes."""
    return torch.autocast(HALVED, torch.bfloat16) if device.type == HALVED else nullcontext()


def packed(pictures: Tensor) -> Tensor:
    """Returns the same pictures (b, c, h, w) on a GPU with their channels last in memory, as its convolutions like."""
    if pictures.device.type != HALVED or pictures.ndim != 4:
        return pictures
    return pictures.contiguous(memory_format=torch.channels_last)


class Halved:
    """An encoder that looks at pictures in bfloat16 and answers in float32; everything else is the encoder's own."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_images(self, pixels: Tensor) -> Tensor:
        """Returns unit rows (n, d) for pictures (n, 3, h, w)."""
        with half(pixels.device):
            rows = self._encoder.encode_images(packed(pixels))
        return functional.normalize(rows.float(), dim=-1)

    def activations(self, pixels: Tensor, layer: str) -> tuple[Tensor, Tensor]:
        """Returns unit rows (n, d), and what a layer put out on the way, (n, channels, places)."""
        with half(pixels.device):
            rows, found = self._encoder.activations(packed(pixels), layer)
        return functional.normalize(rows.float(), dim=-1), found.float()


def quick(encoder: Encoder) -> Encoder:
    """Returns the encoder as it is on the CPU, and with its image tower in bfloat16 on a GPU."""
    return Halved(encoder) if encoder.device.type == HALVED else encoder  # type: ignore[return-value]
