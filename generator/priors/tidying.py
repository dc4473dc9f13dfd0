"""What gradients cannot do for a drawing: take away strokes that do nothing, and bear new ones where they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from generator.priors.births import wishes

if TYPE_CHECKING:
    from generator.priors.strokes import Strokes

Loss = Callable[[Tensor], Tensor]
AT_ONCE = 16
SIZE = 96  # px: what is tried are pictures that differ by a whole stroke
NEWBORN = 0.5  # by how much a new stroke's pen, as a logarithm, is wider than the thinnest


def prune(prior: Strokes, one: Mapping[str, Tensor], loss: Loss) -> None:
    """Takes strokes of one candidate, in place: each alone first, to rank them, then one after another."""
    living = one["alive"][0].nonzero().flatten()
    if len(living) < 2:
        return
    order = living[_losses(prior, one, _switched(one, living, False), loss).argsort(stable=True)][:-1]  # one stays
    fewer = torch.cat([one["alive"], _switched(one, order, False).cummin(0).values])
    losses = _losses(prior, one, fewer, loss)
    good = (losses <= losses.min() + prior.settings.tidiness).nonzero().flatten()
    one["alive"].copy_(fewer[good[-1:]])


def bear(prior: Strokes, one: Mapping[str, Tensor], loss: Loss) -> None:
    """Puts strokes that are not painted where the loss's gradient asks for one, on top, and keeps those that help.

    Each is tried alone, then the good ones together, the best first; what does not lower the loss is not painted.
    """
    free = (~one["alive"][0]).nonzero().flatten()[: prior.settings.births]
    if not len(free):
        return
    with torch.enable_grad():
        picture = prior.render({name: tensor.detach() for name, tensor in one.items()}, SIZE, 1.0).requires_grad_()
        before = loss(picture)
        (gradient,) = torch.autograd.grad(before.sum(), picture)
    asked = wishes(picture[0].detach(), gradient[0], prior.palette.to(picture), len(free))
    free = free[: len(asked)]
    if not asked:
        return
    knots = torch.linspace(-0.5, 0.5, prior.settings.knots)[:, None]
    for slot, wish in zip(free.tolist(), asked, strict=True):
        one["knots"][0, slot] = (wish.centre + knots * wish.way).to(one["knots"])
        one["pen"][0, slot] = prior.limits[0] + NEWBORN
        one["ink"][0, slot] = 0
        one["ink"][0, slot, wish.ink] = 1
    prior.keep(one)
    order = one["order"][0]
    one["order"][0] = torch.cat([order[~torch.isin(order, free)], free])
    alone = _losses(prior, one, _switched(one, free, True), loss)
    best = alone.argsort(stable=True)
    helping = free[best[alone[best] < before.detach()]]
    more = torch.cat([one["alive"], _switched(one, helping, True).cummax(0).values])
    one["alive"].copy_(more[_losses(prior, one, more, loss).argmin()])


def _switched(one: Mapping[str, Tensor], strokes: Tensor, alive: bool) -> Tensor:
    """Who is alive (k, n) where each of `strokes` (k,) alone is switched on or off."""
    choice = one["alive"].repeat(len(strokes), 1)
    choice[torch.arange(len(strokes)), strokes] = alive
    return choice


def _losses(prior: Strokes, one: Mapping[str, Tensor], alive: Tensor, loss: Loss) -> Tensor:
    """The losses (k,) of one candidate with each choice (k, n) of living strokes."""
    found = []
    for choice in torch.split(alive, AT_ONCE):
        tried = {name: tensor.expand(len(choice), *tensor.shape[1:]) for name, tensor in one.items()}
        found.append(loss(prior.render({**tried, "alive": choice}, SIZE, 1.0)))
    return torch.cat(found)
