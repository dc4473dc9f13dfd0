"""Decorrelated colours: axes along which the colours of pictures differ independently of each other.

Lightness differs most, then red against blue, then green against both (Ohta et al., "Color information for region
segmentation", 1980). Whoever moves along these axes changes whole colours; along red, green and blue, the same steps
make grey. Spreads: Olah et al., "Feature Visualization", 2017, with lightness held back as Aphantasia does.
"""

from __future__ import annotations

import torch
from torch import Tensor

SPREADS = (1.0, 0.41, 0.2)  # how far pictures differ along the axes, lightness first
AXES = torch.tensor([[3**-0.5] * 3, [2**-0.5, 0.0, -(2**-0.5)], [-(6**-0.5), 2 * 6**-0.5, -(6**-0.5)]])
MIX = AXES.T * torch.tensor(SPREADS)  # (rgb, axis)
UNMIX = (AXES.T / torch.tensor(SPREADS)).T  # (axis, rgb)
FARTHEST = 6.0  # logits of black and white to 8 bits; what lies beyond is only harder to leave
NEAREST_BLACK = 0.004  # a colour's distance from 0 and 1, where the logit would be infinite


def painted(values: Tensor) -> Tensor:
    """Turns values along the axes (b, 3, h, w), any real numbers, into pictures in (0, 1)."""
    return torch.einsum("ca,bahw->bchw", MIX.to(values), values).sigmoid()


def unpainted(pictures: Tensor) -> Tensor:
    """Turns pictures (b, 3, h, w) in [0, 1] into the values that `painted` makes them of, to a colour's 8 bits."""
    return torch.einsum("ac,bchw->bahw", UNMIX.to(pictures), pictures.logit(NEAREST_BLACK))


def within(values: Tensor) -> Tensor:
    """Returns the values (b, 3, h, w) with those beyond black or white put back; the others stay as they are."""
    logits = torch.einsum("ca,bahw->bchw", MIX.to(values), values)
    put_back = torch.einsum("ac,bchw->bahw", UNMIX.to(values), logits.clamp(-FARTHEST, FARTHEST))
    return values.where((logits.abs() <= FARTHEST).all(1, keepdim=True), put_back)
