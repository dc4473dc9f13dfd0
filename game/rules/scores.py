"""Scores as entries keep them: by the judge that sits, by the second judge, and those that were replaced."""

from __future__ import annotations

import math
from collections.abc import Sequence

from game.extensions import db
from game.judging import Score
from game.models import Entry, PastScore
from game.rules.embeddings import packed
from game.tables import now


def keep(entry: Entry, role: str, replaced_by: str) -> None:
    """Write down the score that another is about to take the place of; `role` is main or second."""
    prefix = "second_" if role == "second" else ""
    names = ("judge", "noise", "similarity", "percentile", "penalised", "judged_at")
    values = {name: getattr(entry, prefix + name) for name in names}
    db.session.add(
        PastScore(prompt_id=entry.prompt_id, entry_id=entry.id, role=role, replaced_by=replaced_by, **values)
    )


def write(entry: Entry, score: Score, noise: float) -> None:
    """Give an entry its judge's score."""
    entry.judge, entry.noise, entry.judged_at = score.judge, noise, now()
    entry.similarity, entry.percentile = score.similarity, score.percentile
    factors = [penalty["factor"] for penalty in entry.penalties]
    entry.penalised = penalise(score.similarity, factors)
    entry.embedding = packed(score.embedding)
    if entry.second_similarity is not None:  # penalties may have changed with the judge
        entry.second_penalised = penalise(entry.second_similarity, factors)


def write_second(entry: Entry, score: Score | None, noise: float | None) -> None:
    """Give an entry a second judge's opinion, or with None take it away."""
    if score is None:
        entry.second_judge = entry.second_noise = entry.second_similarity = entry.second_percentile = None
        entry.second_penalised = entry.second_embedding = entry.second_judged_at = None
        return
    entry.second_judge, entry.second_noise, entry.second_judged_at = score.judge, noise, now()
    entry.second_similarity, entry.second_percentile = score.similarity, score.percentile
    entry.second_penalised = penalise(score.similarity, [penalty["factor"] for penalty in entry.penalties])
    entry.second_embedding = packed(score.embedding)


def penalise(similarity: float, factors: Sequence[float]) -> float:
    """Return the similarity that boards go by. A factor below 1 always costs: a negative cosine is divided by it."""
    product = math.prod(factors)
    if similarity >= 0:
        return similarity * product
    return similarity / product if product else -1.0
