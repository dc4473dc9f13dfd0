"""The verdict: what the judge made of an entry, in numbers and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from game import judging
from game.extensions import db
from game.judging import Judge
from game.models import Entry, Prompt
from game.rules import ranking
from game.rules.embeddings import embedding_of
from game.rules.entries import row
from game.rules.views import EntryView, entry_views, is_open, picture_url
from game.sayings import mark, say

NEAREST = 3
READ = mark("The judge was asked to look, and found something to read. Words do not count.")
SHORTLIST = 64  # prompts by cosine, of which percentiles are asked: one costs a look at the whole background


@dataclass(frozen=True)
class Likeness:
    """How well an entry's picture fits another prompt."""

    prompt_id: str
    text: str
    similarity: float
    percentile: float


@dataclass(frozen=True)
class Verdict:
    """An entry, what else it looks like, where its similarity stands among the background's, and who hangs beside it.

    `histogram` has the edges and the counts of the background's similarities with the prompt.
    """

    entry: EntryView
    reason: str
    looks_like: list[Likeness]
    histogram: tuple[list[float], list[int]]
    above: EntryView | None
    below: EntryView | None
    judge_picture: str


def verdict(entry_id: str) -> Verdict:
    """Return the verdict on an entry, by the judge that gave it its score; raises Missing."""
    entry = row(entry_id)
    judge = judging.named(entry.judge)
    likenesses = looks_like(entry, judge)
    above_row, below_row = ranking.neighbours(entry)
    hung = [other for other in (entry, above_row, below_row) if other is not None]
    views = {view.id: view for view in entry_views(hung)}
    return Verdict(
        entry=views[entry.id],
        reason=say(READ) if entry.penalties else reason(entry.prompt.text, entry.percentile, likenesses),
        looks_like=likenesses,
        histogram=judge.background_histogram(entry.prompt.text),
        above=views[above_row.id] if above_row else None,
        below=views[below_row.id] if below_row else None,
        judge_picture=picture_url(entry.id).replace("picture.png", "seen.png"),
    )


def looks_like(entry: Entry, judge: Judge) -> list[Likeness]:
    """Return the open prompts, other than its own, that the picture fits best, at most NEAREST."""
    others = list(db.session.execute(select(Prompt.id, Prompt.text).where(is_open(), Prompt.id != entry.prompt_id)))
    if not others:
        return []
    similarities = judge.embed_texts([text for _, text in others]) @ embedding_of(entry)
    shortlist = np.argsort(-similarities)[:SHORTLIST]
    found = [
        Likeness(
            others[i][0], others[i][1], float(similarities[i]), judge.percentile(float(similarities[i]), others[i][1])
        )
        for i in shortlist
    ]
    return sorted(found, key=lambda likeness: (-likeness.percentile, -likeness.similarity))[:NEAREST]


def reason(text: str, percentile: float, looks_like: Sequence[Likeness]) -> str:
    """Return in a sentence or two how the judge came to its score, dry and never cruel."""
    other = looks_like[0] if looks_like else None
    rival = other is not None and other.percentile > percentile
    if other is not None and rival and percentile < 60:
        return say("The judge sees %(other)s. It was meant to be %(text)s. It happens.", other=other.text, text=text)
    if percentile < 60:
        return say("The judge looked twice and is still not sure what this is.")
    if other is not None and rival and other.percentile - percentile > 5:
        return say("The judge can see %(text)s in this, and rather more of %(other)s.", text=text, other=other.text)
    if percentile < 90:
        return say("The judge can see %(text)s in this, with some goodwill.", text=text)
    if percentile < 99:
        return say("The judge sees %(text)s and is content.", text=text)
    return say("The judge sees %(text)s and has no further questions.", text=text)
