"""Losses that need no guide: what can be said of pixels alone.

Each goes from pictures (b, 3, h, w) in [0, 1] to (b,) in [0, 1], and is differentiable.
"""

from __future__ import annotations

import torch
from torch import Tensor

from generator.wanted import Losses

LUMA = (0.299, 0.587, 0.114)
MARGIN = 16  # the margin is this part of the picture's side


def smoothness(pictures: Tensor) -> Tensor:
    """How much neighbouring pixels differ: total variation (Rudin, Osher, Fatemi, 1992), anisotropic, per pixel."""
    across = pictures.diff(dim=-1).abs().mean((1, 2, 3))
    down = pictures.diff(dim=-2).abs().mean((1, 2, 3))
    return (across + down) / 2


def palette(pictures: Tensor, colours: Tensor) -> Tensor:
    """How far each pixel lies from the nearest of the colours (n, 3): the mean squared difference."""
    pixels = pictures.movedim(1, -1)
    with torch.no_grad():  # which is nearest has no gradient, and a table of all distances would be large
        nearest = (colours.square().sum(-1) - 2 * pixels @ colours.T).argmin(-1)
    return (pixels - colours[nearest]).square().mean((1, 2, 3))


def symmetry(pictures: Tensor) -> Tensor:
    """How much the picture differs from its mirror image, left for right."""
    return (pictures - pictures.flip(-1)).abs().mean((1, 2, 3))


def margin(pictures: Tensor, paper: Tensor) -> Tensor:
    """How far the picture's edge, a sixteenth of its side, is from the colour of the paper (3,)."""
    height, width = pictures.shape[-2:]
    wide = max(1, min(height, width) // MARGIN)
    off = (pictures - paper[:, None, None]).square().mean(1)
    inside = off[:, wide : height - wide, wide : width - wide].sum((1, 2))
    pixels = height * width - (height - 2 * wide) * (width - 2 * wide)
    return (off.sum((1, 2)) - inside) / pixels


def contrast(pictures: Tensor) -> Tensor:
    """How far light and dark are from lying as far apart as they can: 0 is half black and half white, 1 is one grey."""
    luma = (pictures * pictures.new_tensor(LUMA)[:, None, None]).sum(1)
    spread = (luma.var((1, 2), correction=0) + 1e-8).sqrt()  # the root of nothing has no gradient
    return (1 - 2 * spread).clamp(0, 1)


def saturation(pictures: Tensor) -> Tensor:
    """How grey the picture is: 0 is all pure colours, 1 is all grey. At exact grey no colour is nearer: no gradient."""
    return 1 - (pictures.amax(1) - pictures.amin(1)).mean((1, 2))


class PlainLosses:
    """The weighted sum of the losses that settings ask for."""

    def __init__(self, settings: Losses, device: torch.device) -> None:
        self.settings = settings
        rows = [[int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)] for colour in settings.colours]
        self.colours = torch.tensor(rows, device=device)

    def __call__(self, pictures: Tensor) -> Tensor:
        """Returns the sum for each of the pictures (b, 3, h, w), (b,); losses without a weight are not computed."""
        losses = {
            smoothness: self.settings.smoothness,
            symmetry: self.settings.symmetry,
            contrast: self.settings.contrast,
            saturation: self.settings.saturation,
        }
        total = pictures.new_zeros(len(pictures))
        for loss, weight in losses.items():
            if weight:
                total = total + weight * loss(pictures)
        if self.settings.palette:
            total = total + self.settings.palette * palette(pictures, self.colours)
        if self.settings.margin:
            total = total + self.settings.margin * margin(pictures, self.colours[0])
        return total
