"""`python -m scorer.training.evaluate`: how good a judge is on drawings by people that no training saw.

Every figure comes with its standard error.  Any judge that `scorer.load` knows can be measured, open_clip pairs too.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image

import scorer
from scorer.judge import Judge
from scorer.training.figures import SIDE
from scorer.training.figures.nothing import finished, nothing, prompts
from scorer.training.figures.scenes import composed, many, scenes
from scorer.training.figures.words import words


def speed(judge: Judge) -> float:
    """Return milliseconds a picture in a batch of 8 pictures of 512 pixels, from Pillow image to embedding."""
    batch = [Image.new("RGB", (SIDE, SIDE), "white")] * 8
    judge.embed_images(batch)
    times = []
    for _ in range(10):
        began = time.perf_counter()
        judge.embed_images(batch)
        times.append((time.perf_counter() - began) / 8 * 1000)
    return round(float(np.median(times)), 2)


def measure(judge: Judge, folder: Path, cache: Path) -> dict[str, dict[str, float]]:
    """Return all figures by name."""
    found = words(judge, folder) | scenes(judge, folder) | composed(judge, folder, cache) | many(judge, folder, cache)
    found |= nothing(judge, folder) | prompts(judge, folder, cache) | finished(judge, folder, cache)
    return {name: asdict(figure) for name, figure in found.items()}


def main() -> None:
    """Print one JSON object with all figures."""
    parser = argparse.ArgumentParser(prog="python -m scorer.training.evaluate", description=__doc__)
    parser.add_argument("--judge", default="embedded:main", help="as for scorer.load (default: embedded:main)")
    parser.add_argument("--data", type=Path, required=True, help="folder with quickdraw-train.parquet")
    parser.add_argument("--work", type=Path, default=Path("instance/training"), help="masks are kept here")
    chosen = parser.parse_args()
    judge = scorer.load(chosen.judge, keep=chosen.work)
    print(
        json.dumps({"judge": judge.spec, "ms_a_picture_of_8": speed(judge), **measure(judge, chosen.data, chosen.work)})
    )


if __name__ == "__main__":
    main()
