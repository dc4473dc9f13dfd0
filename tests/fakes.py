"""A judge that knows colours: deterministic, quick, and right often enough to test the rules of ranking with.

A picture's embedding is how much of each named colour it holds, the paper left out; a text's, the colours it names, or
without any a fixed mixture of its own. It stands only in tests.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

COLOURS = {
    "red": (214, 40, 40),
    "orange": (240, 132, 32),
    "yellow": (247, 208, 52),
    "green": (58, 160, 70),
    "blue": (45, 98, 214),
    "purple": (130, 62, 170),
    "pink": (245, 140, 180),
    "brown": (132, 84, 46),
    "black": (16, 16, 16),
    "grey": (140, 140, 140),
}
PALETTE = np.array([*COLOURS.values(), (255, 255, 255)], np.float32)


@dataclass(frozen=True)
class Score:
    """As the scorer's."""

    similarity: float
    percentile: float
    embedding: np.ndarray
    judge: str


class ColourJudge:
    """As the scorer's Judge, but for encoding; `loads` counts how often a picture was looked at."""

    dim, context_length, noise, embedded = len(COLOURS), 77, 0.01, True

    def __init__(self, spec: str = "fake:colours") -> None:
        self.spec, self.looks = spec, 0
        self._background = _unit(np.random.default_rng(1).dirichlet(np.full(self.dim, 0.4), 400))

    def embed_images(self, pictures: Sequence[Image.Image]) -> np.ndarray:
        self.looks += len(pictures)
        return np.stack([_colours_of(picture) for picture in pictures])

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([_colours_named(text) for text in texts])

    def score(self, picture: Image.Image, text: str) -> Score:
        return self.score_embedding(self.embed_images([picture])[0], text)

    def score_embedding(self, embedding: np.ndarray, text: str) -> Score:
        similarity = float(embedding @ self.embed_texts([text])[0])
        return Score(similarity, self.percentile(similarity, text), embedding, self.spec)

    def percentile(self, similarity: float, text: str) -> float:
        return _share(self._background @ self.embed_texts([text])[0], similarity)

    def background_histogram(self, text: str, bins: int = 40) -> tuple[list[float], list[int]]:
        counts, edges = np.histogram(self._background @ self.embed_texts([text])[0], bins)
        return edges.tolist(), counts.tolist()

    def caption_percentile(self, embedding: np.ndarray, similarity: float) -> float:
        return _share(self._background @ embedding, similarity)

    longest_reach = 90.0

    def caption_reach(self, text: str) -> float:
        own = self._background @ self.embed_texts([text])[0]
        return 100 * float((self._background @ self._background.T < own[:, None]).mean())

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 2

    def seen_as(self, picture: Image.Image) -> Image.Image:
        return picture.resize((64, 64))


@dataclass(frozen=True)
class Scrawl:
    """Writing as the fake reader finds it."""

    box: tuple[float, float, float, float]
    read: str
    ink: int


class InkReader:
    """Takes all that is drawn in one colour for writing, and with None nothing at all."""

    def __init__(self, colour: str | None = None, says: str = "") -> None:
        self.colour, self.says = colour, says

    def find(self, picture: Image.Image) -> list[Scrawl]:
        picture = _inked(picture)
        colours = np.array(picture.getpalette()).reshape(-1, 3)
        inks = [] if self.colour is None else [i for i, rgb in enumerate(colours) if tuple(rgb) == COLOURS[self.colour]]
        grid = np.asarray(picture)
        found = []
        for ink in inks:
            rows, columns = np.nonzero(grid == ink)
            if len(rows):
                edges = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / len(grid)
                found.append(Scrawl((edges[0], edges[1], edges[2], edges[3]), self.says, ink))
        return found

    def leave_out(self, picture: Image.Image, found: Sequence[Scrawl]) -> Image.Image:
        picture = _inked(picture)
        grid = np.asarray(picture).copy()
        grid[np.isin(grid, [one.ink for one in found])] = grid[0, 0]
        left = Image.fromarray(grid, "P")
        left.putpalette(picture.getpalette() or [])
        return left

    def factor(self, similarity: float, without: float) -> float:
        return 0.9 * min(1.0, without / similarity)

    def read(self, judge: object, picture: Image.Image, embedding: np.ndarray, text: str) -> None:
        return None


def _inked(picture: Image.Image) -> Image.Image:
    return picture if picture.mode == "P" else picture.quantize(8, dither=Image.Dither.NONE)


def _colours_of(picture: Image.Image) -> np.ndarray:
    pixels = np.asarray(picture.convert("RGB").resize((64, 64)), np.float32).reshape(-1, 1, 3)
    nearest = ((pixels - PALETTE) ** 2).sum(2).argmin(1)
    return _unit(np.bincount(nearest, minlength=len(PALETTE))[None, : len(COLOURS)].astype(np.float32) + 1e-3)[0]


def _colours_named(text: str) -> np.ndarray:
    words = re.findall(r"\w+", text.lower())
    named = np.array([float(colour in words) for colour in COLOURS], np.float32)
    if not named.any():
        seed = int.from_bytes(hashlib.sha256(text.lower().encode()).digest()[:8])
        named = np.random.default_rng(seed).dirichlet(np.full(len(COLOURS), 0.5)).astype(np.float32)
    return _unit(named[None])[0]


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _share(others: np.ndarray, similarity: float) -> float:
    return 100 * float((others < similarity).mean())
