"""What a similarity is compared with: pictures and captions that have nothing to do with the text or the picture.

Each judge has a background of its own.  The embedded judges ship one, made from drawings by people that their training
did not see.  For other judges it is computed from `reference.pictures()`, drawn by the project itself, and kept.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save_file

from scorer import reference
from scorer.encoder import WEIGHTS, Encoder

FILE = "background.safetensors"
MOVED = 48  # pictures that the noise is measured on
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
        return _renewed(path, encoder, embed)
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
    return Background(embed(pictures), texts, noise(embed, pictures[:MOVED]))


def _renewed(path: Path, encoder: Encoder, embed: Embed) -> Background:
    """The background in a file, its noise measured again where that was done under other changes than today's."""
    kept = read(path)
    if _described(path).get("changes") != ", ".join(CHANGES):
        kept = replace(kept, noise=noise(embed, reference.pictures(MOVED)))
        write(kept, path, {"judge": encoder.name})
    return kept


def noise(embed: Embed, pictures: Sequence[Image.Image]) -> float:
    """Return how far, as a cosine (root mean square), a similarity moves under that one of CHANGES that moves it most.

    It is measured along the embeddings of other pictures: texts that matter point in such directions, random vectors
    do not.  The largest and not the mean: a change that moves nothing must not make a tie of another one smaller.
    """
    plain = embed(pictures)
    others = np.roll(plain, 1, axis=0)
    moved = [embed([change(picture) for picture in pictures]) for change in CHANGES.values()]
    return max(float(np.sqrt(np.mean(np.square(((changed - plain) * others).sum(1))))) for changed in moved)


def read(path: Path) -> Background:
    """Return a background from its file."""
    with safe_open(path, framework="numpy") as file:
        pictures, captions = (file.get_tensor(name).astype(np.float32) for name in ("pictures", "captions"))
    return Background(pictures, captions, float(_described(path)["noise"]))


def _described(path: Path) -> dict[str, Any]:
    with safe_open(path, framework="numpy") as file:
        described: dict[str, Any] = json.loads((file.metadata() or {}).get("paintoff", "{}"))
    return described


def write(made: Background, path: Path, described: dict[str, str]) -> None:
    """Write a background as float16, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {"pictures": made.pictures.astype(np.float16), "captions": made.captions.astype(np.float16)}
    facts = {"noise": made.noise, "changes": ", ".join(CHANGES), **described}
    save_file(rows, path.with_suffix(".new"), {"paintoff": json.dumps(facts)})
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


def _compressed(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=85)
    with Image.open(file) as lossy:
        return lossy.convert("RGB")


# What means nothing in a picture and moves its similarity all the same.
CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "shift of 1 px": _shifted,
    "scale of 2 %": _scaled,
    "JPEG of quality 85": _compressed,
}
