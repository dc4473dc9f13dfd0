"""Pixels that walk down an objective: what each objective's test begins with."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from generator.cutouts import views
from generator.objective import Objective


def look(pictures: Tensor, size: int) -> Tensor:
    """The same two views each time."""
    return views(pictures, 2, size, torch.Generator().manual_seed(1))


def noise(count: int = 2, side: int = 40) -> Tensor:
    return torch.rand(count, 3, side, side, generator=torch.Generator().manual_seed(3))


def descent(loss: Callable[[Tensor], Tensor], start: Tensor, steps: int = 5) -> list[Tensor]:
    """The losses (b,) before, and after each of a few steps of Adam on the pixels."""
    pixels = start.clone().requires_grad_()
    optimiser = torch.optim.Adam([pixels], lr=0.02)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        losses.append(loss(pixels))
        losses[-1].sum().backward()
        optimiser.step()
        with torch.no_grad():
            pixels.clamp_(0, 1)
    return [*(loss.detach() for loss in losses), loss(pixels).detach()]


def falls(losses: Sequence[Tensor]) -> bool:
    """Is each candidate's loss lower at the end than in the beginning, clearly?"""
    return bool((losses[-1] < losses[0] - 1e-3).all())


def wanting(objective: Objective, step: int = 0) -> Callable[[Tensor], Tensor]:
    return lambda pixels: objective.judge(pixels, look, step).loss
