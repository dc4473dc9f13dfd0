"""Priors: what keeps pictures plausible. Each turns a latent into pictures; the loop owns and moves the latent.

A latent is a dictionary of tensors whose first axis counts candidates. Everything a candidate is lies in it, so a
copy of the dictionary is a candidate's whole state, selecting rows is choosing candidates, and saving it is saving
the picture. A prior itself never changes: it holds settings and, for some, the frozen weights of a network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from generator.settings import Settings

Latent = dict[str, Tensor]


class Prior(Protocol):
    """What the loop asks of a prior; `progress` is the run's place from 0 (start) to 1 (end)."""

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Returns `candidates` fresh starting points as CPU tensors, drawn with a CPU generator."""
        ...

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:
        """Returns starting points, CPU tensors, that render much like pictures (b, 3, h, h) in [0, 1], CPU too."""
        ...

    def rates(self) -> Mapping[str, float]:
        """Returns the learning rate of each tensor of the latent that is optimised."""
        ...

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:
        """Returns pictures (b, 3, size, size) in [0, 1], differentiable in what `rates` names."""
        ...

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Puts the latent back into its range, in place; called without gradients after each step."""
        ...

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Puts the latent in order, in place, by trying what `loss`, from pictures (b, 3, h, w) to (b,), makes of it.

        Called now and then in a run's second half, for what gradients cannot do; the size of the pictures is free.
        """
        ...

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:
        """Returns the latent for pictures of `size` px a side, its picture much the same; called without gradients.

        A prior whose latent does not depend on the size returns it as it is.
        """
        ...

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any] | None:
        """Returns a candidate as a drawing in the players' format, or None where the prior paints no strokes."""
        ...


@runtime_checkable
class OwnLoss(Protocol):
    """What a prior has besides if it asks something of its latent itself, whatever the picture shall show."""

    def loss(self, latent: Mapping[str, Tensor]) -> Tensor:
        """Returns a loss (b,) that each step adds to the objective's; differentiable in what `rates` names."""
        ...


def load(settings: Settings) -> Prior:
    """Returns the prior that the settings name; raises SettingsError where its weights cannot be read."""
    if settings.prior == "vqgan":
        from generator.priors.vqgan import Vqgan  # each prior brings its own weight: import what is used

        return Vqgan(settings.own, settings.size)
    if settings.prior == "pixels":
        from generator.priors.pixels import Pixels

        return Pixels(settings.own, settings.size)
    if settings.prior == "fft":
        from generator.priors.fft import Fft

        return Fft(settings.own, settings.size)
    if settings.prior == "siren":
        from generator.priors.siren import Siren

        return Siren(settings.own)
    if settings.prior == "biggan":
        from generator.priors.biggan import Biggan

        return Biggan(settings.own)
    from generator.priors.strokes import Strokes

    return Strokes(settings.own)
