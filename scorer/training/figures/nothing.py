"""Does what shows nothing, or is not finished, rank below honest drawings?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from scorer.judge import Judge
from scorer.training import data
from scorer.training.canvas import Canvas
from scorer.training.captions import Writer
from scorer.training.figures import PEN, SIDE, Figure, mean, share, to_pictures, word_rows
from scorer.training.figures.staging import Staging, staged_prompts
from scorer.training.scenes import Mix, Scene, Stage, Thing

PROMPTS = Path("game/rules/prompts.toml")  # as data: the prompts that a new game begins with
HONEST = 100  # drawings for each of them: with 40, one drawing more or less is half of what is asked
FINISHED = 10  # drawings of each word
KINDS = ("blank", "line", "scribble", "noise")


def nothing(judge: Judge, folder: Path) -> dict[str, Figure]:
    """Return how many honest drawings of a word lie above a blank canvas, one line, a scribble and noise."""
    names, of, drawings = data.read(folder, held_back=True)
    step = max(1, len(drawings) // 1500)
    chosen = range(0, len(drawings), step)
    honest = judge.embed_images([data.picture(json.loads(drawings[k]), SIDE, PEN) for k in chosen])
    texts = dict(zip(names, word_rows(judge, names), strict=True))
    own = np.stack([texts[of[k]] for k in chosen])
    found = {}
    for kind in KINDS:
        empty = judge.embed_images(empty_pictures(kind, 1))
        found[f"above_{kind}"] = share((honest * own).sum(1) > (empty @ own.T)[0])
    return found


def prompts(judge: Judge, folder: Path, cache: Path, file: Path = PROMPTS) -> dict[str, Figure]:
    """Return for how many of a new game's prompts 95 % of honest drawings lie above each kind of nothing.

    An honest drawing for a prompt is composed from held-back drawings of the things that it names, as it names them.
    Of each kind of nothing several are made; the best of them counts.  `worst_prompt` is the share of honest drawings
    above all of them for the prompt where it is lowest, by whichever kind.
    """
    drawings = data.load(folder, held_back=True, cache=cache)
    stagings = [(text, made) for text in staged_prompts(file) if (made := Staging.read(text, drawings.words))]
    rng = np.random.default_rng(4246)
    canvas = Canvas(drawings, torch.device("cpu"), rng, bend=0.0)
    stage = Stage(drawings, Writer(drawings.words, rng), rng, Mix(plain=0.5))
    texts = judge.embed_texts([text for text, _ in stagings])
    honest = np.stack([
        judge.embed_images(to_pictures(canvas.paint([made.scene(stage) for _ in range(HONEST)], 224))) @ row
        for (_, made), row in zip(stagings, texts, strict=True)
    ])  # fmt: skip
    found, lowest = {}, np.ones(len(stagings))
    for kind in KINDS:
        best = (texts @ judge.embed_images(empty_pictures(kind, 1 if kind == "blank" else 10)).T).max(1)
        above = (honest > best[:, None]).mean(1)
        lowest = np.minimum(lowest, above)
        found[f"prompts_with_95_above_{kind}"] = share(above >= 0.95)
    worst = int(lowest.argmin())
    return found | {"worst_prompt_above_nothing": share(np.arange(HONEST) < round(lowest[worst] * HONEST))}


def finished(judge: Judge, folder: Path, cache: Path) -> dict[str, Figure]:
    """Return how often a drawing ranks above one of the same word that nobody could recognise yet.

    All drawings of the data set were recognised; those of which only the first fifth of the line is drawn stand in for
    those that were not.  The share is the area under the curve (AUC), the mean over the words.
    """
    drawings = data.load(folder, held_back=True, cache=cache)
    canvas = Canvas(drawings, torch.device("cpu"), np.random.default_rng(4247), bend=0.0)
    texts, areas = word_rows(judge, drawings.words), []
    for word, row in enumerate(texts):
        things = [Thing(int(k), word, (0.0, 0.0, 0.95, 0.95, 0.0)) for k in drawings.of(word)[:FINISHED]]
        if len(things) < 2:
            continue
        whole, begun = (
            judge.embed_images(
                to_pictures(canvas.paint([Scene((replace(one, until=until),), white=True) for one in things], 224))
            )
            @ row
            for until in (1.0, 0.2)
        )
        areas.append(float((whole[:, None] > begun[None]).mean()))
    return {"finished_above_begun_auc": mean(areas)}


def empty_pictures(kind: str, count: int) -> list[Image.Image]:
    """Return pictures of nothing: blank sheets, straight lines, scribbles or noise."""
    rng = np.random.default_rng(5)
    made = []
    for number in range(count):
        if kind == "blank":
            made.append(Image.new("RGB", (SIDE, SIDE), "white"))
        elif kind == "line":
            ends = [[0, 255], [128, 140]] if number == 0 else rng.uniform(0, 255, (2, 2)).tolist()
            made.append(data.picture([ends], SIDE, PEN))
        elif kind == "scribble":
            walk = np.cumsum(rng.normal(0, 40, (40, 2)), 0)
            made.append(data.picture([[walk[:, 0].tolist(), walk[:, 1].tolist()]], SIDE, PEN))
        else:
            made.append(Image.fromarray(rng.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)))
    return made
