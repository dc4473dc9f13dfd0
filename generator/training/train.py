"""The training of the embedded VQGAN: a step is fixed by its number, so a run that was broken off goes on the same."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generator.priors.vqgan import Network, discriminator, untrained
from generator.training.codes import Codes, perplexity
from generator.training.losses import discolour, hinge, likeness, persuasion
from generator.training.pictures import Painter
from generator.training.recipe import Recipe

TOLD, KEPT = 50, 250  # steps between two lines of progress, and between two checkpoints
REVIVED = 25  # steps between two looks for unused codes
FIRST = 32  # batches from which the codes begin


class Training:
    """A network, its codes and its critic at `step`; `seconds` is the time spent so far."""

    def __init__(self, recipe: Recipe, painter: Painter) -> None:
        self.recipe, self.painter, self.device = recipe, painter, painter.device
        torch.manual_seed(recipe.seed)
        shape, book = recipe.network, recipe.codebook
        network = Network(untrained(shape, book.codes, book.dim, recipe.groups)).train().requires_grad_(True)
        self.network = network.to(self.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network.codebook.requires_grad_(False)
        self.codes = Codes(self.network.codebook)
        self.critic = discriminator(recipe.critic_width, recipe.critic_layers).to(self.device).train()
        learning = [weight for weight in self.network.parameters() if weight.requires_grad]
        self.optimiser = torch.optim.Adam(learning, recipe.rate, (0.8, 0.99))
        self.critics = torch.optim.Adam(self.critic.parameters(), recipe.critic_rate, (0.5, 0.9))
        self.step, self.seconds = 0, 0.0

    def advance(self) -> dict[str, float]:
        """Takes one step; returns its figures."""
        recipe, network = self.recipe, self.network
        if self.step == recipe.quantise_from:
            self._begin_codes()
        for optimiser, rate in ((self.optimiser, recipe.rate), (self.critics, recipe.critic_rate)):
            for group in optimiser.param_groups:
                group["lr"] = rate * recipe.share(self.step)
        pictures = self._pictures(self.step, 0)
        z = network.encode(pictures)
        figures: dict[str, float] = {}
        loss, passed = torch.zeros((), device=self.device), z
        if self.step >= recipe.quantise_from:
            passed, loss = self._quantised(z, figures)
        made = network.paint(passed)
        plain = likeness(made, pictures, recipe.edges) + recipe.tints * discolour(made, pictures)
        loss = plain + recipe.commitment * loss
        figures |= {"likeness": plain.item(), "l1": (made.detach() - pictures).abs().mean().item()}
        if self.step >= recipe.critic_from:
            doubt = -self.critic(made * 2 - 1).mean()
            loss = loss + persuasion(plain, doubt, network.decoder.conv_out.weight, recipe.critic_weight)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        self.optimiser.step()
        if self.step >= recipe.critic_from:
            figures["critic"] = self._teach(pictures, made.detach())
        self.step += 1
        return figures

    def state(self) -> dict[str, Any]:
        """Returns all that the training is, as tensors and plain values."""
        return {
            "network": self.network.state_dict(),
            "counts": self.codes.counts,
            "sums": self.codes.sums,
            "optimiser": self.optimiser.state_dict(),
            "critic": self.critic.state_dict(),
            "critics": self.critics.state_dict(),
            "recipe": dataclasses.asdict(self.recipe),
            "step": self.step,
            "seconds": self.seconds,
        }

    def resume(self, state: dict[str, Any]) -> None:
        """Goes on from what `state` returned; raises ValueError where that was of another recipe."""
        if state["recipe"] != dataclasses.asdict(self.recipe):
            raise ValueError("the checkpoint is of another recipe: name another folder by --work, or delete it")
        self.network.load_state_dict(state["network"])
        self.codes.counts.copy_(state["counts"])
        self.codes.sums.copy_(state["sums"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.critic.load_state_dict(state["critic"])
        self.critics.load_state_dict(state["critics"])
        self.step, self.seconds = state["step"], state["seconds"]

    def _pictures(self, *number: int) -> Tensor:
        recipe = self.recipe
        pictures = self.painter.batch((recipe.seed, *number), recipe.batch, recipe.side)
        return pictures.contiguous(memory_format=torch.channels_last)

    def _random(self) -> torch.Generator:
        return torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + self.step)

    def _begin_codes(self) -> None:
        enough = 2 * len(self.network.codebook)
        found: list[Tensor] = []
        with torch.no_grad():
            while len(found) < FIRST or sum(map(len, found)) < enough:
                found.append(rows(self.network.encode(self._pictures(len(found), 1))))
        self.codes.begin(torch.cat(found), self._random())

    def _quantised(self, z: Tensor, figures: dict[str, float]) -> tuple[Tensor, Tensor]:
        """Returns the codes of latents, gradients passing straight through, and the latents' squared distance."""
        network, recipe = self.network, self.recipe
        index = network.nearest(z.detach())
        codes = nn.functional.embedding(index, network.codebook).permute(0, 3, 1, 2)
        away = (z - codes).square().mean()
        passed = z + (codes - z).detach()
        with torch.no_grad():
            latents = rows(z)
            self.codes.follow(latents, index.flatten())
            if self.step < recipe.revive_until and self.step % REVIVED == 0:
                figures["revived"] = float(self.codes.revive(latents, index.flatten(), self._random()))
        figures |= {"away": (away / z.detach().var()).item(), "perplexity": perplexity(self.codes.counts)}
        return passed, away

    def _teach(self, pictures: Tensor, made: Tensor) -> float:
        loss = hinge(self.critic(pictures * 2 - 1), self.critic(made * 2 - 1))
        self.critics.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self.critics.step()
        return loss.item()


def rows(z: Tensor) -> Tensor:
    """Returns latents (b, d, h, w) as rows (b * h * w, d), in the order of the codes' indices."""
    return z.detach().permute(0, 2, 3, 1).flatten(0, 2)


def train(recipe: Recipe, painter: Painter, folder: Path, tell: Callable[[dict[str, Any]], None]) -> Training:
    """Returns the finished training; `folder` keeps a checkpoint to resume from, `tell` hears of the progress."""
    training, path = Training(recipe, painter), folder / "checkpoint.pt"
    if path.is_file():
        training.resume(torch.load(path, map_location=painter.device, weights_only=True))
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic() - training.seconds
    means: dict[str, float] = {}
    while training.step < recipe.steps:
        for name, value in training.advance().items():
            means[name] = 0.95 * means.get(name, value) + 0.05 * value
        training.seconds = time.monotonic() - began
        if training.step % TOLD == 0:
            told = {name: round(value, 4) for name, value in means.items()}
            tell({"step": training.step, "seconds": round(training.seconds), **told})
        if training.step % KEPT == 0 or training.step == recipe.steps:
            torch.save(training.state(), path.with_suffix(".new"))
            path.with_suffix(".new").replace(path)
    return training
