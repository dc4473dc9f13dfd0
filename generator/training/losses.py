"""What a reconstruction should be like: the same colours, the same edges, and real to a discriminator."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SCALES = 3  # of edges: 1, 2 and 4 px
PATCHES = (4, 8)  # px of the patches whose tints are compared
TINTS = ((1 / 3, 1 / 3, 1 / 3), (1.0, -1.0, 0.0), (-0.5, -0.5, 1.0))  # brightness, red against green, blue against both


def likeness(made: Tensor, pictures: Tensor, edges: float) -> Tensor:
    """Return the mean difference of colours plus `edges` times that of neighbours' differences, in three sizes.

    A drawing is mostly paper: without the second term its thin lines hardly count, and blur.
    """
    loss = (made - pictures).abs().mean()
    away = made - pictures
    for scale in range(SCALES):
        off = F.avg_pool2d(away, 2) if scale else away
        across, down = off[..., 1:] - off[..., :-1], off[..., 1:, :] - off[..., :-1, :]
        loss = loss + edges * (across.abs().mean() + down.abs().mean()) / SCALES
        away = off
    return loss


def discolour(made: Tensor, pictures: Tensor) -> Tensor:
    """Return the mean difference of patches' tints, brightness and two opponent colours.

    Lines are found first, and with them a picture in browns is not far off: without this one all stays brown.
    """
    away = torch.einsum("tc,nchw->nthw", made.new_tensor(TINTS), made - pictures)
    return torch.stack([F.avg_pool2d(away, patch).abs().mean() for patch in PATCHES]).mean()


def persuasion(plain: Tensor, doubt: Tensor, last: nn.Parameter, weight: float) -> Tensor:
    """Return the discriminator's loss on the decoder, weighted so that its gradient on `last` is `weight` of `plain`'s.

    Esser et al., arXiv 2012.09841, equation 7.
    """
    (wanted,) = torch.autograd.grad(plain, last, retain_graph=True)
    (asked,) = torch.autograd.grad(doubt, last, retain_graph=True)
    balance = (wanted.norm() / (asked.norm() + 1e-4)).clamp(0, 1e4).detach()
    say: Tensor = weight * balance * doubt
    return say


def hinge(real: Tensor, made: Tensor) -> Tensor:
    """Return the discriminator's own loss: real pictures above 1, made ones below -1."""
    return (F.relu(1 - real).mean() + F.relu(1 + made).mean()) / 2
