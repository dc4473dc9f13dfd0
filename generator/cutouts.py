"""Random views of a picture for the guide: zoom and perspective as one homography, sampled once."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

CORNERS = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
# The side of a view as shares of the picture's: from a crop to the picture made small on white paper. Shapes that are
# still what they shall be at every size are shapes that people see, too; seen from nearer only, they become texture.
SIDE = (0.8, 1.6)
TILT = 0.25  # how far each corner of a view wanders, as a share of half the picture's side


def homographies(source: Tensor) -> Tensor:
    """Returns the maps (n, 3, 3) that take the corners of the square [-1, 1]^2 to `source` (n, 4, 2)."""
    count = len(source)
    x, y = CORNERS.to(source).expand(count, 4, 2).unbind(-1)
    u, v = source.unbind(-1)
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    first = torch.stack([x, y, one, zero, zero, zero, -u * x, -u * y], -1)
    second = torch.stack([zero, zero, zero, x, y, one, -v * x, -v * y], -1)
    solved = torch.linalg.solve(torch.cat([first, second], 1), torch.cat([u, v], 1))
    return torch.cat([solved, torch.ones(count, 1).to(solved)], 1).reshape(count, 3, 3)


def corners(count: int, rng: torch.Generator) -> Tensor:
    """Draws where the views' corners lie (count, 4, 2) in the picture's square [-1, 1]^2; the first sees it all."""
    side = SIDE[0] + (SIDE[1] - SIDE[0]) * torch.rand(count, 1, 1, generator=rng)
    centre = (2 * torch.rand(count, 1, 2, generator=rng) - 1) * (1 - side)
    wander = (2 * torch.rand(count, 4, 2, generator=rng) - 1) * TILT
    drawn = centre + CORNERS * side + wander
    drawn[0] = CORNERS
    return drawn


def views(pictures: Tensor, count: int, size: int, rng: torch.Generator) -> Tensor:
    """Returns `count` random views (count, b, 3, size, size) of pictures (b, 3, h, w) in [0, 1], differentiable.

    Every candidate is seen in the same views. What lies outside the picture is white paper. The random numbers
    come from a CPU generator, so that CPU and CUDA draw the same ones. Views: CLIPDraw (Frans et al., 2021).
    """
    batch, channels, height, width = pictures.shape
    shrink = min(height, width) // size
    if shrink > 1:  # bilinear sampling reads four neighbours only: what shrinks further is averaged first
        pictures = functional.avg_pool2d(pictures, shrink)
    maps = homographies(corners(count, rng)).to(pictures)
    line = (torch.arange(size, device=pictures.device, dtype=pictures.dtype) + 0.5) * 2 / size - 1
    square = torch.stack([line.expand(size, size), line[:, None].expand(size, size), line.new_ones(size, size)], -1)
    seen = square.reshape(1, -1, 3) @ maps.transpose(1, 2)
    grid = (seen[..., :2] / seen[..., 2:]).reshape(count, size, size, 2)
    # One sampling for all candidates: they ride along as channels.
    ink = (pictures - 1).reshape(1, batch * channels, *pictures.shape[2:]).expand(count, -1, -1, -1)
    sampled = functional.grid_sample(ink, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return sampled.reshape(count, batch, channels, size, size) + 1
