"""Cosines of any texts with any entries, and what a softmax makes of them: the judge's eyes, laid open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from game import judging
from game.models import Player
from game.rules.embeddings import embedding_of
from game.rules.entries import require_seen
from game.rules.refusals import Invalid, Missing
from game.rules.views import loaded

SHARPNESS = 100.0  # the factor before the softmax at which CLIP's own training ends
MOST = 50  # texts, and entries
LONGEST = 1000  # characters of a text


@dataclass(frozen=True)
class Similarities:
    """A row for each entry, a column for each text: the cosines, and each row's softmax of 100 times the cosines."""

    judge: str
    texts: list[str]
    entry_ids: list[str]
    similarities: list[list[float]]
    softmax: list[list[float]]


def compare(texts: Sequence[str], entry_ids: Sequence[str], player: Player | None) -> Similarities:
    """Return the cosines of all texts with all entries before the judge that sits; raises Invalid or Missing."""
    judge = judging.current()
    _check(texts, entry_ids)
    found = loaded(entry_ids)
    rows = []
    for i, entry_id in enumerate(entry_ids):
        if entry_id not in found:
            raise Missing(f"There is no entry {entry_id}.")
        entry = require_seen(found[entry_id], player)
        if entry.judge != judge.spec:
            detail = f"This entry was judged by {entry.judge}, not by {judge.spec}. Leave it out."
            raise Invalid([(f"#/entry_ids/{i}", detail)])
        rows.append(embedding_of(entry))
    cosines = np.stack(rows) @ judge.embed_texts(list(texts)).T
    powers = np.exp(SHARPNESS * (cosines - cosines.max(1, keepdims=True)))
    softmax = powers / powers.sum(1, keepdims=True)
    return Similarities(judge.spec, list(texts), list(entry_ids), cosines.tolist(), softmax.tolist())


def _check(texts: Sequence[str], entry_ids: Sequence[str]) -> None:
    for name, values in (("texts", texts), ("entry_ids", entry_ids)):
        if not 1 <= len(values) <= MOST:
            raise Invalid([(f"#/{name}", f"Give 1 to {MOST} of these, not {len(values)}.")])
    for i, text in enumerate(texts):
        if not text.strip() or len(text) > LONGEST:
            raise Invalid([(f"#/texts/{i}", f"A text has 1 to {LONGEST} characters.")])
