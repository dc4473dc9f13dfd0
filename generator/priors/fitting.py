"""Beginning from a picture where no encoder leads back to the latent: it is improved until it renders much like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from generator.priors import Latent, Prior


@dataclass(frozen=True)
class Fit:
    """How long and how boldly: `rate` multiplies the prior's own rates and falls to nothing; `size` is in px."""

    steps: int
    size: int
    rate: float


def fitted(prior: Prior, latent: Mapping[str, Tensor], pictures: Tensor, fit: Fit) -> Latent:
    """Returns a latent improved by Adam, on CPU, until it renders softly like pictures (b, 3, h, h) in [0, 1]."""
    wanted = functional.interpolate(pictures, (fit.size, fit.size), mode="bicubic", antialias=True).clamp(0, 1)
    moved = {name: tensor.detach().clone() for name, tensor in latent.items()}
    rates = prior.rates()
    groups = [{"params": [moved[name].requires_grad_()], "lr": fit.rate * rates[name]} for name in rates]
    optimiser = torch.optim.Adam(groups)
    for step in range(fit.steps):
        for group, name in zip(groups, rates, strict=True):
            group["lr"] = fit.rate * rates[name] * (1 - step / fit.steps)
        with torch.enable_grad():
            loss = (prior.render(moved, fit.size, 0.0) - wanted).square().mean((1, 2, 3)).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        with torch.no_grad():
            prior.keep(moved)
    return {name: tensor.detach() for name, tensor in moved.items()}
