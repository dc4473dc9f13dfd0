"""`python -m scorer.training.evaluate`: how good a judge is on drawings by people that no training saw.

Every figure comes with its standard error.  Any judge that `scorer.load` knows can be measured, open_clip pairs too.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import scorer
from scorer.judge import Judge
from scorer.training import data
from scorer.training.captions import synonyms, with_article
from scorer.training.compose import Composer
from scorer.training.scenes import Mix

SCENES, CHOICES, SIDE = 1000, 50, 512
PHRASES = (
    ("{a} above {b}", (0, -1)),
    ("{a} below {b}", (0, 1)),
    ("{a} to the left of {b}", (-1, 0)),
    ("{a} to the right of {b}", (1, 0)),
)


@dataclass(frozen=True)
class Figure:
    """A share in [0, 1] with its standard error, and how many drawings or scenes it was counted on."""

    share: float
    error: float
    count: int


def share(hits: Sequence[bool] | np.ndarray) -> Figure:
    """Return the share of hits with its binomial standard error."""
    rows = np.asarray(hits, bool)
    p = float(rows.mean())
    return Figure(round(p, 4), round(math.sqrt(p * (1 - p) / len(rows)), 4), len(rows))


def words(judge: Judge, folder: Path) -> dict[str, Figure]:
    """Return top-1 and top-5 of 345 words on held-back drawings, and top-5 when the word is said by a synonym."""
    names, of, drawings = data.read(folder, held_back=True)
    rows = [
        judge.embed_images([data.picture(json.loads(text), SIDE, 9.0) for text in drawings[start : start + 256]])
        for start in range(0, len(drawings), 256)
    ]
    pictures = np.concatenate(rows)
    texts = _word_rows(judge, names)
    labels = np.array([names.index(word) for word in of])
    similarity = pictures @ texts.T
    place = (similarity > similarity[np.arange(len(labels)), labels][:, None]).sum(1)
    found = {"top1_of_345": share(place == 0), "top5_of_345": share(place < 5)}
    return found | _synonyms(judge, names, labels, pictures, texts, place < 5)


def _synonyms(judge: Judge, names: list[str], labels: np.ndarray, pictures: np.ndarray, texts: np.ndarray,
              own: np.ndarray) -> dict[str, Figure]:  # fmt: skip
    hits, base = [], []
    for word, others in synonyms().items():
        number = names.index(word)
        drawn = labels == number
        if not drawn.any():
            continue
        said = texts.copy()
        said[number] = judge.embed_texts([f"a drawing of {with_article(others[0], word)}"])[0]
        similarity = pictures[drawn] @ said.T
        hits.extend((similarity > similarity[:, [number]]).sum(1) < 5)
        base.extend(own[drawn])
    return {"synonym_top5": share(hits), "synonym_top5_by_own_word": share(base)}


def scenes(judge: Judge, folder: Path) -> dict[str, Figure]:
    """Return how often a scene gets its caption of 50, and its relation against the exchanged one.

    A scene is two held-back drawings of different words as black outlines, one above the other or beside it.
    """
    _, of, drawings = data.read(folder, held_back=True)
    rng = np.random.default_rng(4242)
    captions, exchanged, rows = [], [], []
    for _ in range(SCENES // 100):
        pictures = []
        for _ in range(100):
            a, b = _two_of_different_words(rng, of)
            phrase, offset = PHRASES[rng.integers(len(PHRASES))]
            first, second = (with_article(of[k], of[k]) for k in (a, b))
            captions.append(phrase.format(a=first, b=second))
            exchanged.append(phrase.format(a=second, b=first))
            pictures.append(_side_by_side(json.loads(drawings[a]), json.loads(drawings[b]), offset))
        rows.append(judge.embed_images(pictures))
    return _told(judge, np.concatenate(rows), captions, exchanged, "scene")


def composed(judge: Judge, folder: Path, cache: Path) -> dict[str, Figure]:
    """Return the same for scenes as training composes them: any colour and paper, touching things, synonyms, verbs."""
    composer = Composer(data.load(folder, held_back=True, cache=cache), torch.device("cpu"))
    captions: list[str] = []
    exchanged: list[str | None] = []
    rows = []
    for part in range(SCENES // 100):
        batch = composer.batch((4242, part), 100, 224, Mix(kinds={"two": 1.0}))
        captions += [str(caption) for caption in batch.captions]
        exchanged += [wrong[1] if len(wrong) > 1 else None for wrong in batch.wrong]
        rows.append(judge.embed_images(to_pictures(batch.pixels)))
    return _told(judge, np.concatenate(rows), captions, exchanged, "composed_scene")


def _told(judge: Judge, pictures: np.ndarray, captions: list[str], exchanged: Sequence[str | None],
          name: str) -> dict[str, Figure]:  # fmt: skip
    texts = judge.embed_texts(captions)
    rng = np.random.default_rng(4243)
    right = []
    for row, caption in enumerate(captions):
        others = rng.choice([k for k, text in enumerate(captions) if text != caption], CHOICES - 1, replace=False)
        right.append(bool((pictures[row] @ texts[row]) > (texts[others] @ pictures[row]).max()))
    relation = [
        bool(pictures[row] @ texts[row] > pictures[row] @ judge.embed_texts([text])[0])
        for row, text in enumerate(exchanged)
        if text is not None
    ]
    return {f"{name}_caption_of_50": share(right), f"{name}_relation_against_exchanged": share(relation)}


def _two_of_different_words(rng: np.random.Generator, of: list[str]) -> tuple[int, int]:
    while True:
        a, b = (int(k) for k in rng.integers(len(of), size=2))
        if of[a] != of[b]:
            return a, b


def _side_by_side(a: data.Strokes, b: data.Strokes, offset: tuple[int, int]) -> Image.Image:
    """Return the two drawings on one sheet, `a` moved from the middle by `offset` half sheets and `b` the other way."""
    sheet = Image.new("RGB", (SIDE, SIDE), "white")
    half = SIDE // 2
    for strokes, sign in ((a, 1), (b, -1)):
        x, y = (half // 2 + sign * step * half // 2 for step in offset)
        sheet.paste(data.picture(strokes, half, 7.0), (x, y))
    return sheet


def nothing(judge: Judge, folder: Path) -> dict[str, Figure]:
    """Return how many honest drawings of a word lie above a blank canvas, one line, a scribble and noise."""
    names, of, drawings = data.read(folder, held_back=True)
    step = max(1, len(drawings) // 1500)
    chosen = range(0, len(drawings), step)
    honest = judge.embed_images([data.picture(json.loads(drawings[k]), SIDE, 9.0) for k in chosen])
    texts = dict(zip(names, _word_rows(judge, names), strict=True))
    empty = judge.embed_images(list(_empty_pictures().values()))
    found = {}
    for number, name in enumerate(_empty_pictures()):
        above = [bool(row @ texts[of[k]] > empty[number] @ texts[of[k]]) for row, k in zip(honest, chosen, strict=True)]
        found[f"above_{name}"] = share(above)
    return found


def speed(judge: Judge) -> float:
    """Return milliseconds a picture in a batch of 8 pictures of 512 pixels, from Pillow image to embedding."""
    batch = [Image.new("RGB", (SIDE, SIDE), "white")] * 8
    judge.embed_images(batch)
    times = []
    for _ in range(10):
        began = time.perf_counter()
        judge.embed_images(batch)
        times.append((time.perf_counter() - began) / 8 * 1000)
    return round(float(np.median(times)), 2)


def _empty_pictures() -> dict[str, Image.Image]:
    rng = np.random.default_rng(5)
    line = data.picture([[[0, 255], [128, 140]]], SIDE, 9.0)
    walk = np.cumsum(rng.normal(0, 40, (40, 2)), 0)
    scribble = data.picture([[walk[:, 0].tolist(), walk[:, 1].tolist()]], SIDE, 9.0)
    noise = Image.fromarray(rng.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8))
    return {"blank": Image.new("RGB", (SIDE, SIDE), "white"), "one_line": line, "scribble": scribble, "noise": noise}


def _word_rows(judge: Judge, names: list[str]) -> np.ndarray:
    return judge.embed_texts([f"a drawing of {with_article(name, name)}" for name in names])


def to_pictures(pixels: torch.Tensor) -> list[Image.Image]:
    """Return Pillow images of pictures (n, 3, h, w) in [0, 1]."""
    rows = (pixels.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(row) for row in rows]


def measure(judge: Judge, folder: Path, cache: Path) -> dict[str, dict[str, float]]:
    """Return all figures by name."""
    found = words(judge, folder) | scenes(judge, folder) | composed(judge, folder, cache) | nothing(judge, folder)
    return {name: asdict(figure) for name, figure in found.items()}


def main() -> None:
    """Print one JSON object with all figures."""
    parser = argparse.ArgumentParser(prog="python -m scorer.training.evaluate", description=__doc__)
    parser.add_argument("--judge", default="embedded:main", help="as for scorer.load (default: embedded:main)")
    parser.add_argument("--data", type=Path, required=True, help="folder with quickdraw-train.parquet")
    parser.add_argument("--work", type=Path, default=Path("instance/training"), help="masks are kept here")
    chosen = parser.parse_args()
    judge = scorer.load(chosen.judge, keep=chosen.work)
    print(
        json.dumps({"judge": judge.spec, "ms_a_picture_of_8": speed(judge), **measure(judge, chosen.data, chosen.work)})
    )


if __name__ == "__main__":
    main()
