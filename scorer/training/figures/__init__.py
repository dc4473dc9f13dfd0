"""Figures of a judge: how good it is on drawings by people that no training saw, each with its standard error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from scorer.judge import Judge
from scorer.training.captions import with_article

SIDE = 512  # px of the sheet on which single drawings are shown to a judge
PEN = 9.0  # px, the width of their lines
CHOICES = 50  # captions among which the right one has to be found


@dataclass(frozen=True)
class Figure:
    """A share in [0, 1] with its standard error, and how many drawings or scenes it was counted on."""

    share: float
    error: float
    count: int


def share(hits: Sequence[bool] | np.ndarray) -> Figure:
    """Return the share of hits with its binomial standard error."""
    rows = np.asarray(hits, bool)
    p = float(rows.mean())
    return Figure(round(p, 4), round(math.sqrt(p * (1 - p) / len(rows)), 4), len(rows))


def mean(values: Sequence[float] | np.ndarray) -> Figure:
    """Return the mean of shares that were each measured apart, as for each word, with its standard error."""
    rows = np.asarray(values, float)
    return Figure(round(float(rows.mean()), 4), round(float(rows.std(ddof=1) / math.sqrt(len(rows))), 4), len(rows))


def word_rows(judge: Judge, names: list[str]) -> np.ndarray:
    """Return the judge's embeddings (n, d) of words, said as captions."""
    return judge.embed_texts([f"a drawing of {with_article(name, name)}" for name in names])


def to_pictures(pixels: torch.Tensor) -> list[Image.Image]:
    """Return Pillow images of pictures (n, 3, h, w) in [0, 1]."""
    rows = (pixels.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(row) for row in rows]


def caption_of_50(pictures: np.ndarray, texts: np.ndarray, captions: Sequence[str]) -> Figure:
    """Return how often a picture (n, d) is nearer to its own caption (n, d) than to 49 others of other wording."""
    rng = np.random.default_rng(4243)
    right = []
    for row, caption in enumerate(captions):
        others = rng.choice([k for k, text in enumerate(captions) if text != caption], CHOICES - 1, replace=False)
        right.append(bool((pictures[row] @ texts[row]) > (texts[others] @ pictures[row]).max()))
    return share(right)
