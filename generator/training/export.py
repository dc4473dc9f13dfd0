"""Writes a trained network as the embedded VQGAN: weights, figures, a sheet of reconstructions, a model card."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from generator.priors.vqgan import Network
from generator.training.data import HELD_BACK, Sources
from generator.training.evaluate import Measured, as_json, measure
from generator.training.recipe import Recipe
from generator.training.train import Training

FILE = "vqgan.safetensors"
COUNT = 300  # pictures of each kind that the figures are measured on


def halves(network: Network) -> dict[str, Tensor]:
    """Return the tensors in float16, latents scaled so that the codes' standard deviation is 1.

    The layers on both sides of the codes take up the scale, so that the pictures stay the same, and a step of the
    optimiser means as much as elsewhere.
    """
    state = {name: tensor.detach().float().cpu() for name, tensor in network.state_dict().items()}
    scale = state["quantize.embedding.weight"].std()
    for name in ("quantize.embedding.weight", "quant_conv.weight", "quant_conv.bias"):
        state[name] = state[name] / scale
    state["post_quant_conv.weight"] = state["post_quant_conv.weight"] * scale
    return {name: tensor.half().contiguous() for name, tensor in state.items()}


def export(training: Training, held_back: Sources, folder: Path) -> Measured:
    """Write the folder; the figures are measured on what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(halves(training.network), folder / FILE)
    network = Network({name: tensor.float() for name, tensor in load_file(folder / FILE).items()})
    measured = measure(network, held_back, COUNT)
    (folder / "figures.json").write_text(json.dumps(as_json(measured), indent=2) + "\n")
    measured.sheet.save(folder / "reconstructions.webp", quality=90)
    (folder / "README.md").write_text(card(training, network, measured, (folder / FILE).stat().st_size))
    return measured


def card(training: Training, network: Network, measured: Measured, size: int) -> str:
    """Return the model card as Markdown."""
    recipe = training.recipe
    rows = "\n".join(
        f"| {name} | {row['l1']:.4f} | {row['psnr']:.1f} ± {row['psnr_error']:.1f} | {row['worst_psnr']:.1f} "
        f"| {row['count']} |"
        for name, row in measured.figures.items()
    )
    return CARD.format(
        factor=network.factor,
        codes=len(network.codebook),
        dim=network.codebook.shape[1],
        megabytes=size / 1e6,
        parameters=sum(tensor.numel() for tensor in network.state_dict().values()) / 1e6,
        held_back=HELD_BACK,
        rows=rows,
        used=measured.used,
        perplexity=measured.perplexity,
        **_recipe(recipe, training),
    )


def _recipe(recipe: Recipe, training: Training) -> dict[str, object]:
    return {
        "pictures": recipe.steps * recipe.batch,
        "steps": recipe.steps,
        "batch": recipe.batch,
        "side": recipe.side,
        "seed": recipe.seed,
        "critic_from": recipe.critic_from,
        "seconds": training.seconds,
        "device": f"{training.device.type} ({platform.machine()}, {torch.get_num_threads()} threads)",
    }


CARD = """# The embedded VQGAN

A small VQGAN of drawings and emoji, in which `generator/priors/vqgan.py` looks for pictures: taming-transformers' own
encoder, decoder and quantiser, a code for every {factor} x {factor} px, {codes} codes of {dim} numbers.
{parameters:.1f} million parameters, {megabytes:.1f} MB in float16. Tensor names are taming's.

## Data

{pictures:,} pictures composed on the fly from people's drawings, coloured and filled as players do, and from emoji; one
in {held_back} of either is held back for the figures below.

> Contains and was trained on drawings from The Quick, Draw! Dataset, made available by Google, Inc. under CC BY 4.0;
> selected, simplified and rendered.

Emoji pictures: [Noto Emoji](https://github.com/googlefonts/noto-emoji), Google, Apache License 2.0; turned, scaled and
composed with the drawings.

## Recipe

`python -m generator.training --data FOLDER`, seed {seed}: {steps} steps of {batch} pictures of {side} px, {seconds:.0f}
seconds on {device}. Differences of colours, of edges and of the tints of patches; from step {critic_from} on also
taming's patch discriminator, with a hinge loss. `generator/training/embedded.toml` has the numbers.

## Figures

Of reconstructions, from this folder's float16 weights, of pictures composed from what was held back, colours in [0, 1]:

| pictures | mean difference | PSNR in dB, with its standard error | one in 20 is below | counted on |
| --- | --- | --- | --- | --- |
{rows}

{used} of {codes} codes occur in them; used equally often, {perplexity:.0f} would be as hard to guess.
`reconstructions.webp` shows ten of each kind at 128 px above what the network made of them.

## Limits

It has seen flat colours, outlines and emoji, never photographs: what it paints looks like them. Fine lettering and
faces of less than three cells are beyond it.
"""
