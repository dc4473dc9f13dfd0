"""Where a drawing wants another stroke: the lines along which one colour of the palette would lower the loss most.

The guide's saliency is the gradient of the loss with respect to the picture; painting over a pixel changes the loss,
to first order, by that gradient times the change of colour. Where a picture is densified by its gradient: Kerbl et
al., "3D Gaussian Splatting", 2023.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

WAYS = 8  # directions that are tried, half a turn in all
LENGTH = 0.12  # of a new stroke, in canvas widths


@dataclass(frozen=True)
class Wish:
    """A stroke that is asked for: `centre` and `way`, from its start to its end, (2,) in canvas widths; its colour."""

    centre: Tensor
    way: Tensor
    ink: int


def wishes(picture: Tensor, gradient: Tensor, palette: Tensor, count: int) -> list[Wish]:
    """Returns up to `count` strokes that would lower the loss most, the best first, none near another.

    picture (3, s, s) in [0, 1], the loss's gradient of it (3, s, s), palette (c, 3).
    """
    side = picture.shape[-1]
    gain = (gradient * picture).sum(0) - torch.einsum("ck,kyx->cyx", palette, gradient)
    kernels, ways = lines(side)
    pooled = functional.conv2d(gain[:, None], kernels.to(gain)[:, None], padding="same")  # (c, ways, s, s)
    place = torch.stack(torch.meshgrid(*[torch.arange(side, device=gain.device)] * 2, indexing="ij"))
    found: list[Wish] = []
    for _ in range(count):
        best = int(pooled.argmax())
        ink, way, y, x = (int(at) for at in torch.unravel_index(torch.tensor(best), pooled.shape))
        if pooled[ink, way, y, x] <= 0:
            break
        found.append(Wish((torch.tensor([x, y]) + 0.5) / side, ways[way], ink))
        near = (place - torch.tensor([y, x], device=gain.device)[:, None, None]).square().sum(0) < (LENGTH * side) ** 2
        pooled = pooled.masked_fill(near, -math.inf)
    return found


def lines(side: int) -> tuple[Tensor, Tensor]:
    """Returns the pixels that short lines cover in a picture of `side` px (WAYS, k, k), and their ways (WAYS, 2)."""
    angle = torch.arange(WAYS) * (math.pi / WAYS)
    along = torch.stack([angle.cos(), angle.sin()], 1)
    reach = max(1, round(LENGTH * side / 2))
    axis = torch.arange(-reach, reach + 1.0)
    x, y = axis.expand(len(axis), -1), axis[:, None]
    foot = along[:, 0, None, None] * x + along[:, 1, None, None] * y
    off = along[:, 0, None, None] * y - along[:, 1, None, None] * x
    return ((foot.abs() <= LENGTH * side / 2) & (off.abs() <= 1)).float(), along * LENGTH
