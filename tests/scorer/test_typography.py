"""Whether a judge reads, asked of judges whose eyes are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from scorer import typography


@dataclass
class Score:
    """As the scorer's, the similarity alone."""

    similarity: float


class Reader:
    """A judge of three numbers: what is drawn, what can be read, letters as such; a mirror makes words unreadable."""

    noise = 0.01

    def __init__(self, reads: float, sees: float) -> None:
        self.reads, self.sees = reads, sees

    def look(self, picture: Image.Image) -> np.ndarray:
        mirrored = picture.getpixel((0, 0)) != (0, 0, 0)
        return np.array([self.sees, 0.0 if mirrored else self.reads, self.reads])

    def embed_texts(self, texts: list[str]) -> np.ndarray:
        return np.stack([np.array([0.0, 0.5, 1.0] if "writ" in text else [1.0, 1.0, 0.0]) for text in texts])

    def score_embedding(self, embedding: np.ndarray, text: str) -> Score:
        return Score(float(self.embed_texts([text])[0] @ embedding))

    def score(self, picture: Image.Image, text: str) -> Score:
        return self.score_embedding(self.look(picture), text)


@pytest.fixture
def picture() -> Image.Image:
    """A picture with a dark left half, so that a mirror shows."""
    picture = Image.new("RGB", (16, 16), "white")
    picture.paste((0, 0, 0), (0, 0, 8, 16))
    return picture


@pytest.mark.parametrize(("reads", "sees", "caught"), [(0.3, 0.0, True), (0.3, 0.1, True), (0.0, 0.3, False)])
def test_what_is_read_and_not_seen_is_caught(picture: Image.Image, reads: float, sees: float, caught: bool) -> None:
    judge = Reader(reads, sees)
    reading = typography.read(judge, picture, judge.look(picture), "a cat")
    assert (reading is not None) == caught
    if reading is not None:
        assert reading.mirrored == pytest.approx(sees)
        assert reading.letters > reads


def test_a_drawing_that_a_word_only_accompanies_is_left_to_the_detector(picture: Image.Image) -> None:
    judge = Reader(reads=0.1, sees=0.3)
    assert typography.read(judge, picture, judge.look(picture), "a cat") is None
