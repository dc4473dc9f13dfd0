"""The training loop: cross-entropy on cells, the hardest empty ones only, and on whole crops; seeded, resumable."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from scorer.letters import Letters
from scorer.training.writing.scenes import Crops, Scenes
from scorer.writing import ENOUGH


@dataclass(frozen=True)
class Recipe:
    """A training run: `steps` of `batch` crops (from which step on how many), at shares of `rate`, as `rates` says.

    Large batches settle the start, small ones learn more in the same time. `shares` of the empty cells count, the
    hardest ones: with too few of them the network ends by telling nothing from anything. `whole` weighs what each crop
    as a whole says.
    """

    seed: int = 20261121
    width: int = 48
    batch: tuple[tuple[int, int], ...] = ((0, 64), (60, 32))
    steps: int = 14_000
    shares: tuple[tuple[int, float], ...] = ((0, 1.0), (1500, 0.35))
    whole: float = 0.3
    rate: float = 4e-3
    rates: tuple[tuple[int, float], ...] = ((0, 1 / 60), (59, 1.0), (8500, 1.0), (11_250, 0.8), (14_000, 0.01))
    weight_decay: float = 0.02
    kept_each: int = 250  # steps between two checkpoints

    def count(self, step: int) -> int:
        """Return the number of crops at `step`."""
        return [size for start, size in self.batch if start <= step][-1]

    def share(self, step: int) -> float:
        """Return the share of the learning rate that holds at `step`: straight lines between the points of `rates`."""
        steps, shares = zip(*self.rates, strict=True)
        return float(np.interp(step, steps, shares))

    def hardest(self, step: int) -> float:
        """Return the share of empty cells, the hardest ones, that count at `step`."""
        steps, shares = zip(*self.shares, strict=True)
        return float(np.exp(np.interp(step, steps, np.log(shares))))


class _Batches(Dataset[Crops]):
    """The batches of a recipe by their step, each from a seed of its own: resuming needs the step alone."""

    def __init__(self, recipe: Recipe, scenes: Scenes) -> None:
        self.recipe, self.scenes = recipe, scenes

    def __getitem__(self, step: int) -> Crops:
        return self.scenes.batch((self.recipe.seed, step), self.recipe.count(step))


def learn(
    recipe: Recipe, scenes: Scenes, folder: Path, tell: Callable[[dict[str, Any]], None]
) -> tuple[Letters, float]:
    """Return the trained network and the seconds it took; `folder` keeps a checkpoint to resume from."""
    torch.manual_seed(recipe.seed)
    network = Letters(recipe.width).train()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a third faster; torch's types lack it
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.weight_decay)
    path = folder / "checkpoint.pt"
    step, spent = _resume(path, network, optimiser)
    began, seen = time.monotonic() - spent, [0.0, 0.0, 0.0]
    todo = range(step, recipe.steps)
    for crops in DataLoader(_Batches(recipe, scenes), None, sampler=todo, collate_fn=_as_is):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * recipe.share(step)
        with torch.autocast("cpu", torch.bfloat16):  # nearly twice as fast where the processor knows it
            answer = network(crops.ink.to(memory_format=torch.channels_last)).float()
        missed, alarmed = losses(answer, crops, recipe.hardest(step))
        loss = missed + alarmed + recipe.whole * whole(answer, crops)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        step += 1
        apart = float((answer[crops.writing > 0] > 0).float().mean() - (answer[crops.writing == 0] > 0).float().mean())
        seen = [0.95 * old + 0.05 * new for old, new in zip(seen, (missed.item(), alarmed.item(), apart), strict=True)]
        if step % 50 == 0:
            said = dict(zip(("missed", "alarmed", "apart"), (round(value, 4) for value in seen), strict=True))
            tell({"step": step, "seconds": round(time.monotonic() - began), **said})
        if step % recipe.kept_each == 0 or step == recipe.steps:
            _save(path, network, optimiser, step, time.monotonic() - began)
    seconds = time.monotonic() - began
    (folder / "recipe.json").write_text(json.dumps({**asdict(recipe), "seconds": round(seconds)}))
    return network.eval(), seconds


def losses(answer: Tensor, crops: Crops, share: float) -> tuple[Tensor, Tensor]:
    """Return what missed writing costs and what false alarms cost: of these only the hardest `share` of cells count.

    Most cells are empty paper, and it is the worst cell of a whole drawing that raises a false alarm.
    """
    each = F.binary_cross_entropy_with_logits(answer, crops.writing, reduction="none") * crops.counts
    written = crops.writing > 0
    missed = each[written].mean()
    empty = each[~written]
    hardest = empty.topk(max(1, int(share * empty.numel()))).values
    return missed, hardest.mean()


def whole(answer: Tensor, crops: Crops) -> Tensor:
    """Return what whole crops cost, each judged by its surest cells as `scorer.writing` judges regions.

    In a crop with writing the surest cells are looked for in the writing only; of the others the worst quarter counts.
    """
    some = crops.writing.flatten(1).any(1)
    within = torch.where(crops.writing > 0, answer, answer.detach().clamp(max=0.0)).flatten(1)
    anywhere = torch.where(crops.counts > 0, answer, answer.detach().clamp(max=0.0)).flatten(1)
    surest = torch.where(some[:, None], within, anywhere).topk(min(ENOUGH, within.shape[1])).values.mean(1)
    each = F.binary_cross_entropy_with_logits(surest, some.float(), reduction="none")
    empty = each[~some]
    worst = empty.topk(-(-len(empty) // 4)).values
    return torch.stack([part.sum() / max(1, len(part)) for part in (each[some], worst)]).sum()


def _as_is(batch: Any) -> Any:
    return batch


def _save(path: Path, network: Letters, optimiser: torch.optim.Optimizer, step: int, seconds: float) -> None:
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seconds": seconds}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, network: Letters, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
    if not path.is_file():
        return 0, 0.0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"]), float(state["seconds"])
