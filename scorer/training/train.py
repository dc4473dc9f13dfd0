"""The training loop of an embedded judge: contrastive, over pictures composed on the fly; resumable.

Four losses are added.  A picture of one thing is told from the texts of all 345 words at once, which learns the
vocabulary faster than the few words of a batch would; every picture is told from all captions of the batch, false ones
included (one thing changed, two things exchanged, another colour), which teaches scenes; a linear layer, thrown away
afterwards, names the things in every picture, so that the image tower need not wait for the text tower to read; and
another one, thrown away as well, tells what is above, below, left and right, from a picture and from its caption alike:
by contrast alone nothing was learned of who is where in 2500 steps.
CLIP: Radford et al., arXiv 2103.00020; captions with exchanged words as negatives: Yuksekgonul et al., 2210.01936.

The kernels of the image tower's convolutions learn by Muon (Jordan et al., kellerjordan.github.io/posts/muon),
everything else by AdamW: in a trial of equal time on the naming alone that was right 16.2 times in a hundred, AdamW
alone 13.9 times.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from scorer.encoder import build
from scorer.training.compose import Batch, Composer, Mix

NAMER_SCALE = 16.0  # unit rows are too short for a linear layer to tell 345 words apart


@dataclass(frozen=True)
class Recipe:
    """A training run, read from a TOML file; `steps` of `batch` pictures, with the size of pictures by step."""

    name: str
    seed: int
    batch: int
    steps: int
    learning_rate: float
    kernel_rate: float
    rates: list[tuple[int, float]]
    weight_decay: float
    sizes: list[list[int]]
    kinds: list[tuple[int, list[float]]]
    plain: list[tuple[int, float]]
    relations: list[tuple[int, list[float]]]
    placing: list[tuple[int, float]]
    leftward: list[tuple[int, float]]
    model: dict[str, Any]
    preprocess: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """Return the recipe in `path`; TypeError names a key that is missing or unknown."""
        return cls(**tomllib.loads(path.read_text("utf-8")))

    def side(self, step: int) -> int:
        """Return the side in pixels of the pictures at `step`."""
        return [size for start, size in self.sizes if start <= step][-1]

    def mix(self, step: int) -> Mix:
        """Return what the batch at `step` is made of."""
        plain = [share for start, share in self.plain if start <= step][-1]
        relations = [odds for start, odds in self.relations if start <= step][-1]
        leftward = [share for start, share in self.leftward if start <= step][-1]
        kinds = [odds for start, odds in self.kinds if start <= step][-1]
        return Mix(tuple(kinds), tuple(relations), plain, leftward)

    def placing_weight(self, step: int) -> float:
        """Return what the loss of telling places counts at `step`, where naming counts 1."""
        return [weight for start, weight in self.placing if start <= step][-1]

    def rate(self, step: int) -> float:
        """Return the share of the learning rates that holds at `step`: straight lines between the points of `rates`."""
        steps, shares = zip(*self.rates, strict=True)
        return float(np.interp(step, steps, shares))


def short_text(model: Any, tokens: Tensor) -> Tensor:
    """Return the unit embeddings (n, d) of tokens (n, length <= 77): open_clip's text tower on a shorter context.

    The tower is causal and reads its answer at the end token, so leaving the padding out changes nothing but the time.
    """
    length = tokens.shape[1]
    x = model.token_embedding(tokens) + model.positional_embedding[:length]
    x = model.ln_final(model.transformer(x, attn_mask=model.attn_mask[:length, :length]))
    x = x[torch.arange(len(x), device=x.device), tokens.argmax(-1)]
    rows: Tensor = x @ model.text_projection
    return F.normalize(rows, dim=-1)


class _Batches(Dataset[Batch]):
    """The batches of a recipe by their step, each from a seed of its own: resuming needs the step alone."""

    def __init__(self, recipe: Recipe, composer: Composer) -> None:
        self.recipe, self.composer = recipe, composer

    def __getitem__(self, step: int) -> Batch:
        torch.set_num_threads(1)
        recipe = self.recipe
        seed = (recipe.seed, step)
        return self.composer.batch(seed, recipe.batch, recipe.side(step), recipe.mix(step))


def train(recipe: Recipe, composer: Composer, folder: Path, tell: Callable[[dict[str, Any]], None]) -> Any:
    """Return the trained model; `folder` keeps a checkpoint to resume from and `tell` hears of the progress."""
    device = composer.device
    torch.manual_seed(recipe.seed)
    model = build(recipe.model).to(device).to(memory_format=torch.channels_last).train()
    namer = nn.Linear(recipe.model["embed_dim"], len(composer.drawings.words)).to(device)
    model.namer = namer  # kept in checkpoints, left out of the exported weights
    model.placer = nn.Linear(recipe.model["embed_dim"], 4 * len(composer.drawings.words)).to(device)
    optimiser = _Optimiser(model, recipe)
    mean, std = (torch.tensor(recipe.preprocess[key], device=device).view(3, 1, 1) for key in ("mean", "std"))
    step, spent = _resume(folder / "checkpoint.pt", model, optimiser, device)
    began = time.monotonic() - spent
    losses: dict[str, float] = {}
    workers = 0 if device.type == "cuda" else 1  # on a GPU the pictures are composed on the device itself
    todo = range(step, recipe.steps)
    for batch in DataLoader(_Batches(recipe, composer), None, sampler=todo, num_workers=workers, collate_fn=_as_is):
        pixels = ((batch.pixels - mean) / std).to(memory_format=torch.channels_last)
        placing = recipe.placing_weight(step)
        loss, figures = _loss(model, batch, F.normalize(model.encode_image(pixels), dim=-1), placing)
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
    (folder / "seconds.json").write_text(json.dumps({"seconds": round(time.monotonic() - began), "steps": step}))
    return model.eval()


def _as_is(batch: Any) -> Any:
    return batch


def _loss(model: Any, batch: Batch, images: Tensor, placing: float) -> tuple[Tensor, dict[str, float]]:
    of_texts, of_words = (short_text(model, tokens.to(images.device)) for tokens in (batch.texts, batch.words))
    scale = model.logit_scale.exp()
    rows = batch.said.to(images.device)
    one = batch.labels >= 0
    to_words = scale * images[one] @ of_words.T
    word_loss = F.cross_entropy(to_words, batch.labels[one], label_smoothing=0.05)
    logits = scale * images @ of_texts.T
    mask = _also_true(batch).to(images.device)
    target = torch.arange(len(rows), device=images.device)
    to_texts = logits[rows].clone()
    to_texts[:, : len(rows)].masked_fill_(mask[rows], -1e4)
    to_images = logits[:, : len(rows)].T.masked_fill(mask.T, -1e4)
    clip_loss = (F.cross_entropy(to_texts, target) + F.cross_entropy(to_images, rows)) / 2
    shown = batch.things.to(images.device)
    some = shown[:, 0] >= 0
    named = model.namer(images[some] * NAMER_SCALE)
    first, second = (F.cross_entropy(named, shown[some, k], label_smoothing=0.05) for k in (0, 1))
    name_loss = (first + second) / 2
    right = (to_words.argmax(1) == batch.labels[one]).float().mean()
    caught = (to_texts.argmax(1) == target).float().mean()
    place_loss, turned = _placing(model, batch, images, of_texts)
    figures = {
        "words": word_loss.item(),
        "names": name_loss.item(),
        "captions": clip_loss.item(),
        "places": place_loss.item(),
        "right": right.item(),
        "caught": caught.item(),
        "turned": turned,
    }
    loss = word_loss + clip_loss + name_loss
    return (loss + placing * place_loss if placing else loss), figures


def _placing(model: Any, batch: Batch, images: Tensor, of_texts: Tensor) -> tuple[Tensor, float]:
    """Return the loss of telling who is where, and how often a scene fits its caption better than the exchanged one."""
    rows, right, wrong = torch.tensor(batch.exchanged, device=images.device).T
    shown = batch.placed[rows]
    exchanged = shown[:, [1, 0, 3, 2]]
    seen = torch.cat([images[rows], of_texts[right], of_texts[wrong]])
    told = model.placer(seen * NAMER_SCALE).view(len(seen), 4, -1)
    wanted = torch.cat([shown, shown, exchanged])
    loss = F.cross_entropy(told.flatten(0, 1), wanted.flatten(), ignore_index=-1, label_smoothing=0.05)
    better = (images[rows] * (of_texts[right] - of_texts[wrong])).sum(1) > 0
    return loss, better.float().mean().item()


def _also_true(batch: Batch) -> Tensor:
    """Return (pictures, captions) bool: the caption belongs to another picture but speaks of the same things."""
    numbers: dict[tuple[int, ...], int] = {}
    keys = torch.tensor([numbers.setdefault(key, len(numbers)) for key in batch.keys])
    same = keys[:, None] == keys[None, batch.said]
    same[batch.said, torch.arange(len(batch.said))] = False
    return same


class _Optimiser:
    """Muon for the convolutions' kernels, seen as the matrices they are in memory, and AdamW for everything else."""

    def __init__(self, model: nn.Module, recipe: Recipe) -> None:
        self.kernels = [p for p in model.parameters() if p.ndim == 4]
        self.matrices = [nn.Parameter(_matrix(p.data)) for p in self.kernels]
        names = [(name, p) for name, p in model.named_parameters() if p.ndim != 4]
        free = [p for name, p in names if p.ndim <= 1 or "embedding" in name]
        decayed = [p for name, p in names if p.ndim > 1 and "embedding" not in name]
        groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": free, "weight_decay": 0.0}]
        adam = torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))
        muon = torch.optim.Muon(self.matrices, lr=recipe.kernel_rate, weight_decay=recipe.weight_decay)
        self.parts = ((adam, recipe.learning_rate), (muon, recipe.kernel_rate))

    def step(self, share: float) -> None:
        """Move the parameters along their gradients, at this share of the learning rates."""
        for matrix, kernel in zip(self.matrices, self.kernels, strict=True):
            matrix.grad = None if kernel.grad is None else _matrix(kernel.grad)
        for optimiser, rate in self.parts:
            for group in optimiser.param_groups:
                group["lr"] = rate * share
            optimiser.step()

    def state(self) -> list[dict[str, Any]]:
        """Return what `resume` needs."""
        return [optimiser.state_dict() for optimiser, _ in self.parts]

    def resume(self, state: list[dict[str, Any]]) -> None:
        """Go on where `state` was taken."""
        for (optimiser, _), part in zip(self.parts, state, strict=True):
            optimiser.load_state_dict(part)


def _matrix(kernel: Tensor) -> Tensor:
    """Return a view of a kernel (out, in, h, w), whose memory is (out, h, w, in), as a matrix (out, h * w * in)."""
    return kernel.contiguous(memory_format=torch.channels_last).permute(0, 2, 3, 1).flatten(1)


def _save(path: Path, model: nn.Module, optimiser: _Optimiser, step: int, seconds: float) -> None:
    state = {"model": model.state_dict(), "optimiser": optimiser.state(), "step": step, "seconds": seconds}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, model: nn.Module, optimiser: _Optimiser, device: torch.device) -> tuple[int, float]:
    if not path.is_file():
        return 0, 0.0
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.resume(state["optimiser"])
    return state["step"], state["seconds"]
