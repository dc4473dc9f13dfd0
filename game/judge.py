"""What the game knows of a judge: what may be asked of one, what comes back, and what can go wrong.

These are descriptions alone; `game/judging.py` is the door to who fits them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

Floats = NDArray[np.float32]


class JudgeUnavailable(RuntimeError):
    """The judge cannot be loaded or asked; the message says why. `retry_after` in seconds where waiting may help."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class JudgeBusy(JudgeUnavailable):
    """More is asked of the judge than it can do in time; whoever asked should come back."""


class JudgeAway(JudgeUnavailable):
    """The service that judges does not answer; what has to be judged can be kept until it does."""


class Score(Protocol):
    """How well a picture fits a text: cosine, percentile (0 to 100), the picture's unit embedding, the judge's name."""

    @property
    def similarity(self) -> float: ...
    @property
    def percentile(self) -> float: ...
    @property
    def embedding(self) -> Floats: ...
    @property
    def judge(self) -> str: ...


class Reader(Protocol):
    """Who finds writing in a picture with a palette, and says what it takes off a score (see scorer.writing)."""

    def find(self, picture: Image.Image) -> Sequence[Any]: ...
    def leave_out(self, picture: Image.Image, found: Sequence[Any]) -> Image.Image: ...
    def factor(self, similarity: float, without: float) -> float: ...
    def read(self, judge: Any, picture: Image.Image, embedding: Floats, text: str) -> Any: ...


class Judge(Protocol):
    """What the game asks of a judge; the scorer's has it all."""

    spec: str
    dim: int
    context_length: int
    noise: float
    embedded: bool

    def embed_texts(self, texts: Sequence[str]) -> Floats: ...
    def score(self, picture: Image.Image, text: str) -> Score: ...
    def score_embedding(self, embedding: Floats, text: str) -> Score: ...
    def percentile(self, similarity: float, text: str) -> float: ...
    def background_histogram(self, text: str, bins: int = 40) -> tuple[list[float], list[int]]: ...
    def caption_percentile(self, embedding: Floats, similarity: float) -> float: ...
    def count_tokens(self, text: str) -> int: ...
    def seen_as(self, picture: Image.Image) -> Image.Image: ...
    def embed_images(self, pictures: Sequence[Image.Image]) -> Floats: ...
    def caption_reach(self, text: str) -> float: ...

    @property
    def longest_reach(self) -> float: ...


@dataclass(frozen=True)
class Retakes:
    """A picture, the same without each of its parts, and at stages of its making; `paper` is the colour beneath."""

    whole: Image.Image
    left_out: Sequence[Image.Image] = ()
    stages: Sequence[Image.Image] = ()
    paper: str | None = None


@dataclass(frozen=True)
class Facts:
    """What a page tells about the judge: its name, below which difference of cosines scores tie, how much it reads."""

    spec: str
    noise: float
    max_tokens: int
    embedded: bool
