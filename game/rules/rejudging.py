"""Judging entries again: for other words, or before another judge."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from game import storage
from game.extensions import db
from game.judging import Floats, Judge
from game.models import Caption, Entry

BLOCK = 64  # entries between two commits


def rejudge(judge: Judge, prompt_id: str | None = None) -> int:
    """Judge all entries, or those of one prompt, and their captions by `judge` and return how many entries that were.

    What another judge made of an entry before stays as its second opinion. Each block is committed by itself: after an
    interruption the next call goes on from the start, to the same end.
    """
    done, last = 0, ""
    while True:
        query = select(Entry).where(Entry.id > last).order_by(Entry.id).limit(BLOCK)
        if prompt_id is not None:
            query = query.where(Entry.prompt_id == prompt_id)
        entries = list(db.session.scalars(query.options(joinedload(Entry.prompt))))
        if not entries:
            return done
        done, last = done + len(entries), entries[-1].id
        for entry in entries:
            _judge_entry(judge, entry)
        _judge_captions(judge, [entry.id for entry in entries])
        db.session.commit()


def _judge_entry(judge: Judge, entry: Entry) -> None:
    if entry.judge == judge.spec:
        score = judge.score_embedding(embedding_of(entry), entry.prompt.text)
    else:
        score = judge.score(picture_of(entry), entry.prompt.text)
        entry.embedding = packed(score.embedding)
        entry.second = {"judge": entry.judge, "similarity": entry.similarity, "percentile": entry.percentile}
    entry.judge, entry.noise = judge.spec, judge.noise
    entry.similarity, entry.percentile = score.similarity, score.percentile
    entry.penalised = penalise(score.similarity, [penalty["factor"] for penalty in entry.penalties])


def _judge_captions(judge: Judge, entry_ids: Sequence[str]) -> None:
    query = select(Caption).where(Caption.entry_id.in_(entry_ids), Caption.judge != judge.spec)
    for caption in db.session.scalars(query.options(joinedload(Caption.entry))):
        embedding = embedding_of(caption.entry)
        caption.judge, caption.noise = judge.spec, judge.noise
        caption.similarity = judge.score_embedding(embedding, caption.text).similarity
        caption.percentile = judge.caption_percentile(embedding, caption.similarity)


def penalise(similarity: float, factors: Sequence[float]) -> float:
    """Return the similarity that boards go by. A factor below 1 always costs: a negative cosine is divided by it."""
    product = float(np.prod(factors)) if factors else 1.0
    if similarity >= 0:
        return similarity * product
    return similarity / product if product else -1.0


def packed(embedding: Floats) -> bytes:
    """Return a unit embedding as it is kept: float16, half the size for a change of the cosine below 0.001."""
    return embedding.astype("<f2").tobytes()


def unpacked(kept: bytes) -> Floats:
    """Return a kept embedding as a float32 unit row (d,)."""
    row = np.frombuffer(kept, "<f2").astype(np.float32)
    return row / max(float(np.linalg.norm(row)), 1e-12)


def embedding_of(entry: Entry) -> Floats:
    """Return the unit embedding that an entry's judge gave its picture."""
    return unpacked(entry.embedding)


def picture_of(entry: Entry) -> Image.Image:
    """Return an entry's picture, RGB; raises storage.ObjectMissing when it is gone from the store."""
    with Image.open(io.BytesIO(storage.get(entry.picture))) as picture:
        return picture.convert("RGB")
