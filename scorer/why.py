"""Reasons: what each part of a picture did for its score, which places matter, and what each word did for a caption.

What something did is what is lost when it is left out ("explaining by removing", Covert et al., JMLR 2021); the heat
map hides one place after another under paper (occlusion, Zeiler and Fergus, ECCV 2014).  Not the encoder's gradients:
those of a small network are noise where a pen has drawn hard edges, they say what an invisible change would do and not
what the judge would see without the stroke, and they need the network in this process.  All of this only asks a judge
to look at pictures, so it works wherever the judge computes, and it does so once, in one batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

MOST_PARTS = 32
SIDE = 8  # places of the heat map, each way
REACH = 2  # places that are hidden at once, each way: windows overlap, which smooths the map
PLAIN = 8  # steps of 255; a window with less in it is paper, and hiding that would change nothing

Rows = NDArray[np.float32]


class Looker(Protocol):
    """What is asked of a judge here; see `scorer.judge.Judge`."""

    context_length: int

    def embed_images(self, pictures: Sequence[Image.Image]) -> Rows: ...
    def embed_texts(self, texts: Sequence[str]) -> Rows: ...
    def seen_as(self, picture: Image.Image) -> Image.Image: ...
    def count_tokens(self, text: str) -> int: ...
    def caption_reach(self, text: str) -> float: ...

    @property
    def longest_reach(self) -> float: ...


@dataclass(frozen=True)
class Retakes:
    """A picture, the same without each of its parts (at most MOST_PARTS), and what it was at stages of its making.

    `paper` is the colour beneath everything ("#rrggbb"), which hides places; None, for a picture without any, takes the
    picture's mean colour.
    """

    whole: Image.Image
    left_out: Sequence[Image.Image] = ()
    stages: Sequence[Image.Image] = ()
    paper: str | None = None


@dataclass(frozen=True)
class PictureReasons:
    """Cosines with the text: of the whole, without each part, at each stage; and what hiding each place takes away.

    `heat` is SIDE rows of SIDE cosines; above 0 a place speaks for the text, below 0 against it.
    """

    similarity: float
    left_out: list[float]
    stages: list[float]
    heat: list[list[float]]


@dataclass(frozen=True)
class CaptionReasons:
    """Cosines of a caption with a picture: of all of it, and without each of its words.

    `tokens` counts start and end too, of at most `most_tokens` that are read. `reach` is where the caption would stand
    on average, 0 to 100, if it had been written for pictures that have nothing to do with it: 50 is usual, and
    99 of 100 captions stay below `longest_reach`.
    """

    similarity: float
    words: list[str]
    left_out: list[float]
    tokens: int
    most_tokens: int
    reach: float
    longest_reach: float


def explain_picture(judge: Looker, text: str, retakes: Retakes) -> PictureReasons:
    """Return how well a picture fits a text, and what did that; everything is judged in one batch.

    Raises ValueError for more than MOST_PARTS parts.
    """
    parts, stages = len(retakes.left_out), len(retakes.stages)
    if parts > MOST_PARTS:
        raise ValueError(f"a picture is explained in at most {MOST_PARTS} parts, not {parts}")
    seen = judge.seen_as(retakes.whole)
    windows = _hidden(seen, _paper(seen, retakes.paper))
    pictures = [seen, *retakes.left_out, *retakes.stages, *(picture for _, picture in windows)]
    cosines = [float(cosine) for cosine in judge.embed_images(pictures) @ judge.embed_texts([text])[0]]
    whole, others = cosines[0], cosines[1:]
    drops = [whole - cosine for cosine in others[parts + stages :]]
    heat = _heat([place for place, _ in windows], drops)
    return PictureReasons(whole, others[:parts], others[parts : parts + stages], heat)


def explain_caption(judge: Looker, text: str, embedding: Rows) -> CaptionReasons:
    """Return what each word of a caption did for its fit with the picture of this unit embedding (d,).

    Where a single word is all there is, leaving it out leaves the empty text.
    """
    words = text.split()
    shortened = [" ".join(words[:i] + words[i + 1 :]) for i in range(len(words))]
    cosines = [float(cosine) for cosine in judge.embed_texts([text, *shortened]) @ embedding.astype(np.float32)]
    return CaptionReasons(
        similarity=cosines[0],
        words=words,
        left_out=cosines[1:],
        tokens=judge.count_tokens(text),
        most_tokens=judge.context_length,
        reach=judge.caption_reach(text),
        longest_reach=judge.longest_reach,
    )


def _paper(seen: Image.Image, paper: str | None) -> tuple[int, int, int]:
    if paper is not None:
        red, green, blue = ImageColor.getrgb(paper)[:3]
        return red, green, blue
    red, green, blue = (round(float(mean)) for mean in np.asarray(seen.convert("RGB")).mean((0, 1)))
    return red, green, blue


def _hidden(seen: Image.Image, paper: tuple[int, int, int]) -> list[tuple[tuple[int, int], Image.Image]]:
    """The picture with one window after another hidden, by the row and column of its first place; bare ones not."""
    marks = np.abs(np.asarray(seen.convert("RGB"), np.int16) - np.array(paper, np.int16)).max(2) >= PLAIN
    edges = [round(place * seen.width / SIDE) for place in range(SIDE + 1)]
    found = []
    for row in range(SIDE - REACH + 1):
        for column in range(SIDE - REACH + 1):
            left, top, right, bottom = edges[column], edges[row], edges[column + REACH], edges[row + REACH]
            if marks[top:bottom, left:right].any():
                picture = seen.convert("RGB")
                picture.paste(paper, (left, top, right, bottom))
                found.append(((row, column), picture))
    return found


def _heat(places: Sequence[tuple[int, int]], drops: Sequence[float]) -> list[list[float]]:
    """The mean, at each place, of what the windows over it took away; bare windows took nothing."""
    total, count = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for row in range(SIDE - REACH + 1):
        for column in range(SIDE - REACH + 1):
            count[row : row + REACH, column : column + REACH] += 1
    for (row, column), drop in zip(places, drops, strict=True):
        total[row : row + REACH, column : column + REACH] += drop
    cells: list[list[float]] = (total / count).tolist()
    return cells
