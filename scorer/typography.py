"""Whether a judge reads: for a CLIP of any origin, a picture of a text's words fits the text.

Two questions are asked, both of the judge itself, as the detector of `scorer.writing` may miss a hand it has never
seen.  Does the picture fit a text about written letters better than what was asked for (paint.wtf's second version
subtracted that cosine, see `blog.roboflow.com`)?  And does it fit worse when it hangs the wrong way round: a drawing
shows the same in a mirror, words do not (MirrorCLIP, NeurIPS 2024)?  Either alone would punish the innocent, an outline
on paper or a thing that has a right side, so both must be answered with yes.  The embedded judges learned from mirrored
drawings and never saw a word with its meaning; they cannot read, and are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from PIL import Image, ImageOps

LETTERED = ("written letters", "a piece of paper with words written on it", 'the words "{}" written on paper')
SURE = 3.0  # times the judge's noise: what a mirror must take away


class Reader(Protocol):
    """What is asked of a judge."""

    noise: float

    def embed_texts(self, texts: Any) -> np.ndarray: ...
    def score_embedding(self, embedding: np.ndarray, text: str) -> Any: ...
    def score(self, picture: Image.Image, text: str) -> Any: ...


@dataclass(frozen=True)
class Reading:
    """The evidence: the best cosine with a text about letters, and the cosine of the mirrored picture with the text."""

    letters: float
    mirrored: float


def read(judge: Reader, picture: Image.Image, embedding: np.ndarray, text: str) -> Reading | None:
    """Return the evidence that a judge took a text from a picture's letters, None where it did not.

    `embedding` is the picture's unit row (d,). The mirrored picture is looked at only where letters fit better.
    """
    similarity = float(judge.score_embedding(embedding, text).similarity)
    letters = float((judge.embed_texts([lettered.format(text) for lettered in LETTERED]) @ embedding).max())
    if letters <= similarity + judge.noise:
        return None
    mirrored = float(judge.score(ImageOps.mirror(picture), text).similarity)
    return Reading(letters, mirrored) if similarity - mirrored > SURE * judge.noise else None
