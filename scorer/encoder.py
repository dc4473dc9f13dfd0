"""CLIP as a pair of functions: pictures and texts in, unit vectors out.  The only file that imports `open_clip`.

A model arrives together with its own input size, mean and standard deviation: the same picture shown to two models is
prepared in two ways, and mixing them up costs similarity without an error.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from scorer import products, torchvision_gap

torchvision_gap.close()

import open_clip  # noqa: E402  (needs the gap closed)
from open_clip.model import CLIP  # noqa: E402

CONTEXT_LENGTH = 77
WEIGHTS = Path(__file__).parent / "weights"


class ScorerError(Exception):
    """Says what is wrong with a judge's name, its weights or what it was given, and what to do."""


class Encoder:
    """One CLIP model with its own preparation of pictures; safe to share between threads for reading.

    `size` is the side of its input in pixels, `dim` the length of its embeddings, `context_length` its tokens a text.
    """

    def __init__(self, name: str, model: Any, tokenizer: Any, device: torch.device) -> None:
        self.name, self.model, self.device = name, model.eval().requires_grad_(False).to(device), device
        self._tokenizer = tokenizer
        if self.device.type == "cpu" and products.pays():
            products.quicken(self.model.visual)
        prepared = open_clip.get_model_preprocess_cfg(model)
        size = prepared["size"]
        self.size: int = size if isinstance(size, int) else size[-1]
        self.resize_mode: str = prepared["resize_mode"]
        self._mean = torch.tensor(prepared["mean"], device=device).view(3, 1, 1)
        self._std = torch.tensor(prepared["std"], device=device).view(3, 1, 1)
        self.context_length: int = int(getattr(tokenizer, "context_length", None) or CONTEXT_LENGTH)
        self.dim: int = self.encode_texts(["a"]).shape[1]

    def encode_images(self, pixels: Tensor) -> Tensor:
        """Return unit rows (n, d) for pictures (n, 3, h, w) with values in [0, 1]; differentiable.

        Pictures of another size than `size` are resized with an antialiased bicubic filter; the shape must be square.
        """
        if pixels.ndim != 4 or pixels.shape[1] != 3:
            raise ScorerError(f"pictures must have the shape (n, 3, h, w), not {tuple(pixels.shape)}")
        pixels = pixels.to(self.device)
        if pixels.shape[-2:] != (self.size, self.size):
            pixels = F.interpolate(pixels, (self.size, self.size), mode="bicubic", antialias=True).clamp(0, 1)
        rows: Tensor = self.model.encode_image((pixels - self._mean) / self._std)
        return F.normalize(rows, dim=-1)

    @torch.no_grad()
    def image_layers(self) -> dict[str, tuple[int, int]]:
        """Return the image tower's modules that `activations` can read, by path, with their (channels, places)."""
        blank = torch.full((2, 3, self.size, self.size), 0.5, device=self.device)
        names = [name for name, _ in self.model.visual.named_modules() if name]
        with self._overheard(names) as heard:
            self.encode_images(blank)
        rows = {name: _channels_first(heard[name], len(blank)) for name in names if name in heard}
        return {name: (row.shape[1], row.shape[2]) for name, row in rows.items() if row is not None}

    def activations(self, pixels: Tensor, layer: str) -> tuple[Tensor, Tensor]:
        """Return encode_images' rows (n, d), and what a layer put out on the way (n, channels, places); differentiable.

        `layer` is one of `image_layers`; places are pixels row by row, or tokens. Raises ScorerError for another.
        """
        with self._overheard([layer]) as heard:
            rows = self.encode_images(pixels)
        found = _channels_first(heard.get(layer), len(pixels))
        if found is None:
            raise ScorerError(f"{self.name} has no layer {layer!r} that can be read: choose one of image_layers()")
        return rows, found

    @contextmanager
    def _overheard(self, names: Sequence[str]) -> Iterator[dict[str, object]]:
        """Collect what modules of the image tower put out in this thread; others may use the encoder meanwhile."""
        heard: dict[str, object] = {}
        here, modules = threading.get_ident(), dict(self.model.visual.named_modules())

        def listen(name: str) -> Any:
            def hook(_module: object, _given: object, output: object) -> None:
                if threading.get_ident() == here:
                    output = output[0] if isinstance(output, tuple) else output
                    # a copy: the module after it may work in place
                    heard[name] = output.clone() if isinstance(output, Tensor) else output

            return hook

        hooks = [modules[name].register_forward_hook(listen(name)) for name in names if name in modules]
        try:
            yield heard
        finally:
            for hook in hooks:
                hook.remove()

    @torch.no_grad()
    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Return unit rows (n, d) for texts; what lies past `context_length` tokens is not read."""
        tokens = self._tokenizer(list(texts)).to(self.device)
        return F.normalize(self.model.encode_text(tokens), dim=-1)

    def model_bytes(self) -> int:
        """Return the size of the parameters and buffers in bytes, as they lie in memory."""
        return sum(t.numel() * t.element_size() for t in [*self.model.parameters(), *self.model.buffers()])

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text has, its start and end included, however long it is."""
        if isinstance(self._tokenizer, open_clip.SimpleTokenizer):
            return len(self._tokenizer.encode(text)) + 2
        return int((self._tokenizer([text]) != 0).sum())


def _channels_first(output: object, count: int) -> Tensor | None:
    """Return a layer's output as (n, channels, places); None if it is no batch of maps, tokens or vectors."""
    if not isinstance(output, Tensor) or len(output) != count or output.ndim not in (2, 3, 4):
        return None
    if output.ndim == 3:  # tokens: (n, places, channels)
        return output.transpose(1, 2)
    return output.flatten(2) if output.ndim == 4 else output[:, :, None]


def load_encoder(spec: str, device: str | None = None) -> Encoder:
    """Return the encoder that `spec` names, on `device` (CUDA where there is one, else the CPU).

    `spec` is "embedded:NAME" (a folder of scorer/weights), "ARCH:TAG" (a pair of `open_clip.list_pretrained()`, fetched
    by open_clip at the first use) or "ARCH:/path/to/weights.safetensors" (or .pt, read without running what is in it).
    Raises ScorerError, with what to do, for anything else.
    """
    where = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    kind, _, rest = spec.partition(":")
    if not rest:
        raise ScorerError(
            f'"{spec}" names no judge: write embedded:NAME, ARCH:TAG or ARCH:/path/to/weights.safetensors'
        )
    if kind == "embedded":
        return _embedded(spec, WEIGHTS / rest, where)
    if kind not in open_clip.list_models():
        raise ScorerError(f'open_clip knows no architecture "{kind}": see open_clip.list_models()')
    path = Path(rest).expanduser()
    if path.suffix in (".safetensors", ".pt", ".pth", ".bin") or path.is_file():
        return _from_file(spec, kind, path, where)
    return _from_tag(spec, kind, rest, where)


def build(config: dict[str, Any]) -> Any:
    """Return an untrained open_clip model from its `model_cfg`."""
    return CLIP(**config)


def text_tokens(texts: Sequence[str]) -> Tensor:
    """Return (n, 77) int64 tokens of open_clip's byte-pair encoding, padded with zeros."""
    tokens: Tensor = _byte_pairs()(list(texts))
    return tokens


@cache
def _byte_pairs() -> open_clip.SimpleTokenizer:
    return open_clip.SimpleTokenizer(context_length=CONTEXT_LENGTH)


def _embedded(spec: str, folder: Path, device: torch.device) -> Encoder:
    if not (folder / "open_clip_config.json").is_file() or folder.parent != WEIGHTS:
        names = sorted(f"embedded:{path.parent.name}" for path in WEIGHTS.glob("*/open_clip_config.json"))
        raise ScorerError(
            f'there is no embedded judge "{spec}": choose one of {", ".join(names) or "none (train one)"}'
        )
    return from_folder(spec, folder, device)


def from_folder(name: str, folder: Path, device: torch.device) -> Encoder:
    """Return the encoder whose weights and open_clip config a training run wrote to `folder`."""
    return Encoder(name, open_clip.create_model(f"local-dir:{folder}"), _byte_pairs(), device)


def _from_tag(spec: str, arch: str, tag: str, device: torch.device) -> Encoder:
    known = open_clip.get_pretrained_cfg(arch.removesuffix("-quickgelu"), tag) or open_clip.get_pretrained_cfg(
        arch, tag
    )
    if not known:
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(arch)) or "none"
        raise ScorerError(f'open_clip knows no weights "{tag}" for {arch} (it knows {tags}), and there is no such file')
    try:
        # open_clip builds a plain GELU for weights that were trained with QuickGELU, and only warns
        model = open_clip.create_model(arch, pretrained=tag, force_quick_gelu=bool(known.get("quick_gelu")))
    except Exception as error:
        raise ScorerError(
            f"the weights {spec} could not be fetched or read ({type(error).__name__}: {error}). Without a way to the "
            f"network, copy the weights here and name the file: {arch}:/path/to/weights.safetensors"
        ) from error
    return Encoder(spec, model, open_clip.get_tokenizer(arch), device)


def _from_file(spec: str, arch: str, path: Path, device: torch.device) -> Encoder:
    if not path.is_file():
        raise ScorerError(f"there is no file {path}: give the path of CLIP weights for {arch}")
    if path.suffix != ".safetensors" and _is_torchscript(path):
        raise ScorerError(
            f"{path} is a TorchScript archive, which can run code: convert it once by `paintoff weights import FILE`"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = open_clip.create_model(arch, pretrained=str(path), weights_only=True)
    except Exception as error:
        raise ScorerError(
            f"{path} does not hold plain tensors for {arch} ({type(error).__name__}: {str(error)[:300]}). Only "
            f"safetensors or a state dict that torch.load(weights_only=True) accepts is read; OpenAI weights need "
            f"{arch.removesuffix('-quickgelu')}-quickgelu"
        ) from error
    return Encoder(spec, model, open_clip.get_tokenizer(arch), device)


def _is_torchscript(path: Path) -> bool:
    import zipfile

    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") or name == "constants.pkl" for name in archive.namelist())
