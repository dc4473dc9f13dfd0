"""The door to the scorer: the judge of this process, loaded when first asked for, and guides for those who paint."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from flask import current_app
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

Floats = NDArray[np.float32]
INJECTED = "paintoff.judge"  # in app.extensions: a judge to use instead of the settings'

_loading = threading.Lock()
_loaded: dict[tuple[str, str], Judge] = {}  # by name and device
_guides: dict[tuple[str, str], Any] = {}


class JudgeUnavailable(RuntimeError):
    """The judge cannot be loaded; the message says what to do about it."""


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


@dataclass(frozen=True)
class Facts:
    """What a page tells about the judge: its name, below which difference of cosines scores tie, how much it reads."""

    spec: str
    noise: float
    max_tokens: int
    embedded: bool


def spec() -> str:
    """Return the name of the judge that sits, without loading it."""
    injected = current_app.extensions.get(INJECTED)
    return str(current_app.config["PAINTOFF"].judge if injected is None else injected.spec)


def is_embedded() -> bool:
    """Whether the judge that sits is one of our own small ones, told without loading it."""
    injected = current_app.extensions.get(INJECTED)
    return spec().startswith("embedded:") if injected is None else bool(injected.embedded)


def current() -> Judge:
    """Return the judge that sits; the first call in a process loads it, which takes seconds."""
    injected: Judge | None = current_app.extensions.get(INJECTED)
    return load(spec()) if injected is None else injected


def named(name: str) -> Judge:
    """Return the judge of this name: the one that sits, or a former one, which may take long to load."""
    sitting = current()
    return sitting if sitting.spec == name else load(name)


def load(name: str) -> Judge:
    """Return the judge of this name, kept for the life of the process; raises JudgeUnavailable."""
    settings = current_app.config["PAINTOFF"]
    key = (name, settings.device)
    with _loading:
        if key not in _loaded:
            import scorer

            try:
                _loaded[key] = scorer.load(name, settings.device or None, Path(settings.data) / "background")
            except scorer.ScorerError as error:
                raise JudgeUnavailable(str(error)) from error
        return _loaded[key]


def facts() -> Facts:
    """Return what a page tells about the judge."""
    judge = current()
    return Facts(judge.spec, judge.noise, judge.context_length, judge.embedded)


def judge_picture(picture: Image.Image, text: str) -> Score:
    """Return the score of a picture for a text."""
    return current().score(picture, text)


def guide(name: str) -> Any:
    """Return the encoder of this name in the role of a guide, kept like a judge; it needs no background."""
    settings = current_app.config["PAINTOFF"]
    key = (name, settings.device)
    with _loading:
        if key in _loaded:
            sitting: Any = _loaded[key]
            return sitting.encoder
        if key not in _guides:
            from scorer.encoder import load_encoder

            _guides[key] = load_encoder(name, settings.device or None)
        return _guides[key]
