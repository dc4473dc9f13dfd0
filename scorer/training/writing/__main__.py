"""`python -m scorer.training.writing`: makes the network that finds writing, from one recipe and one seed.

Needs the extra `training`, and the hand-like fonts of the packages that `hands.PACKAGES` names.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

import scorer
from scorer import letters
from scorer.letters import Letters
from scorer.training import data
from scorer.training.writing import figures, hands
from scorer.training.writing.learn import Recipe, learn
from scorer.training.writing.pages import Pages
from scorer.training.writing.scenes import LETTERED, Scenes

LEARNED_FROM = 30_000  # drawings, of those that are not held back
MEASURED_ON = 600  # pages of each kind
JUDGE = "embedded:main"
TIME_FILE = "training.json"  # in how many seconds the shipped network was trained
CARD = Path(__file__).with_name("card.md")


def main() -> None:
    """Train (or go on), set the threshold, measure, and write weights, figures and model card."""
    parser = argparse.ArgumentParser(prog="python -m scorer.training.writing", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with quickdraw-train.parquet")
    parser.add_argument("--fonts", type=Path, nargs="*", default=[Path("/usr/share/fonts")], help="folders with fonts")
    parser.add_argument("--work", type=Path, default=Path("instance/training/writing"), help="keeps the checkpoint")
    parser.add_argument("--out", type=Path, default=letters.FOLDER, help="weights, figures and card are written here")
    parser.add_argument("--measure", action="store_true", help="train nothing: measure the network that is shipped")
    chosen = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    chosen.work.mkdir(parents=True, exist_ok=True)
    recipe = Recipe()
    if chosen.measure:
        network, _ = letters.load()
        seconds = json.loads((letters.FOLDER / TIME_FILE).read_text())["seconds"]
    else:
        scenes = Scenes(_plain(chosen.data, recipe.seed), hands.find(chosen.fonts, held_back=False))
        network, seconds = learn(recipe, scenes, chosen.work, _tell)
    _export(network, recipe, seconds, chosen)


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _plain(folder: Path, seed: int) -> list[str]:
    """Drawings that are not held back, but for words whose drawings often have letters in them."""
    _, names, drawings = data.read(folder, held_back=False)
    plain = [drawing for name, drawing in zip(names, drawings, strict=True) if name not in LETTERED]
    order = np.random.default_rng(seed).permutation(len(plain))[:LEARNED_FROM]
    return [plain[i] for i in order]


def _held_back(folder: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The held-back drawings in two halves: one to set the threshold on, one, with its words, to measure with."""
    _, names, drawings = data.read(folder, held_back=True)
    plain = [(name, one) for name, one in zip(names, drawings, strict=True) if name not in LETTERED]
    to_set = [one for _, one in plain if zlib.crc32(one.encode()) % 2]
    return to_set, [(name, one) for name, one in plain if not zlib.crc32(one.encode()) % 2]


def _export(network: Letters, recipe: Recipe, seconds: float, chosen: argparse.Namespace) -> None:
    to_set, to_measure = _held_back(chosen.data)
    unseen = hands.find(chosen.fonts, held_back=True)
    believed = figures.threshold(network, Pages(to_set, unseen), MEASURED_ON, recipe.seed)
    pages = Pages([drawing for _, drawing in to_measure], unseen)
    measured = figures.measure(network, believed, pages, MEASURED_ON, recipe.seed + 1)
    rng = np.random.default_rng(recipe.seed + 2)

    def draw(word: str, count: int) -> list[Image.Image]:
        own = [drawing for name, drawing in to_measure if name == word]
        return [Pages(own, unseen).thing(rng).convert("RGB") for _ in range(count)]

    judging = figures.Judging(scorer.load(JUDGE, "cpu"), draw)
    measured |= figures.measure_game(network, believed, pages, judging, recipe.seed + 3)
    write(network, recipe, believed, chosen.out)
    (chosen.out / TIME_FILE).write_text(json.dumps({"seconds": round(seconds)}) + "\n")
    (chosen.out / "figures.json").write_text(json.dumps(measured, indent=2) + "\n")
    rows = "\n".join(
        f"| {k} | {row['share']:.1%} | {row['error']:.1%} | {row['count']} |" for k, row in measured.items()
    )
    facts = {
        "parameters": f"{sum(p.numel() for p in network.parameters()):,}",
        "steps": recipe.steps,
        "batch": _told(recipe),
        "seed": recipe.seed,
        "seconds": round(seconds),
        "machine": platform.machine(),
        "rows": rows,
        "threshold": f"{believed:.3f}",
        "packages": hands.PACKAGES.replace(" ", ", "),
    }
    (chosen.out / "README.md").write_text(CARD.read_text("utf-8").format(**facts))


def _told(recipe: Recipe) -> str:
    return ", ".join(f"{size} (from step {start})" if start else str(size) for start, size in recipe.batch)


def write(network: Letters, recipe: Recipe, believed: float, folder: Path) -> None:
    """Write the network as float16 with the certainty from which on it is believed."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: t.half() if t.is_floating_point() else t for name, t in network.state_dict().items()}
    described = json.dumps({"width": recipe.width, "threshold": round(believed, 5)})
    save_file({name: t.contiguous() for name, t in state.items()}, folder / letters.FILE, {"paintoff": described})


if __name__ == "__main__":
    main()
