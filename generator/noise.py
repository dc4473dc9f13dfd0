"""Clouds and gradients of random colours to begin from, each candidate its own."""

from __future__ import annotations

import torch
from torch import Tensor

from generator.priors.colours import painted

CELLS = 4  # of Perlin noise a side
DEPTH = 4.0  # how far colours go along the axes of `colours` where a cloud is densest


def gradient(count: int, size: int, rng: torch.Generator) -> Tensor:
    """Returns pictures (count, 3, size, size): one random colour turns into another across the canvas."""
    first, last = torch.rand(count, 3, 2, 1, 1, generator=rng).unbind(2)
    turn = torch.rand(count, 1, 1, generator=rng) * 2 * torch.pi
    line = (torch.arange(size) + 0.5) * 2 / size - 1
    along = line * turn.cos() + line[:, None] * turn.sin()
    share = (along / (turn.cos().abs() + turn.sin().abs()) + 1) / 2
    return first + (last - first) * share[:, None]


def perlin(count: int, size: int, rng: torch.Generator) -> Tensor:
    """Returns pictures (count, 3, size, size) of Perlin noise along each axis of colour."""
    return painted(DEPTH * lattice(count, CELLS, size, rng))


def fractal(count: int, size: int, rng: torch.Generator) -> Tensor:
    """Returns pictures (count, 3, size, size) of Perlin noise in octaves, each half as strong as the coarser one."""
    values, cells, strength = torch.zeros(count, 3, size, size), 2, 1.0
    while cells <= max(2, size // 4):
        values += strength * lattice(count, cells, size, rng)
        cells, strength = cells * 2, strength / 2
    return painted(DEPTH * values)


def lattice(count: int, cells: int, size: int, rng: torch.Generator) -> Tensor:
    """Returns gradient noise (count, 3, size, size) from -1 to 1, 0 where cells meet (Perlin, SIGGRAPH 2002)."""
    turn = torch.rand(count, 3, cells + 1, cells + 1, generator=rng) * 2 * torch.pi
    place = (torch.arange(size) + 0.5) / size * cells
    cell = place.floor().long()
    inside = place - cell
    fade = inside**3 * (inside * (inside * 6 - 15) + 10)
    noise = torch.zeros(count, 3, size, size)
    for down in (0, 1):
        for right in (0, 1):
            angle = turn[:, :, cell + down][..., cell + right]
            slope = angle.cos() * (inside - right) + angle.sin() * (inside - down)[:, None]
            weight = (fade if right else 1 - fade) * (fade if down else 1 - fade)[:, None]
            noise += weight * slope
    return noise * 2**0.5
