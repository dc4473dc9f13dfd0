"""Search by meaning: the entries whose pictures lie nearest to a text before the judge that sits."""

from __future__ import annotations

from dataclasses import dataclass

from game import judging
from game.rules import shelf
from game.rules.refusals import Invalid
from game.rules.views import EntryView, entry_views, loaded
from game.sayings import say

LONGEST = 300  # characters


@dataclass(frozen=True)
class Found:
    """An entry and its cosine with the text searched for."""

    similarity: float
    entry: EntryView


def search(text: str, limit: int = 24) -> list[Found]:
    """Return the visible entries nearest to a text, the nearest first; raises Invalid for no text or too much."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise Invalid([("#/q", say("Search for some words, at most %(most)s characters of them.", most=LONGEST))])
    judge = judging.current()
    best = shelf.nearest(judge.spec, judge.embed_texts([text])[0], limit)
    entries = loaded(entry_id for _, entry_id in best)
    views = {view.id: view for view in entry_views(list(entries.values()))}
    return [Found(similarity, views[entry_id]) for similarity, entry_id in best if entry_id in views]
