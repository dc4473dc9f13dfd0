"""What judges made of pictures, as it is kept, and the pictures it was made of."""

from __future__ import annotations

import numpy as np
from PIL import Image

from game import storage
from game.judge import Floats
from game.models import Entry


def packed(embedding: Floats) -> bytes:
    """Return a unit embedding as it is kept: float16, half the size for a change of the cosine below 0.001."""
    return embedding.astype("<f2").tobytes()


def unpacked(kept: bytes) -> Floats:
    """Return a kept embedding as a float32 unit row (d,)."""
    row = np.frombuffer(kept, "<f2").astype(np.float32)
    return row / max(float(np.linalg.norm(row)), 1e-12)


def embedding_of(entry: Entry) -> Floats:
    """Return the unit embedding that an entry's judge gave its picture."""
    return unpacked(entry.embedding)


def picture_of(entry: Entry) -> Image.Image:
    """Return an entry's picture, RGB; raises storage.ObjectMissing when it is gone from the store."""
    return storage.picture(entry.picture)
