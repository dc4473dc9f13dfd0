"""The siren prior: a small network of sines that turns a place on the canvas into its colour; its weights are painted.

Every candidate is a network of its own, and all are evaluated at once by batched products. A picture has no size: it
is asked at as many places as one likes. SIREN: Sitzmann et al., arXiv 2006.09661; steered by CLIP: Deep Daze, 2021.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from generator.own import SirenSettings
from generator.priors import Latent
from generator.priors.colours import painted
from generator.priors.fitting import Fit, fitted

FIT = Fit(steps=200, size=64, rate=10.0)  # beginning from a picture


class Siren:
    """The latent holds rows of weights with the bias as the last: `first`, `hidden` and `last`.

    `first` (b, width, 3) takes x and y from -1 to 1, `hidden` (b, layers - 1, width, width + 1) and `last`
    (b, 3, width + 1), which gives values along the axes of `colours`.
    """

    def __init__(self, settings: SirenSettings) -> None:
        self.settings = settings

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Draws the weights so that each layer's sines are spread as the last one's: a smooth pattern of waves."""
        width, hidden = self.settings.width, self.settings.layers - 1

        def drawn(bound: float, *shape: int) -> Tensor:
            return (2 * torch.rand(candidates, *shape, generator=rng) - 1) * bound

        within = math.sqrt(6 / width)
        return {
            "first": drawn(1 / 2, width, 3) * self.settings.frequency,
            "hidden": drawn(within, hidden, width, width + 1),
            "last": drawn(within, 3, width + 1),
        }

    def rates(self) -> Mapping[str, float]:
        """Returns how far a weight moves."""
        rate = self.settings.weight_rate
        return {"first": rate, "hidden": rate, "last": rate}

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:  # noqa: ARG002
        """Returns the pictures: the networks' answers at the centres of the pixels."""
        first = latent["first"]
        line = (torch.arange(size, device=first.device, dtype=first.dtype) + 0.5) * 2 / size - 1
        x, y = line.expand(size, size), line[:, None].expand(size, size)
        seen = torch.stack([x.flatten(), y.flatten()]).expand(len(first), -1, -1)
        seen = layer(first, seen).sin()
        for weights in latent["hidden"].unbind(1):
            seen = layer(weights, seen).sin()
        return painted(layer(latent["last"], seen).reshape(len(first), 3, size, size))

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:
        """Draws networks and trains them for a moment to give back the pictures, softly."""
        return fitted(self, self.start(len(pictures), rng), pictures, FIT)

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Has nothing to put back: sines and the colours' logistic bring any weights' answer into range."""

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Has nothing to put in order."""

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:  # noqa: ARG002
        """Returns the latent as it is: a network knows no size."""
        return dict(latent)

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any] | None:  # noqa: ARG002
        """Returns None: a network has no strokes."""
        return None


def layer(weights: Tensor, seen: Tensor) -> Tensor:
    """Returns each candidate's affine layer (b, out, in + 1), the bias last, of values (b, in, pixels)."""
    return torch.baddbmm(weights[..., -1:], weights[..., :-1], seen)
