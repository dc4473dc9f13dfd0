"""Writing does not pay: a drawing that spells its prompt counts as if the words were not there, and says so.

The penalty keeps where the words are, what the picture without them is (an object of the store) and how it scored, so
that another judge can weigh it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from game import judging, storage
from game.judging import Judge, Score
from game.rules import raster
from game.rules.drawing import Drawing
from game.sayings import figure, say

KIND, LETTERS = "writing", "letters"


def penalties(drawing: Drawing, grid: Any, text: str, judge: Judge, score: Score) -> list[dict[str, Any]]:
    """Return what writing takes off a drawing's score: one penalty, or none. `grid` is the drawing's master."""
    reader = judging.reader()
    master = _palette_picture(grid, drawing.palette)
    found = reader.find(master)
    if found:
        left = raster.picture_of(np.asarray(reader.leave_out(master, found)), drawing.palette)
        return [_placed(found, left, score, judge.score(left, text))]
    return _read(raster.picture_of(grid, drawing.palette), text, judge, score)


def of_painting(picture: Image.Image, text: str, judge: Judge, score: Score) -> list[dict[str, Any]]:
    """As `penalties`, for a picture that is no drawing."""
    reader = judging.reader()
    found = reader.find(picture)
    if found:
        left = reader.leave_out(picture, found).convert("RGB")
        return [_placed(found, left, score, judge.score(left, text))]
    return _read(picture, text, judge, score)


def reweighed(kept: Sequence[dict[str, Any]], judge: Judge, score: Score, text: str) -> list[dict[str, Any]]:
    """Return an entry's penalties as another judge, or other words, would have it; `score` is the entry's new one.

    What only a former judge could read is forgotten. Where the picture without the words is lost, the factor stays.
    """
    out = []
    for penalty in kept:
        if penalty["kind"] == KIND:
            try:
                without = judge.score(storage.picture(penalty["object"]), text)
            except (storage.ObjectMissing, OSError):
                out.append(penalty)
                continue
            out.append({**penalty, **_penalty(score, without, judging.reader())})
        elif penalty["kind"] != LETTERS:
            out.append(penalty)
    return out


def left_out(kept: Sequence[dict[str, Any]]) -> str | None:
    """Return the name of the picture without the writing in the store, None where nothing was left out."""
    return next((penalty["object"] for penalty in kept if penalty["kind"] == KIND), None)


def told(kept: dict[str, Any], similarity: float) -> str:
    """Return in a sentence or two what a kept penalty is for; `similarity` is that of the entry, words and all."""
    if kept["kind"] not in (KIND, LETTERS) or "similarity" not in kept:
        return str(kept["detail"])  # in the words of whoever set it
    numbers = {"without": figure(kept["similarity"], 3), "similarity": figure(similarity, 3)}
    if kept["kind"] == LETTERS:
        return say(
            "The judge reads this rather than sees it: in a mirror it is %(without)s instead of %(similarity)s. "
            "The lower one counts, less a tenth.",
            **numbers,
        )
    if not kept.get("read"):
        return say(
            "There is writing in this drawing, and words do not count. Without that ink it is %(without)s instead of "
            "%(similarity)s; the lower one counts, less a tenth.",
            **numbers,
        )
    return say(
        "This drawing says %(said)s, and words do not count. Without that ink it is %(without)s instead of "
        "%(similarity)s; the lower one counts, less a tenth.",
        said=kept["read"],
        **numbers,
    )


def _placed(found: Sequence[Any], left: Image.Image, score: Score, without: Score) -> dict[str, Any]:
    boxes = [[round(share, 4) for share in one.box] for one in found]
    said = ", ".join(f"“{one.read}”" for one in found if one.read)
    place = {"boxes": boxes, "read": said, "object": storage.put(storage.png(left), ".png")}
    return _penalty(score, without, judging.reader()) | place


def _read(picture: Image.Image, text: str, judge: Judge, score: Score) -> list[dict[str, Any]]:
    """Return the penalty for what a judge that reads has read, if it has; an embedded one cannot."""
    if judge.embedded:
        return []
    reader = judging.reader()
    reading = reader.read(judge, picture, score.embedding, text)
    return [] if reading is None else [_letters(score, reading.mirrored, reader)]


def _penalty(score: Score, without: Score, reader: judging.Reader) -> dict[str, Any]:
    return {
        "kind": KIND,
        "factor": round(reader.factor(score.similarity, without.similarity), 6),
        "similarity": without.similarity,
        "percentile": without.percentile,
    }


def _letters(score: Score, mirrored: float, reader: judging.Reader) -> dict[str, Any]:
    return {
        "kind": LETTERS,
        "factor": round(reader.factor(score.similarity, mirrored), 6),
        "similarity": mirrored,
    }


def _palette_picture(grid: Any, palette: Sequence[str]) -> Image.Image:
    picture = Image.fromarray(np.ascontiguousarray(grid, np.uint8), "P")
    picture.putpalette(bytes.fromhex("".join(color[1:] for color in palette)))
    return picture
