"""`python -m scorer.training`: makes an embedded judge from the data set, from one recipe and one seed."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import torch

from scorer.encoder import WEIGHTS
from scorer.reference import vocabulary
from scorer.training import data
from scorer.training.compose import Composer, Lore
from scorer.training.export import export, export_left_out
from scorer.training.left_out import leaving_out
from scorer.training.recipe import Recipe
from scorer.training.train import train

HERE = Path(__file__).parent


def main() -> None:
    """Train (or go on), then write weights, background and model card into scorer/weights."""
    parser = argparse.ArgumentParser(prog="python -m scorer.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with quickdraw-train.parquet")
    parser.add_argument("--config", type=Path, default=HERE / "main.toml", help="the recipe (default: main.toml)")
    parser.add_argument(
        "--work", type=Path, default=Path("instance/training"), help="masks and checkpoint are kept here"
    )
    parser.add_argument(
        "--shipped", action="store_true", help="begin at the recipe's last renewal, from the weights that are shipped"
    )
    parser.add_argument(
        "--leave-out", type=int, default=0, metavar="N", help="leave N words out and measure only what it makes of them"
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    chosen = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    recipe = Recipe.read(chosen.config)
    if chosen.leave_out:
        recipe = leaving_out(recipe, vocabulary(), chosen.leave_out)
    work = chosen.work / recipe.name
    work.mkdir(parents=True, exist_ok=True)
    drawings = data.load(chosen.data, held_back=False, cache=chosen.work, without=recipe.without)
    lore = Lore.load(chosen.data, chosen.work, drawings.words, recipe.without)
    composer = Composer(drawings, torch.device(chosen.device), lore)
    shipped = WEIGHTS / recipe.name if chosen.shipped else None
    model = train(recipe, composer, work, lambda line: print(json.dumps(line), flush=True), shipped)
    (export_left_out if recipe.without else export)(model, recipe, chosen, work)


if __name__ == "__main__":
    main()
