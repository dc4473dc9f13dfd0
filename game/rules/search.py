"""Search by meaning: the entries whose pictures lie nearest to a text before the judge that sits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from game import judging
from game.extensions import db
from game.models import Entry
from game.rules.ranking import VISIBLE
from game.rules.refusals import Invalid
from game.rules.views import EntryView, entry_views, loaded

BLOCK = 4096  # embeddings in memory at once
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
        raise Invalid([("#/q", f"Search for some words, at most {LONGEST} characters of them.")])
    judge = judging.current()
    direction = judge.embed_texts([text])[0]
    best: list[tuple[float, str]] = []
    last = ""
    while True:
        rows = db.session.execute(
            select(Entry.id, Entry.embedding)
            .where(Entry.id > last, Entry.state == VISIBLE, Entry.judge == judge.spec)
            .order_by(Entry.id)
            .limit(BLOCK)
        ).all()
        if not rows:
            break
        last = rows[-1][0]
        block = np.frombuffer(b"".join(row[1] for row in rows), "<f2").reshape(len(rows), -1).astype(np.float32)
        similarities = block @ direction
        nearest = np.argsort(-similarities)[:limit]
        best = sorted([*best, *((float(similarities[i]), rows[i][0]) for i in nearest)], reverse=True)[:limit]
    entries = loaded(entry_id for _, entry_id in best)
    views = {view.id: view for view in entry_views(list(entries.values()))}
    return [Found(similarity, views[entry_id]) for similarity, entry_id in best if entry_id in views]
