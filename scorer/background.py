"""What a similarity is compared with: pictures and captions that have nothing to do with the text or the picture.

Each judge has a background of its own.  The embedded judges ship one, made from drawings by people that their training
did not see.  For other judges it is computed from `reference.pictures()`, drawn by the project itself, and kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save_file

from scorer import reference
from scorer.encoder import WEIGHTS, Encoder

FILE = "background.safetensors"
SAMPLE = 256  # pictures of which `reach` is measured; the standard error is below 2
Embed = Callable[[Sequence[Image.Image]], np.ndarray]


@dataclass(frozen=True)
class Background:
    """Unit rows of pictures (n, d) and captions (m, d), and the judge's noise as a cosine."""

    pictures: np.ndarray
    captions: np.ndarray
    noise: float


def percentile(similarity: float, others: np.ndarray) -> float:
    """Return the share of the sorted `others` (n,) that lie below `similarity`, ties by half, in [0, 100]."""
    below, up_to = np.searchsorted(others, similarity, "left"), np.searchsorted(others, similarity, "right")
    return 50.0 * float(below + up_to) / len(others)


def reach(caption: np.ndarray, against: Background) -> float:
    """Return the mean percentile, 0 to 100, of a caption (d,) among the captions, over some of the pictures.

    A caption that fits whatever it is put under ("a drawing") stands high everywhere.
    """
    sample = _sample(against)
    own, others = (sample @ caption)[:, None], sample @ against.captions.T
    return 50.0 * float((others < own).mean() + (others <= own).mean())


def longest_reach(against: Background) -> float:
    """Return the reach below which 99 of 100 of the background's own captions stay, 0 to 100."""
    places = (_sample(against) @ against.captions.T).argsort(1).argsort(1)
    return float(np.percentile(100.0 * (places.mean(0) + 0.5) / len(against.captions), 99))


def _sample(against: Background) -> np.ndarray:
    return against.pictures[:: -(-len(against.pictures) // SAMPLE)]


def find(encoder: Encoder, keep: Path | None, embed: Embed) -> Background:
    """Return the background that ships with an encoder, or the one kept earlier, or a new one, which is then kept."""
    if encoder.name.startswith("embedded:"):
        return read(WEIGHTS / encoder.name.removeprefix("embedded:") / FILE)
    path = None if keep is None else keep / f"{hashlib.sha256(encoder.name.encode()).hexdigest()[:20]}.safetensors"
    if path is not None and path.is_file():
        return read(path)
    made = make(encoder, embed, reference.pictures())
    if path is not None:
        write(made, path, {"judge": encoder.name})
    return made


def make(encoder: Encoder, embed: Embed, pictures: Sequence[Image.Image]) -> Background:
    """Return a background of these pictures and of `reference.captions()`."""
    captions = reference.captions()
    texts = np.concatenate(
        [encoder.encode_texts(captions[i : i + 64]).float().cpu().numpy() for i in range(0, len(captions), 64)]
    )
    return Background(embed(pictures), texts, noise(embed, pictures[:48]))


def noise(embed: Embed, pictures: Sequence[Image.Image]) -> float:
    """Return the root mean square cosine by which a similarity moves under a shift of a pixel and a scale of 2 %.

    It is measured along the embeddings of other pictures: texts that matter point in such directions, random vectors
    do not.
    """
    plain = embed(pictures)
    moved = [embed([change(picture) for picture in pictures]) for change in (_shifted, _scaled)]
    others = np.roll(plain, 1, axis=0)
    steps = [((changed - plain) * others).sum(1) for changed in moved]
    return float(np.sqrt(np.mean(np.square(np.concatenate(steps)))))


def read(path: Path) -> Background:
    """Return a background from its file."""
    with safe_open(path, framework="numpy") as file:
        described = json.loads((file.metadata() or {}).get("paintoff", "{}"))
        pictures, captions = (file.get_tensor(name).astype(np.float32) for name in ("pictures", "captions"))
    return Background(pictures, captions, float(described["noise"]))


def write(made: Background, path: Path, described: dict[str, str]) -> None:
    """Write a background as float16, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {"pictures": made.pictures.astype(np.float16), "captions": made.captions.astype(np.float16)}
    save_file(rows, path.with_suffix(".new"), {"paintoff": json.dumps({"noise": made.noise, **described})})
    path.with_suffix(".new").replace(path)


def _shifted(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGB", picture.size, picture.convert("RGB").getpixel((0, 0)))
    paper.paste(picture, (1, 1))
    return paper


def _scaled(picture: Image.Image) -> Image.Image:
    side = picture.width
    paper = Image.new("RGB", picture.size, picture.convert("RGB").getpixel((0, 0)))
    small = round(side * 0.98)
    paper.paste(picture.resize((small, small), Image.Resampling.BICUBIC), ((side - small) // 2, (side - small) // 2))
    return paper
