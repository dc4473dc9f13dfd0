"""Reads writing, where the extra `[ocr]` is installed: RapidOCR looks at every ink besides the detector.

It finds some of what the detector misses and says what was read, for half a second to a second of one core a picture.
Its models come with the package; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from scorer import inks, writing
from scorer.typography import read
from scorer.writing import MAP, Writing, box_of, factor, leave_out

__all__ = ["factor", "find", "is_installed", "leave_out", "read"]
SIDE = 512  # px of a layer as it is read
SURE = 0.6  # of a reading, 0 to 1
SHORTEST = 3  # letters: less may be a wheel and a pole
MOST_LAYERS = 5
SAME = 0.4  # of the smaller region: from there on two finds are one

_reading = threading.Lock()


def is_installed() -> bool:
    """Return whether the extra is there, without loading it."""
    return importlib.util.find_spec("rapidocr") is not None


def find(picture: Image.Image) -> list[Writing]:
    """Return the writing in a square picture as `scorer.writing.find` does, with what was read where something was."""
    found = writing.find(picture)
    for one in _apart(_readings(inks.indexed(picture))):
        for i, other in enumerate(found):
            if _share(one, other) > SAME:
                found[i] = replace(other, read=f"{other.read} {one.read}".strip())
                break
        else:
            found.append(one)
    return found


def _apart(readings: Iterable[Writing]) -> list[Writing]:
    """Return one reading of each place, the surest, from top to bottom: two layers may spell a word in two ways."""
    kept: list[Writing] = []
    for one in sorted(readings, key=lambda one: -one.certainty):
        if all(_share(one, other) <= SAME for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.box[1], one.box[0]))


def _share(one: Writing, other: Writing) -> float:
    """Return how much of the smaller region the other covers, 0 to 1."""
    return float((one.region & other.region).sum() / min(one.region.sum(), other.region.sum()))


def _readings(picture: Image.Image) -> Iterator[Writing]:
    """Yield each line that is read in one of the layers; what is read in one ink is read again in all together."""
    for layer in list(inks.layers(np.asarray(picture)))[-MOST_LAYERS:]:
        sheet = Image.fromarray(np.where(layer.mask, 0, 255).astype(np.uint8)).resize(
            (SIDE, SIDE), Image.Resampling.BOX
        )
        with _reading:  # the engine is not made for threads
            result = _engine()(np.asarray(sheet.convert("RGB")))
        if result.txts is None:
            continue
        for text, sure, corners in zip(result.txts, result.scores, result.boxes, strict=True):
            if sure >= SURE and sum(letter.isalpha() for letter in text) >= SHORTEST:
                region = _cells(corners)
                yield Writing(box_of(region), layer.inks, float(sure), region, text)


def _cells(corners: Sequence[Sequence[float]]) -> np.ndarray:
    """Return the cells of the map that the box around four corners, in px, covers."""
    low, high = np.min(corners, 0) / SIDE * MAP, np.max(corners, 0) / SIDE * MAP
    left, top = (min(max(int(v), 0), MAP - 1) for v in low)
    right, bottom = (min(max(int(np.ceil(v)), 1), MAP) for v in high)
    region = np.zeros((MAP, MAP), bool)
    region[top : max(bottom, top + 1), left : max(right, left + 1)] = True
    return region


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1})
