"""Pictures on their way to an encoder: paper under transparency, one size, eight bits a colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def prepare(picture: Image.Image, size: int, resize_mode: str = "shortest") -> Image.Image:
    """Return the RGB picture of `size` x `size` pixels that an encoder sees.

    Transparent parts lie on white paper.  The shorter side is fitted and the rest cut off in the middle ("shortest"),
    or both sides are fitted ("squash" and all others), with an antialiased bicubic filter, as open_clip does it.
    """
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        paper.alpha_composite(layer)
        picture = paper
    picture = picture.convert("RGB")
    if picture.size == (size, size):
        return picture
    if resize_mode != "shortest" or picture.width == picture.height:
        return picture.resize((size, size), Image.Resampling.BICUBIC)
    scale = size / min(picture.size)
    wide, high = max(size, round(picture.width * scale)), max(size, round(picture.height * scale))
    left, top = (wide - size) // 2, (high - size) // 2
    return picture.resize((wide, high), Image.Resampling.BICUBIC).crop((left, top, left + size, top + size))


def to_squares(pictures: Sequence[Image.Image], size: int, resize_mode: str = "shortest") -> NDArray[np.uint8]:
    """Return uint8 (n, size, size, 3) of at least one picture, as an encoder sees them."""
    return np.stack([np.asarray(prepare(picture, size, resize_mode)) for picture in pictures])
