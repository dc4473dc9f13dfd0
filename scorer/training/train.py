"""The training loop of an embedded judge, over pictures composed on the fly; resumable, seeded step by step.

A recipe may have renewals: steps at which all that only training needs (the optimiser's moments, the layers that are
thrown away) begins anew and the weights are rounded as they are shipped.  So training can go on from shipped weights,
and a run from nothing takes the very same way.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn
from torch.utils.data import DataLoader, Dataset

from scorer.encoder import build
from scorer.training.captions import COLOURS
from scorer.training.compose import Batch, Composer
from scorer.training.losses import losses_of
from scorer.training.muon import Optimiser
from scorer.training.recipe import Recipe

WEIGHTS_FILE = "open_clip_model.safetensors"
TIME_FILE = "training.json"  # how many steps were made, in how many seconds


class _Batches(Dataset[Batch]):
    """The batches of a recipe by their step, each from a seed of its own: resuming needs the step alone."""

    def __init__(self, recipe: Recipe, composer: Composer) -> None:
        self.recipe, self.composer = recipe, composer

    def __getitem__(self, step: int) -> Batch:
        torch.set_num_threads(1)
        recipe = self.recipe
        seed = (recipe.seed, step)
        return self.composer.batch(seed, recipe.batch, recipe.side(step), recipe.mix(step))


def train(
    recipe: Recipe,
    composer: Composer,
    folder: Path,
    tell: Callable[[dict[str, Any]], None],
    shipped: Path | None = None,
) -> Any:
    """Return the trained model; `folder` keeps a checkpoint to resume from and `tell` hears of the progress.

    Without a checkpoint, `shipped` names a folder with weights to begin from at the recipe's last renewal.
    """
    device = composer.device
    torch.manual_seed(recipe.seed)
    model = build(recipe.model).to(device).to(memory_format=torch.channels_last).train()
    optimiser = _begin(model, recipe, composer)
    mean, std = (torch.tensor(recipe.preprocess[key], device=device).view(3, 1, 1) for key in ("mean", "std"))
    step, spent = _resume(folder / "checkpoint.pt", model, optimiser, device)
    if step == 0 and shipped is not None:
        model.load_state_dict(
            load_file(shipped / WEIGHTS_FILE), strict=False
        )  # all but the layers that are thrown away
        step, spent = recipe.renewals[-1], json.loads((shipped / TIME_FILE).read_text())["seconds"]
    began = time.monotonic() - spent
    losses: dict[str, float] = {}
    workers = 0 if device.type == "cuda" else 1  # on a GPU the pictures are composed on the device itself
    todo = range(step, recipe.steps)
    for batch in DataLoader(_Batches(recipe, composer), None, sampler=todo, num_workers=workers, collate_fn=_as_is):
        if step in recipe.renewals:
            optimiser = _renew(model, recipe, composer, step)
        pixels = ((batch.pixels - mean) / std).to(memory_format=torch.channels_last)
        images = F.normalize(model.encode_image(pixels), dim=-1)
        loss, figures = losses_of(model, batch, images, recipe.weights(step))
        model.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step(recipe.rate(step))
        model.logit_scale.data.clamp_(0, np.log(100))
        losses = {name: 0.98 * losses.get(name, now) + 0.02 * now for name, now in figures.items()}
        step += 1
        if step % 50 == 0:
            rounded = {name: round(value, 4) for name, value in losses.items()}
            tell({"step": step, "seconds": round(time.monotonic() - began), **rounded})
        if step % 250 == 0 or step == recipe.steps:
            _save(folder / "checkpoint.pt", model, optimiser, step, time.monotonic() - began)
    (folder / TIME_FILE).write_text(json.dumps({"seconds": round(time.monotonic() - began), "steps": step}))
    return model.eval()


def _begin(model: Any, recipe: Recipe, composer: Composer) -> Optimiser:
    """Give the model fresh layers to be thrown away after training, kept in checkpoints, and an optimiser for all."""
    width, words = recipe.model["embed_dim"], len(composer.drawings.words)
    model.namer = nn.Linear(width, words).to(composer.device)
    model.placer = nn.Linear(width, 4 * words).to(composer.device)
    model.colourer = nn.Linear(width, len(COLOURS)).to(composer.device)
    return Optimiser(model, recipe)


def _renew(model: Any, recipe: Recipe, composer: Composer, step: int) -> Optimiser:
    """Leave of what was learned only what is shipped: float16 weights."""
    torch.manual_seed(recipe.seed + step)
    for tensor in model.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(tensor.half())
    return _begin(model, recipe, composer)


def _as_is(batch: Any) -> Any:
    return batch


def _save(path: Path, model: nn.Module, optimiser: Optimiser, step: int, seconds: float) -> None:
    state = {"model": model.state_dict(), "optimiser": optimiser.state(), "step": step, "seconds": seconds}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, model: nn.Module, optimiser: Optimiser, device: torch.device) -> tuple[int, float]:
    if not path.is_file():
        return 0, 0.0
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.resume(state["optimiser"])
    return state["step"], state["seconds"]
