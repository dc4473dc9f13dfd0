"""A run as a film: an animated WebP, held for a while on the finished picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

FRAME_MS = 60
LAST_MS = 2000


def webp(pictures: Sequence[Image.Image]) -> bytes:
    """Returns an animated WebP of the pictures, 60 ms each, the last one held for two seconds; it loops."""
    if not pictures:
        raise ValueError("a film needs a picture")
    held = [FRAME_MS] * (len(pictures) - 1) + [LAST_MS]
    data = io.BytesIO()
    pictures[0].save(
        data, "WEBP", save_all=True, append_images=list(pictures[1:]), duration=held, loop=0, quality=80, method=4
    )
    return data.getvalue()
