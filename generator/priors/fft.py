"""The fft prior: a picture as its frequencies, the low ones heavy, as they are in photographs.

Every step changes the whole picture, coarse before fine. Aphantasia's settings (github.com/eps696/aphantasia) on the
parameterisation of Mordvintsev et al., "Differentiable Image Parameterizations", Distill 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from generator.own import CONTRASTS, FftSettings
from generator.priors import Latent
from generator.priors.colours import painted, unpainted, within

NOISE = 0.1  # how heavy the first waves are: against the rate, so that the first steps already give the picture away
GIVEN = 1.0  # how heavy those of a given picture are, which the first steps shall not sweep away
MEAN_RATE, CONTRAST_RATE = 0.03, 0.02
COARSEST = 4.0  # waves a picture: what is coarser than these weighs no more than they do


class Fft:
    """The latent `waves` (b, 3, 2n + 1, n + 1, 2) holds what n, n - 1, ..., -n waves down and 0 to n across weigh.

    `mean` (b, 3) is the picture's value along each axis of `colours`, and `contrast` (b,) how far values differ from
    it; the weights of the waves decide only their shares in that, so that steps on them cannot fade the picture out.
    """

    def __init__(self, settings: FftSettings, size: int) -> None:
        self.settings = settings
        self.waves = finest(size)

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Draws every wave by itself: the picture is a cloud."""
        shape = candidates, 3, 2 * self.waves + 1, self.waves + 1, 2
        waves = NOISE * torch.randn(*shape, generator=rng)
        contrast = torch.full((candidates,), self.settings.contrast)
        return {"waves": waves, "mean": torch.zeros(candidates, 3), "contrast": contrast}

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:  # noqa: ARG002
        """Takes the pictures' frequencies, their means and their contrast."""
        values = unpainted(pictures)
        mean = values.mean((2, 3))
        spectrum = gathered(torch.fft.rfft2(values - mean[..., None, None], norm="forward"), self.waves)
        waves = spectrum / self._weights(spectrum).clamp_min(1e-12)
        waves = waves * GIVEN / waves.abs().square().mean((1, 2, 3), keepdim=True).sqrt().clamp_min(1e-12)
        latent = {"waves": torch.view_as_real(waves).contiguous(), "mean": mean, "contrast": spread(spectrum)}
        self.keep(latent)
        return latent

    def rates(self) -> Mapping[str, float]:
        """Returns how far a wave's weight moves, the mean and the contrast."""
        return {"waves": self.settings.wave_rate, "mean": MEAN_RATE, "contrast": CONTRAST_RATE}

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:  # noqa: ARG002
        """Returns the pictures at any size: what the size cannot show of the waves is left out."""
        spectrum = self._weighed(latent["waves"])
        spectrum = spectrum * (latent["contrast"] / spread(spectrum))[:, None, None, None]
        values = torch.fft.irfft2(laid_out(spectrum, size), s=(size, size), norm="forward")
        return painted(values + latent["mean"][..., None, None])

    def _weighed(self, waves: Tensor) -> Tensor:
        spectrum = torch.view_as_complex(waves)
        return symmetric(spectrum * self._weights(spectrum))

    def _weights(self, spectrum: Tensor) -> Tensor:
        """The heavier the coarser (2n + 1, n + 1), as the spectra of photographs are; 0 waves are the mean's."""
        across = torch.arange(spectrum.shape[-1], device=spectrum.device, dtype=spectrum.real.dtype)
        down = torch.cat([-across[1:].flip(0), across])
        waves = torch.hypot(down[:, None], across)
        return waves.clamp_min(COARSEST).pow(-self.settings.steepness).where(waves > 0, 0)

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Keeps the contrast within what its setting may be, and the mean where its colour can still be left.

        Waves have no range, as only their shares count.
        """
        latent["contrast"].clamp_(*CONTRASTS)
        latent["mean"].copy_(within(latent["mean"][..., None, None])[..., 0, 0])

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Has nothing to put in order."""

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:
        """Returns the waves that pictures of this size can show, new ones without weight; the rest look the same."""
        if latent["waves"].shape[-2] == finest(size) + 1:
            return dict(latent)
        was = self._weighed(latent["waves"])
        waves = torch.view_as_real(refit(torch.view_as_complex(latent["waves"]), finest(size)))
        contrast = latent["contrast"] * spread(self._weighed(waves)) / spread(was)
        return {**latent, "waves": waves, "contrast": contrast}

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any] | None:  # noqa: ARG002
        """Returns None: waves are no strokes."""
        return None


def finest(size: int) -> int:
    """The most waves that `size` pixels show whatever their phase."""
    return (size - 1) // 2


def symmetric(spectrum: Tensor) -> Tensor:
    """Makes the column of 0 waves across (b, 3, 2n + 1, n + 1) that of a real picture; the others are free."""
    first = spectrum[..., :1]
    return torch.cat([(first + first.flip(-2).conj()) / 2, spectrum[..., 1:]], -1)


def spread(spectrum: Tensor) -> Tensor:
    """The deviation from 0 (b,) of values whose symmetric spectrum this is, over all axes (Parseval)."""
    power = spectrum.real.square() + spectrum.imag.square()
    whole = 2 * power.sum((1, 2, 3)) - power[..., 0].sum((1, 2))
    return (whole / power.shape[1]).clamp_min(1e-12).sqrt()


def refit(spectrum: Tensor, waves: int) -> Tensor:
    """Leaves out what is finer than `waves`, or adds finer waves of no weight: (..., 2n + 1, n + 1) to that many."""
    more = waves - spectrum.shape[-1] + 1
    return functional.pad(spectrum, (0, more, more, more))


def laid_out(spectrum: Tensor, size: int) -> Tensor:
    """Returns a centred spectrum as irfft2 takes it for pictures of `size` px: (b, 3, size, size // 2 + 1)."""
    waves = min(spectrum.shape[-1] - 1, finest(size))
    fitted = refit(spectrum, waves)
    wide = functional.pad(fitted, (0, size // 2 - waves, 0, size - 2 * waves - 1))
    return wide.roll(-waves, -2)


def gathered(spectrum: Tensor, waves: int) -> Tensor:
    """Returns what `laid_out` was made of, for the waves that are asked for."""
    shown = min(waves, finest(spectrum.shape[-2]))
    return refit(spectrum.roll(shown, -2)[..., : 2 * shown + 1, : shown + 1], waves)
