"""Does a judge understand scenes: who is where, how many there are, which colour they have?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from scorer.judge import Judge
from scorer.training import data
from scorer.training.canvas import Canvas
from scorer.training.captions import COLOURS, NUMBERS, Writer, plural, with_article
from scorer.training.compose import Composer
from scorer.training.figures import SIDE, Figure, caption_of_50, share, to_pictures
from scorer.training.scenes import HUGE, SMALL, Mix, Scene, Stage

SCENES = 1000
PHRASES = (
    ("{a} above {b}", (0, -1)),
    ("{a} below {b}", (0, 1)),
    ("{a} to the left of {b}", (-1, 0)),
    ("{a} to the right of {b}", (1, 0)),
)


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
    relation = [
        bool(pictures[row] @ texts[row] > pictures[row] @ judge.embed_texts([text])[0])
        for row, text in enumerate(exchanged)
        if text is not None
    ]
    return {
        f"{name}_caption_of_50": caption_of_50(pictures, texts, captions),
        f"{name}_relation_against_exchanged": share(relation),
    }


def many(judge: Judge, folder: Path, cache: Path) -> dict[str, Figure]:
    """Return how often scenes of three and four things, numbers, colours and sizes are understood.

    `mixed`: three or four things, the caption of 50 and against one with a thing changed; `number_of_4`: two to five of
    one thing, the right number of the four (chance 25 %); `group_number`: a number of things and another thing, against
    another number; `colour_of_10`: one thing in one colour (chance 10 %); `size_of_2`: a small or huge thing (50 %).
    """
    composer = Composer(data.load(folder, held_back=True, cache=cache), torch.device("cpu"))
    found = {}
    for kind in ("mixed", "group"):
        batches = [composer.batch((4244, part), 100, 224, Mix({kind: 1.0}, plain=0.5)) for part in range(SCENES // 100)]
        pictures = np.concatenate([judge.embed_images(to_pictures(batch.pixels)) for batch in batches])
        captions = [str(caption) for batch in batches for caption in batch.captions]
        texts = judge.embed_texts(captions)
        changed = judge.embed_texts([wrong[0] for batch in batches for wrong in batch.wrong])
        found[f"{kind}_caption_of_50"] = caption_of_50(pictures, texts, captions)
        of = "number" if kind == "group" else "thing"
        found[f"{kind}_against_another_{of}"] = share((pictures * (texts - changed)).sum(1) > 0)
    return found | _chosen(judge, composer)


def _chosen(judge: Judge, composer: Composer) -> dict[str, Figure]:
    """Return how often the right one of a few captions is chosen that differ in one word."""
    rng, words = np.random.default_rng(4245), composer.drawings.words
    stage = Stage(composer.drawings, Writer(words, rng), rng, Mix(plain=0.5, variety=0.0))
    scenes: dict[str, list[tuple[Scene, list[str], int]]] = {"number_of_4": [], "colour_of_10": [], "size_of_2": []}
    while len(scenes["number_of_4"]) < SCENES:
        scene = stage.scene("several")
        if len(scene.things) <= 5:
            word = plural(words[scene.things[0].word])
            texts = [f"{NUMBERS[k]} {word}" for k in range(2, 6)]
            scenes["number_of_4"].append((scene, texts, len(scene.things) - 2))
    names = list(COLOURS)
    for row in range(SCENES):
        thing = stage.alone(stage.coloured(stage.thing(plain=True), names[row % 10]))
        texts = [with_article(f"{name} {words[thing.word]}", words[thing.word]) for name in names]
        scenes["colour_of_10"].append((Scene((thing,), white=True), texts, row % 10))
        thing, size = stage.thing(plain=True), (rng.uniform(0.2, SMALL), rng.uniform(HUGE, 1.5))[row % 2]
        texts = [with_article(f"{said} {words[thing.word]}", words[thing.word]) for said in ("small", "huge")]
        place = (*rng.uniform(-0.25, 0.25, 2), size, size, 0.0)
        scenes["size_of_2"].append((Scene((replace(thing, place=place),), white=True), texts, row % 2))
    canvas = Canvas(composer.drawings, composer.device, rng, bend=0.0)
    return {name: share(_right(judge, canvas, rows)) for name, rows in scenes.items()}


def _right(judge: Judge, canvas: Canvas, rows: Sequence[tuple[Scene, list[str], int]]) -> list[bool]:
    right = []
    for start in range(0, len(rows), 100):
        part = rows[start : start + 100]
        pictures = judge.embed_images(to_pictures(canvas.paint([scene for scene, _, _ in part], 224)))
        texts = judge.embed_texts([text for _, some, _ in part for text in some])
        texts = texts.reshape(len(part), -1, texts.shape[-1])
        chosen = np.einsum("nd,nkd->nk", pictures, texts).argmax(1)
        right += [bool(k == wanted) for k, (_, _, wanted) in zip(chosen, part, strict=True)]
    return right


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
