"""Pictures that settings name: a file on this machine, or the bytes themselves as a `data:` URI."""

from __future__ import annotations

import base64
import binascii
import io
import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from generator.declare import SettingsError

LARGEST = 40_000_000  # pixels; what has more is a mistake or an attack


def opened(source: str, pointer: str) -> Image.Image:
    """Returns the picture that `source` names as RGB on white paper; raises SettingsError at `pointer`.

    `source` is the path of a file or a `data:image/...;base64,...` URI. The first frame of a film is its picture.
    """
    try:
        file = io.BytesIO(_bytes(source)) if source.startswith("data:") else Path(source).expanduser()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # LARGEST is the limit here
            with Image.open(file) as picture:
                if picture.width * picture.height > LARGEST:
                    raise SettingsError(pointer, f"has more than {LARGEST:,} pixels; make it smaller")
                seen = picture.convert("RGBA")
    except SettingsError:
        raise
    except Exception as error:  # a broken file may raise anything in Pillow's decoders
        named = "the data: URI" if source.startswith("data:") else source[:200]
        raise SettingsError(pointer, f"{named} is no picture that can be read here ({error})") from error
    paper = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(paper, seen).convert("RGB")


def fitted(picture: Image.Image, size: int) -> Tensor:
    """Returns a picture (3, size, size) in [0, 1], whole and centred on white paper, on the CPU."""
    scale = size / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    paper = Image.new("RGB", (size, size), "white")
    small = picture.resize((width, height), Image.Resampling.LANCZOS)
    paper.paste(small, ((size - width) // 2, (size - height) // 2))
    return torch.from_numpy(np.array(paper)).permute(2, 0, 1) / 255


def _bytes(uri: str) -> bytes:
    head, comma, body = uri.partition(",")
    if not comma or not head.endswith(";base64"):
        raise ValueError("write data:image/png;base64,...")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError(f"its base64 is broken: {error}") from error
