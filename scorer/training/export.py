"""Writes a trained model as an embedded judge: weights, open_clip config, background, model card."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from scorer import background
from scorer.encoder import WEIGHTS, Encoder, from_folder, load_encoder
from scorer.judge import Judge, embed_images
from scorer.training import data, evaluate, figures, left_out
from scorer.training.compose import Composer
from scorer.training.recipe import Recipe
from scorer.training.train import TIME_FILE, WEIGHTS_FILE

BACKGROUND = 4000
CREDITS = Path(__file__).with_name("credits.md")


def write_weights(model: nn.Module, recipe: Recipe, folder: Path) -> None:
    """Write float16 weights and the config with which `open_clip.create_model("local-dir:FOLDER")` loads them."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"model_cfg": recipe.model, "preprocess_cfg": recipe.preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=2) + "\n")
    half = {
        name: _half(tensor).contiguous()
        for name, tensor in model.state_dict().items()
        if not name.startswith(("attn_mask", "namer.", "placer.", "colourer."))
    }
    save_file(half, folder / WEIGHTS_FILE)


def _half(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.half() if tensor.is_floating_point() else tensor


def write_background(name: str, folder: Path, chosen: Any) -> None:
    """Write the background of a judge from drawings held back from training, coloured and composed as players do."""
    encoder = load_encoder(f"embedded:{name}")
    composer = Composer(data.load(chosen.data, held_back=True, cache=chosen.work), torch.device("cpu"))
    pictures = []
    for part in range(BACKGROUND // 200):
        batch = composer.batch((99, part), 200, 128)
        pictures += figures.to_pictures(batch.pixels)
    made = background.make(encoder, lambda some: embed_images(encoder, some), pictures)
    plain = [
        data.picture(json.loads(text), figures.SIDE, figures.PEN) for text in data.read(chosen.data, True)[2][:400:4]
    ]
    made = background.Background(
        made.pictures, made.captions, background.noise(lambda p: embed_images(encoder, p), plain)
    )
    background.write(
        made, folder / background.FILE, {"judge": encoder.name, "pictures": "held-back Quick, Draw! drawings"}
    )


def export(model: nn.Module, recipe: Recipe, chosen: Any, work: Path) -> None:
    """Write the judge's folder, measure it, and write its model card."""
    folder = WEIGHTS / recipe.name
    write_weights(model, recipe, folder)
    write_background(recipe.name, folder, chosen)
    encoder: Encoder = load_encoder(f"embedded:{recipe.name}", "cpu")
    judge = Judge(encoder, background.read(folder / background.FILE))
    measured = evaluate.measure(judge, chosen.data, chosen.work)
    spent = json.loads((work / TIME_FILE).read_text())
    (folder / TIME_FILE).write_text(json.dumps(spent) + "\n")
    (folder / "figures.json").write_text(json.dumps(measured, indent=2) + "\n")
    measured |= left_out.read(folder)
    (folder / "README.md").write_text(card(recipe, judge, measured, spent["seconds"], chosen.device))


def export_left_out(model: nn.Module, recipe: Recipe, chosen: Any, work: Path) -> None:
    """Measure a run without some words on these words, and keep the figure with the judge whose recipe it followed."""
    write_weights(model, recipe, work / "weights")
    encoder = from_folder(recipe.name, work / "weights", torch.device("cpu"))
    nothing = np.zeros((1, encoder.dim), np.float32)
    judge = Judge(encoder, background.Background(nothing, nothing, 0.0))
    folder = WEIGHTS / Recipe.read(chosen.config).name
    left_out.write(left_out.unseen(judge, chosen.data, recipe.without), recipe.without, folder)


def card(recipe: Recipe, judge: Judge, measured: dict[str, Any], seconds: float, device: str) -> str:
    """Return the model card as Markdown."""
    rows = "\n".join(
        f"| {name} | {row['share']:.1%} | {row['error']:.1%} | {row['count']} |" for name, row in measured.items()
    )
    return CARD.format(
        name=recipe.name,
        tower=_tower(recipe.model["vision_cfg"]),
        side=judge.encoder.size,
        layers=recipe.model["text_cfg"]["layers"],
        megabytes=judge.encoder.model_bytes() / 2e6,
        pictures=recipe.steps * recipe.batch,
        held_back=data.HELD_BACK,
        credits=CREDITS.read_text("utf-8").strip(),
        seed=recipe.seed,
        steps=recipe.steps,
        batch=recipe.batch,
        seconds=seconds,
        device=f"{device} ({platform.machine()})",
        rows=rows,
        unseen=UNSEEN if left_out.NAME in measured else "",
        noise=judge.noise,
    )


def _tower(config: dict[str, Any]) -> str:
    name = config.get("timm_model_name")
    return name or f"CLIP's ModifiedResNet, {config['layers']} blocks, {config['width']} wide,"


UNSEEN = """`unseen_word_top5` is of another run by this recipe, which left 25 of the words out (`--leave-out 25`): how
often such a word is among the first five of all words for its drawings.

"""

CARD = """# embedded:{name}

A small CLIP model ({tower} at {side} px, and a text transformer of {layers} layers) that judges drawings. It is an
ordinary open_clip model: `open_clip.create_model("local-dir:FOLDER")` loads this folder. {megabytes:.0f} MB in float16.

## Data

{pictures:,} pictures composed on the fly from drawings by people; one drawing in {held_back} is held back for the
figures below.

{credits}

Pictures show one thing (also small, huge or half finished), two in a relation, several of the same, such a group and
another thing, three or four things, an icon, or nothing that could be named: an empty sheet, noise, a shuffled picture,
clutter, a scribble, a written word. Other names for the words were written by hand (`scorer/training/synonyms.toml`).
Text is split by open_clip's own byte-pair encoding.

## Recipe

`python -m scorer.training --config scorer/training/{name}.toml --data FOLDER`, seed {seed}: {steps} steps of {batch}
pictures, {seconds:.0f} seconds on {device}. Half of every batch are plain black outlines. What the recipe's numbers by
step mean stands in the recipe.

## Figures

On held-back drawings, by `python -m scorer.training.evaluate --judge embedded:{name} --data FOLDER`:

| figure | share | standard error | counted on |
| --- | --- | --- | --- |
{rows}

{unseen}The judge's noise (the change that moves it most, of a shift of one pixel, a scale of 2 % and a JPEG) is
{noise:.4f} as a cosine.

## Limits

It knows the 345 words of Quick, Draw!, some two hundred other names for them and their kinds, sizes, four relations
between two things, and numbers up to about five; of other words it knows what icons and a sentence encoder told it,
which is little. How far it tells colours, the figures say. It has seen outlines, flat colours and icons, never
photographs. It can be fooled by pictures made to fool it; words written into a drawing are looked for by another
network (`../writing`), and to this one they are shown as pictures of nothing.
"""
