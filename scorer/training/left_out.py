"""What a judge makes of words that it never saw drawn: an otherwise equal training run leaves some words out.

The sentence encoder still says what they are near to, as it does for any word; no drawing, no icon and no caption has
them.  How to be strict in such a trial: "Zero-Shot Learning: A Comprehensive Evaluation of the Good, the Bad and the
Ugly", Xian et al., arXiv 1707.00600.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scorer.judge import Judge
from scorer.training import data
from scorer.training.figures import PEN, SIDE, Figure, mean, word_rows
from scorer.training.recipe import Recipe

FILE = "unseen.json"  # beside the weights of the judge whose recipe it was
NAME = "unseen_word_top5"


def leaving_out(recipe: Recipe, words: Sequence[str], count: int) -> Recipe:
    """Return the recipe without `count` of the words, chosen by lot from its seed, under a name of its own."""
    chosen = np.random.default_rng(recipe.seed).choice(sorted(words), count, replace=False)
    return dataclasses.replace(recipe, name=f"{recipe.name}-without-{count}", without=sorted(map(str, chosen)))


def unseen(judge: Judge, folder: Path, without: Sequence[str]) -> Figure:
    """Return how often a left-out word is among the first 5 of all words for its drawings: the mean of the words.

    All drawings of these words count, as none was trained on; the standard error is that between words.
    """
    names: list[str] = []
    of: list[str] = []
    drawings: list[str] = []
    for held_back in (True, False):
        names, words, texts = data.read(folder, held_back)
        of += words
        drawings += texts
    texts_of = word_rows(judge, names)
    shares = []
    for word in without:
        pictures = [
            data.picture(json.loads(drawing), SIDE, PEN)
            for drawing, name in zip(drawings, of, strict=True)
            if name == word
        ]
        similarity = judge.embed_images(pictures) @ texts_of.T
        number = names.index(word)
        shares.append(float(((similarity > similarity[:, [number]]).sum(1) < 5).mean()))
    return mean(shares)


def write(figure: Figure, without: Sequence[str], folder: Path) -> None:
    """Keep the figure, and the words that were left out, in the folder of a judge."""
    (folder / FILE).write_text(
        json.dumps({NAME: dataclasses.asdict(figure), "without": list(without)}, indent=2) + "\n"
    )


def read(folder: Path) -> dict[str, dict[str, float]]:
    """Return the figure by its name, as `evaluate.measure` returns others; nothing where no such run was made."""
    path = folder / FILE
    return {NAME: json.loads(path.read_text())[NAME]} if path.is_file() else {}
