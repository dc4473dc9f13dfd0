"""`python -m generator.training`: makes the embedded VQGAN from the data set, from one recipe and one seed."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import torch

from generator.priors.vqgan import EMBEDDED
from generator.training import data
from generator.training.export import export
from generator.training.pictures import Painter
from generator.training.recipe import Recipe
from generator.training.train import train

HELD_PER_WORD = 4  # drawings of each word that the figures are measured with


def main(arguments: list[str] | None = None) -> None:
    """Train (or go on), then write weights, figures and model card."""
    parser = argparse.ArgumentParser(prog="python -m generator.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with quickdraw-train and noto-emoji .parquet")
    parser.add_argument("--config", type=Path, default=Path(__file__).parent / "embedded.toml", help="the recipe")
    parser.add_argument(
        "--work", type=Path, default=Path("instance/vqgan"), help="drawings and checkpoint are kept here"
    )
    parser.add_argument("--out", type=Path, default=EMBEDDED.parent, help="folder for the weights (default: shipped)")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    recipe = Recipe.read(chosen.config)
    held_back = data.load(chosen.data, True, HELD_PER_WORD, chosen.work)
    sources = data.load(chosen.data, False, recipe.per_word, chosen.work)
    painter = Painter(sources, torch.device(chosen.device), recipe.mix)
    training = train(recipe, painter, chosen.work, lambda line: print(json.dumps(line), flush=True))
    measured = export(training, held_back, chosen.out)
    print(json.dumps(measured.figures))


if __name__ == "__main__":
    main()
