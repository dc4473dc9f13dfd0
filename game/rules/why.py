"""Why an entry has its score: what each part of the drawing did, where the judge looked, how it came about.

Worked out when somebody asks, never when a drawing is handed in, and kept until another judge or text comes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from game import judging, storage
from game.judging import Judge
from game.models import Entry
from game.rules import entries, explanations, part_words, stills, verdicts, why_words
from game.rules.drawing import Drawing, parse
from game.rules.embeddings import picture_of
from game.rules.leave_outs import Layers
from game.rules.parts import parts
from game.rules.stills import Look
from game.rules.verdicts import Likeness

if TYPE_CHECKING:
    from PIL import Image

MOST_PARTS = 32
STAGES = 12  # at most, before the last
THREADS = min(4, os.cpu_count() or 1)  # that render; the loops let others run


@dataclass(frozen=True)
class Reason:
    """What a part of a drawing did: `added` is the cosine that is lost without it; below 0 it took something away.

    `number` counts parts in the order of drawing. `kind` is stroke, fill, strokes (several operations that are near
    each other) or colour (all in one, which are also in other parts). `ops` are indices into the drawing's.
    """

    number: int
    kind: str
    words: str
    ops: list[int]
    added: float
    percentile_without: float


@dataclass(frozen=True)
class Stage:
    """The score of what stood on the sheet after so many operations, or of a painting's still of this number."""

    ops: int
    similarity: float
    percentile: float


@dataclass(frozen=True)
class EntryWhy:
    """Why an entry has its score, by the judge that gave it; `reasons` come strongest first.

    `heat` is rows of cosines, top to bottom: what the picture loses when that place is hidden; below 0 it gains.
    `fits_better` are open prompts with a higher percentile than its own. Differences below `noise` mean nothing.
    """

    entry_id: str
    text: str
    judge: str
    noise: float
    similarity: float
    percentile: float
    sentence: str
    reasons: list[Reason]
    heat: list[list[float]]
    curve: list[Stage]
    fits_better: list[Likeness]


def of_entry(entry_id: str) -> EntryWhy:
    """Return why an entry has its score, which takes part of a second the first time.

    Raises Missing, JudgeUnavailable.
    """
    entry = entries.row(entry_id)
    text, noise, judge = entry.prompt.text, entry.noise, judging.named(entry.judge)
    better = [other for other in verdicts.looks_like(entry, judge) if other.percentile > entry.percentile]
    facts: list[str | None] = [text, entry.picture, entry.drawing or entry.run_id]
    found = explanations.kept(entry_id, judge.spec, facts, _work(entry, judge, text))
    reasons = [_said(reason) for reason in found["reasons"]]
    return EntryWhy(
        entry_id=entry_id,
        text=text,
        judge=judge.spec,
        noise=noise,
        similarity=found["similarity"],
        percentile=found["percentile"],
        sentence=why_words.sentence(text, reasons, found["heat"], noise, better),
        reasons=reasons,
        heat=found["heat"],
        curve=[Stage(**stage) for stage in found["curve"]],
        fits_better=better,
    )


def drawing_of(entry: Entry) -> Drawing | None:
    """Return an entry's drawing, None for one that never was a drawing."""
    return None if entry.drawing is None else parse(json.loads(entries.drawing_json(entry)))


def _work(entry: Entry, judge: Judge, text: str) -> Callable[[], dict[str, Any]]:
    drawing = drawing_of(entry)
    if drawing is not None:
        return lambda: told(judge, text, drawing)
    picture, looks = picture_of(entry), stills.looks(entry)
    return lambda: _told_of_picture(judge, text, picture, looks)


def _told_of_picture(judge: Judge, text: str, picture: Image.Image, looks: list[Look]) -> dict[str, Any]:
    """What is kept about a painting; the curve counts the stills that `stills.of_entry` tells, not operations."""
    counts = _stages(len(looks))[1:]
    before = [judge.seen_as(storage.picture(looks[count - 1].name)) for count in counts]
    found = judging.explain_picture(judge, text, judging.Retakes(picture, (), before))
    stages = zip([*counts, len(looks)], [*found.stages, found.similarity], strict=True) if looks else ()
    return {
        **_score(judge, text, found.similarity),
        "reasons": [],
        "heat": _rounded(found.heat),
        "curve": [{"ops": count, **_score(judge, text, similarity)} for count, similarity in stages],
    }


def told(judge: Judge, text: str, drawing: Drawing) -> dict[str, Any]:
    """Return what is kept about a drawing, in no language; everything is judged in one batch."""
    bundles, counts, ops = parts(drawing, MOST_PARTS), _stages(len(drawing.ops)), range(len(drawing.ops))
    whole, *others = rendered(judge, drawing, [(), *(part.ops for part in bundles), *(ops[count:] for count in counts)])
    retakes = judging.Retakes(whole, others[: len(bundles)], others[len(bundles) :], drawing.palette[drawing.bg])
    found = judging.explain_picture(judge, text, retakes)
    reasons = [
        {
            "number": number,
            "kind": part.kind,
            "look": asdict(look),
            "ops": list(part.ops),
            "added": found.similarity - without,
            "percentile_without": judge.percentile(without, text),
        }
        for number, (part, look, without) in enumerate(
            zip(bundles, part_words.looks(drawing, bundles), found.left_out, strict=True), 1
        )
    ]
    stages = zip([*counts, len(ops)], [*found.stages, found.similarity], strict=True)
    return {
        **_score(judge, text, found.similarity),
        "reasons": sorted(reasons, key=lambda reason: -abs(reason["added"])),
        "heat": _rounded(found.heat),
        "curve": [{"ops": count, **_score(judge, text, similarity)} for count, similarity in stages],
    }


def _said(kept: dict[str, Any]) -> Reason:
    """A kept reason in the language of whoever reads it."""
    facts = {name: value for name, value in kept.items() if name != "look"}
    look = part_words.Look(**{**kept["look"], "colours": tuple(kept["look"]["colours"])})
    return Reason(words=part_words.words(look), **facts)


def rendered(judge: Judge, drawing: Drawing, left_out: Sequence[Collection[int]]) -> list[Image.Image]:
    """Return the drawing without each of some sets of operations, as the judge sees it."""
    layers = Layers(drawing)
    with ThreadPoolExecutor(THREADS, "reasons") as pool:
        return list(pool.map(lambda ops: judge.seen_as(layers.picture(layers.without(ops))), left_out))


def _stages(ops: int) -> list[int]:
    """After how many operations the curve has its points, from the blank sheet to just before the last."""
    return sorted({int(count) for count in np.linspace(0, ops, min(ops, STAGES) + 1)[:-1]})


def _score(judge: Judge, text: str, similarity: float) -> dict[str, float]:
    return {"similarity": similarity, "percentile": judge.percentile(similarity, text)}


def _rounded(heat: list[list[float]]) -> list[list[float]]:
    return [[round(cell, 5) for cell in row] for row in heat]
