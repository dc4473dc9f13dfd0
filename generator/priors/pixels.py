"""The pixels prior: a plain grid of pixels, nothing between the guide and the picture but decorrelated colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from generator.own import PixelsSettings
from generator.priors import Latent
from generator.priors.colours import painted, unpainted, within

NOISE = 0.3  # how far the first pixels differ from grey


class Pixels:
    """The latent `pixels` (b, 3, n, n) holds a grid's colours along the axes of `colours`."""

    def __init__(self, settings: PixelsSettings, size: int) -> None:
        self.settings = settings
        self.side = settings.grid or size

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Draws every pixel by itself, near grey."""
        return {"pixels": NOISE * torch.randn(candidates, 3, self.side, self.side, generator=rng)}

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:  # noqa: ARG002
        """Takes the pictures' colours; a grid that is coarser takes their mean."""
        latent = {"pixels": scaled(unpainted(pictures), self.side)}
        self.keep(latent)
        return latent

    def rates(self) -> Mapping[str, float]:
        """Returns how far a pixel moves along an axis."""
        return {"pixels": self.settings.pixel_rate}

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:  # noqa: ARG002
        """Returns the pictures: smooth between pixels, or squares of one colour where the settings ask for a grid."""
        pixels = latent["pixels"]
        if self.settings.grid and size > self.side:
            return functional.interpolate(painted(pixels), (size, size), mode="nearest-exact")
        return painted(scaled(pixels, size))

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Keeps pixels where their colour can still be left."""
        latent["pixels"].copy_(within(latent["pixels"]))

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Has nothing to put in order."""

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:
        """Returns as many pixels as the picture has now; a grid that the settings ask for stays as it is."""
        return {"pixels": latent["pixels"] if self.settings.grid else scaled(latent["pixels"], size)}

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any] | None:  # noqa: ARG002
        """Returns None: pixels have no strokes."""
        return None


def scaled(values: Tensor, side: int) -> Tensor:
    """Returns (b, c, h, h) as (b, c, side, side), bicubic, and averaged where it shrinks."""
    if values.shape[-1] == side:
        return values
    return functional.interpolate(values, (side, side), mode="bicubic", antialias=True)
