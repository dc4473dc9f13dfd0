"""The judge: how well a picture fits a text, and where that stands among pictures that have nothing to do with it.

A raw cosine is no grade: its range differs from text to text and from model to model.  The percentile is its place
among the similarities of a few thousand unrelated pictures with the same text (the idea of a background distribution is
that of anomaly scores; for CLIP see the thresholds that paint.wtf's makers fitted by hand).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from scorer import background, images
from scorer.embedder import TORCH, Embedder, LocalEmbedder, encode_squares
from scorer.encoder import Encoder, ScorerError, load_encoder

KEPT_TEXTS = 4096
KEPT_LEVELS = 512  # texts; some 10 kB each
BATCH = 64


@dataclass(frozen=True)
class Score:
    """What judging returns: the cosine in [-1, 1], its percentile in [0, 100], the picture's embedding, the judge."""

    similarity: float
    percentile: float
    embedding: np.ndarray
    judge: str


class Judge:
    """An encoder in the role of the judge.  Safe to call from many threads: they are served in common batches.

    Whatever has to be encoded raises `batching.Overloaded` when there is too much of it.

    `noise` is how far the similarity of a drawing moves when it is shifted by a pixel, scaled by 2 % or kept as a JPEG,
    as a cosine: scores closer than that are a tie.
    """

    def __init__(self, source: Encoder | Embedder, against: background.Background) -> None:
        self.embedder: Embedder = LocalEmbedder(source) if isinstance(source, Encoder) else source
        self.spec, self.dim, self.context_length = source.name, source.dim, source.context_length
        self.embedded, self.noise = source.name.startswith("embedded:"), against.noise
        self.against = against
        self._texts: OrderedDict[str, np.ndarray] = OrderedDict()
        self._known_levels: OrderedDict[str, np.ndarray] = OrderedDict()
        self._texts_lock = threading.Lock()

    @property
    def encoder(self) -> Encoder:
        """The judge's encoder, as tensors in and out; raises ScorerError for a judge that computes elsewhere."""
        if not isinstance(self.embedder, LocalEmbedder):
            raise ScorerError(f"{self.spec} computes elsewhere: load it here by its name to use it as a guide")
        return self.embedder.encoder

    def embed_images(self, pictures: Sequence[Image.Image]) -> np.ndarray:
        """Return float32 unit rows (n, d) for pictures of any size and mode."""
        if not pictures:
            return np.zeros((0, self.dim), np.float32)
        # Prepared here, in the caller's thread, while the judge's own encodes what came before.
        rows = [
            self.embedder.embed_squares(images.to_squares(pictures[start : start + BATCH], *self._shape()))
            for start in range(0, len(pictures), BATCH)
        ]
        return np.concatenate(rows)

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit rows (n, d); the most recent few thousand texts are remembered."""
        with self._texts_lock:
            known = {text: self._texts[text] for text in texts if text in self._texts}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, self.embedder.embed_texts(missing), strict=True))
        with self._texts_lock:
            for text in texts:
                self._texts[text] = known[text]
                self._texts.move_to_end(text)
            while len(self._texts) > KEPT_TEXTS:
                self._texts.popitem(last=False)
        return np.stack([known[text] for text in texts]) if len(texts) else np.zeros((0, self.dim), np.float32)

    def score(self, picture: Image.Image, text: str) -> Score:
        """Return how well the picture fits the text."""
        return self.score_embedding(self.embed_images([picture])[0], text)

    def score_embedding(self, embedding: np.ndarray, text: str) -> Score:
        """Return the score of a picture whose unit embedding (d,) is already known."""
        if embedding.shape != (self.dim,):
            raise ScorerError(f"an embedding of {self.spec} has {self.dim} numbers, not {embedding.shape}")
        row = embedding.astype(np.float32)
        similarity = float(row @ self.embed_texts([text])[0])
        return Score(similarity, self.percentile(similarity, text), row, self.spec)

    def percentile(self, similarity: float, text: str) -> float:
        """Return where a similarity with this text stands among the background's, 0 to 100."""
        return background.percentile(similarity, self._levels(text))

    def _levels(self, text: str) -> np.ndarray:
        """The background's similarities with this text, sorted; those of recent texts are remembered."""
        with self._texts_lock:
            levels = self._known_levels.get(text)
        if levels is None:
            levels = np.sort(self.against.pictures @ self.embed_texts([text])[0])
            with self._texts_lock:
                self._known_levels[text] = levels
                while len(self._known_levels) > KEPT_LEVELS:
                    self._known_levels.popitem(last=False)
        return levels

    def background_histogram(self, text: str, bins: int = 40) -> tuple[list[float], list[int]]:
        """Return the edges (bins + 1) and counts (bins) of the background's similarities with this text."""
        counts, edges = np.histogram(self._levels(text), bins)
        return [float(edge) for edge in edges], [int(count) for count in counts]

    def caption_percentile(self, embedding: np.ndarray, similarity: float) -> float:
        """Return where a caption's similarity stands among captions not written for this picture, 0 to 100."""
        return background.percentile(similarity, np.sort(self.against.captions @ embedding.astype(np.float32)))

    def caption_reach(self, text: str) -> float:
        """Return where a caption stands on average on pictures it was not written for, 0 to 100; 50 is usual."""
        return background.reach(self.embed_texts([text])[0], self.against)

    @cached_property
    def longest_reach(self) -> float:
        """The `caption_reach` below which 99 of 100 captions stay: what reaches further fits every picture."""
        return background.longest_reach(self.against)

    def count_tokens(self, text: str) -> int:
        """Return the text's number of tokens, start and end included; past `context_length` nothing is read."""
        return self.embedder.count_tokens(text)

    def seen_as(self, picture: Image.Image) -> Image.Image:
        """Return the picture as the judge saw it: RGB at the encoder's own size."""
        return images.prepare(picture, *self._shape())

    def _shape(self) -> tuple[int, str]:
        return self.embedder.size, self.embedder.resize_mode


def load(spec: str, device: str | None = None, keep: Path | None = None, engine: str = TORCH) -> Judge:
    """Return the judge that `spec` names (see `encoder.load_encoder`) with its background.

    The embedded judges ship their background.  For any other it is computed from pictures that the project draws
    itself, which takes a minute or two on a CPU; it is kept in the folder `keep` where one is given.  `engine`, one of
    `embedder.ENGINES`, is what looks at pictures: torch, or on a CPU ONNX Runtime (see `scorer.graph`)
    or bfloat16 (see `scorer.packing`).
    Raises ScorerError, with what to do.
    """
    encoder = load_encoder(spec, device)
    source = LocalEmbedder(encoder, engine=engine)
    return Judge(source, background.find(encoder, keep, lambda pictures: embed_images(encoder, pictures)))


def embed_images(encoder: Encoder, pictures: Sequence[Image.Image]) -> np.ndarray:
    """Return float32 unit rows (n, d), a batch at a time, in the caller's thread."""
    rows = [
        encode_squares(encoder, images.to_squares(pictures[start : start + BATCH], encoder.size, encoder.resize_mode))
        for start in range(0, len(pictures), BATCH)
    ]
    return np.concatenate(rows) if rows else np.zeros((0, encoder.dim), np.float32)
