"""What a judge needs of CLIP, wherever that computes: here, in batches, or behind an address (see `remote`)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from scorer.batching import Batcher, Limits
from scorer.encoder import Encoder, ScorerError
from scorer.graph import as_graph
from scorer.packing import halved, packed

Squares = NDArray[np.uint8]
ON_CUDA = Limits(batch=256, waiting=4096)
TORCH, ONNX, BF16 = "torch", "onnx", "bf16"
ENGINES = {TORCH: packed, ONNX: as_graph, BF16: halved}  # what looks at pictures, and how an encoder is made fit for it


class Embedder(Protocol):
    """Pictures, already of the right size, and texts to unit rows; its facts are those of its encoder."""

    name: str
    dim: int
    context_length: int
    size: int
    resize_mode: str

    def embed_squares(self, squares: Squares) -> np.ndarray:
        """Return float32 unit rows (n, d) for RGB pictures, uint8 (n, size, size, 3)."""

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit rows (n, d) for at least one text."""

    def count_tokens(self, text: str) -> int:
        """Return the text's number of tokens, start and end included."""


class LocalEmbedder:
    """An encoder of this process, which many threads may ask: they are served in common batches.

    Raises ScorerError, with what to do, where one of ENGINES is asked for that cannot serve here.
    """

    def __init__(self, encoder: Encoder, limits: Limits | None = None, engine: str = TORCH) -> None:
        on_cuda = encoder.device.type == "cuda"
        self.encoder, self.batcher = encoder, Batcher(limits or (ON_CUDA if on_cuda else Limits()))
        self.name, self.dim, self.context_length = encoder.name, encoder.dim, encoder.context_length
        self.size, self.resize_mode = encoder.size, encoder.resize_mode
        if engine not in ENGINES:
            raise ScorerError(f"there is no engine {engine!r}: choose one of {', '.join(ENGINES)}")
        self._sees = ENGINES[engine](encoder)
        if on_cuda:
            encoder.model.to(memory_format=torch.channels_last)

    def embed_squares(self, squares: Squares) -> np.ndarray:
        """Return float32 unit rows (n, d) for RGB pictures, uint8 (n, size, size, 3); raises Overloaded."""
        return self.batcher.rows(self._pictures, list(squares))

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit rows (n, d) for at least one text; raises Overloaded."""
        return self.batcher.rows(self._texts, texts)

    def count_tokens(self, text: str) -> int:
        """Return the text's number of tokens, start and end included."""
        return self.encoder.count_tokens(text)

    def _pictures(self, squares: Sequence[Squares]) -> np.ndarray:
        return encode_squares(self._sees, np.stack(squares))

    def _texts(self, texts: Sequence[str]) -> np.ndarray:
        return self.encoder.encode_texts(texts).float().cpu().numpy()


@torch.inference_mode()
def encode_squares(encoder: Encoder, squares: Squares) -> np.ndarray:
    """Return float32 unit rows (n, d) for RGB pictures, uint8 (n, size, size, 3), in one batch and at once.

    Bytes travel to the device, a quarter of what floats would be; on CUDA the model computes in bfloat16.
    """
    pixels = torch.from_numpy(squares).to(encoder.device).permute(0, 3, 1, 2).float().div_(255)
    with _precision(encoder):
        return encoder.encode_images(pixels).float().cpu().numpy()


def _precision(encoder: Encoder) -> AbstractContextManager[object]:
    if encoder.device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.autocast("cuda", torch.bfloat16)
    return nullcontext()
