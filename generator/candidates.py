"""Candidates: starting points that are painted side by side, a row of each tensor; the best go on, the others end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from generator.priors import Latent, Prior

NEWEST = 0.1  # the share of the newest loss in a candidate's running mean
WARM_UP = 10  # a moving average of n steps weighs its past by (1 + n) / (WARM_UP + n) until `ema` is less


@dataclass(frozen=True)
class Candidates:
    """The candidates that are still painted; their tensors' first axis counts them.

    `numbers` says which starting point each one is: numbers never change while others end. `average` is the latent's
    moving average, empty without one. `moments` are the optimiser's by `name.moment`; those without axes are common
    to all. `losses` and `similarities` (b,) are of the last step, `means` (b,) are running means of the losses.
    """

    numbers: tuple[int, ...]
    latent: Latent
    losses: Tensor
    similarities: Tensor
    means: Tensor
    average: Latent = field(default_factory=dict)
    moments: dict[str, Tensor] = field(default_factory=dict)

    def chosen(self, rows: Sequence[int]) -> Candidates:
        """Returns these rows' candidates with everything that is theirs."""
        index = torch.tensor(list(rows))
        numbers = tuple(self.numbers[row] for row in rows)
        made = self._with(lambda tensor: tensor[index.to(tensor.device)] if tensor.ndim else tensor)
        return replace(made, numbers=numbers)

    def resized(self, prior: Prior, size: int) -> Candidates:
        """Returns the candidates for pictures of `size` px a side.

        What the optimiser knows of a tensor whose shape changes is of other cells: it begins anew there.
        """
        latent = prior.resized(self.latent, size)
        average = prior.resized(self.average, size) if self.average else {}
        same = {name for name, tensor in latent.items() if tensor.shape == self.latent[name].shape}
        moments = {name: tensor for name, tensor in self.moments.items() if name.rpartition(".")[0] in same}
        return replace(self, latent=latent, average=average, moments=moments)

    def copied(self) -> Candidates:
        """Returns a copy that shares nothing."""
        return self._with(lambda tensor: tensor.detach().clone())

    def on(self, device: torch.device | str) -> Candidates:
        """Returns the candidates on a device; counts of steps stay on the CPU, as the optimiser keeps them."""
        return self._with(lambda tensor: tensor.to(device) if tensor.ndim else tensor.cpu())

    def order(self) -> list[int]:
        """Returns the rows, the one with the lowest mean loss first; what is not a number comes last."""
        return self.means.argsort(stable=True).tolist()

    def best(self, count: int) -> list[int]:
        """Returns the rows of the `count` best candidates, in rising order."""
        return sorted(self.order()[:count])

    @property
    def shown(self) -> Latent:
        """The latent that pictures are made of: the moving average where there is one."""
        return self.average or self.latent

    def _with(self, change: Callable[[Tensor], Tensor]) -> Candidates:
        def all_of(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
            return {name: change(tensor) for name, tensor in tensors.items()}

        return Candidates(
            self.numbers,
            all_of(self.latent),
            change(self.losses),
            change(self.similarities),
            change(self.means),
            all_of(self.average),
            all_of(self.moments),
        )


def fresh(latent: Latent, *, averaged: bool) -> Candidates:
    """Returns candidates that no step was made with."""
    count = len(next(iter(latent.values())))
    unknown = torch.full((count,), torch.nan)
    average = {name: tensor.clone() for name, tensor in latent.items()} if averaged else {}
    return Candidates(tuple(range(count)), latent, unknown, unknown, torch.zeros(count), average)


def running(means: Tensor, losses: Tensor, step: int) -> Tensor:
    """Returns the running means (b,) after the losses of step `step`, counted from 0: of all at first, then of late."""
    return means + (losses - means) * max(1 / (step + 1), NEWEST)


@torch.no_grad()
def follow(average: Latent, latent: Latent, moving: Sequence[str], ema: float, step: int) -> None:
    """Moves an average, in place, after the latent once `step` steps are made; what does not move is copied."""
    past = min(ema, (1 + step) / (WARM_UP + step))
    for name, tensor in average.items():
        if name in moving:
            tensor.lerp_(latent[name], 1 - past)
        else:
            tensor.copy_(latent[name])
