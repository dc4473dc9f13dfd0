"""Judging again what was judged before: by another judge, by one whose weights have changed, or for other words.

What is to do is read from the scores themselves, and every block is committed with the scores it replaces. So whatever
interrupts a rejudging, even a kill, loses nothing, and the next call goes on where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import joinedload

from game import storage
from game.extensions import db
from game.judging import Judge, Score
from game.models import Caption, Entry, PastScore, Rejudging
from game.rules.embeddings import embedding_of, picture_of, unpacked
from game.rules.scores import keep, write, write_second
from game.rules.writing import reweighed
from game.tables import now

BLOCK = 32  # entries, or captions, between two commits
PASSES = 3  # over what has come in meanwhile
log = logging.getLogger(__name__)
Tell = Callable[[int], None]  # hears how many entries are done


@dataclass(frozen=True)
class Outcome:
    """What a rejudging did: entries and captions judged, and entries that could not be, for want of their pictures."""

    entries: int
    captions: int
    lost: int


def _quiet(_done: int) -> None:
    """Tell nobody."""


def rejudge(judge: Judge, anew: bool = False, tell: Tell = _quiet) -> Outcome:
    """Judge every entry and caption that others have judged by `judge` and return what was done.

    `anew`: also what it has judged itself before now, its pictures looked at again. A rejudging that did not come to
    its end goes on. Former scores stay as past scores.
    """
    log_row = _begin("main", judge.spec, anew)
    stale = Entry.judge != judge.spec
    if log_row.anew:
        stale = or_(stale, Entry.judged_at < log_row.started_at)
    entries = captions = 0
    lost: set[str] = set()
    for _ in range(PASSES):  # the game goes on: what comes in meanwhile may still be the former judge's
        before = entries + captions
        for block in _blocks(Entry, stale):
            entries += _judge_entries(judge, block, lost)
            db.session.commit()
            tell(entries)
        captions += _judge_captions(judge, log_row)
        if entries + captions == before:
            break
    steady(judge)
    _finish(log_row)
    return Outcome(entries, captions, len(lost))


def reword(judge: Judge, second: Judge | None, prompt_id: str) -> None:
    """Score a prompt's entries for its new words, from their embeddings; opinions of other second judges go."""
    for entries in _blocks(Entry, Entry.prompt_id == prompt_id):
        for entry in entries:
            if entry.judge == judge.spec:
                score = judge.score_embedding(embedding_of(entry), entry.prompt.text)
            else:
                score = judge.score(picture_of(entry), entry.prompt.text)
                keep(entry, "main", judge.spec)
            entry.penalties = reweighed(entry.penalties, judge, score, entry.prompt.text)
            write(entry, score, judge.noise)
            if second is not None and entry.second_judge == second.spec and entry.second_embedding:
                opinion = second.score_embedding(unpacked(entry.second_embedding), entry.prompt.text)
                write_second(entry, opinion, second.noise)
            else:
                write_second(entry, None, None)
        db.session.commit()
    _judge_captions(judge, None, Caption.entry_id.in_(select(Entry.id).where(Entry.prompt_id == prompt_id)))


def give_second(second: Judge, anew: bool = False, tell: Tell = _quiet) -> Outcome:
    """Let the second judge look at every entry it has not seen (with `anew` at all) and return what was done."""
    log_row = _begin("second", second.spec, anew)
    stale = or_(Entry.second_judge.is_(None), Entry.second_judge != second.spec)
    if log_row.anew:
        stale = or_(stale, Entry.second_judged_at < log_row.started_at)
    done = lost = 0
    for entries in _blocks(Entry, stale):
        for entry, score in _scored(second, entries):
            if score is None:
                lost += 1
                continue
            if entry.second_judge is not None:
                keep(entry, "second", second.spec)
            write_second(entry, score, second.noise)
            done += 1
        db.session.commit()
        tell(done)
    steady(second)
    _finish(log_row)
    return Outcome(done, 0, lost)


def steady(judge: Judge) -> None:
    """Give all scores by this judge its noise as it is measured now: on one board, one width of a tie."""
    for model, name, noise in (
        (Entry, "judge", "noise"),
        (Entry, "second_judge", "second_noise"),
        (Caption, "judge", "noise"),
    ):
        column = getattr(model, noise)
        outdated = (getattr(model, name) == judge.spec, column != judge.noise)
        if db.session.scalar(select(model.id).where(*outdated).limit(1)) is not None:
            db.session.execute(update(model).where(*outdated).values({noise: judge.noise}))
    db.session.commit()


def _begin(role: str, judge: str, anew: bool) -> Rejudging:
    """Return the rejudging to go on with, or a new one."""
    query = select(Rejudging).where(Rejudging.role == role, Rejudging.judge == judge, Rejudging.finished_at.is_(None))
    found = db.session.scalars(query.order_by(Rejudging.started_at.desc()).limit(1)).first()
    if found is None or (anew and not found.anew):
        found = Rejudging(role=role, judge=judge, anew=anew, started_at=now())
        db.session.add(found)
        db.session.commit()
    return found


def _finish(log_row: Rejudging) -> None:
    done = update(Rejudging).where(
        Rejudging.role == log_row.role, Rejudging.judge == log_row.judge, Rejudging.finished_at.is_(None)
    )
    db.session.execute(done.values(finished_at=now()))
    db.session.commit()


def _blocks(model: type[Any], *conditions: ColumnElement[bool]) -> Iterator[list[Any]]:
    """Rows that meet the conditions, some at a time, by their ids; what a block's user changes is theirs to commit."""
    last = ""
    loaded = joinedload(Entry.prompt) if model is Entry else joinedload(Caption.entry)
    while True:
        query = select(model).where(model.id > last, *conditions).order_by(model.id).limit(BLOCK)
        rows = list(db.session.scalars(query.options(loaded)))
        if not rows:
            return
        last = rows[-1].id
        yield rows


def _scored(judge: Judge, entries: Iterable[Entry]) -> Iterator[tuple[Entry, Score | None]]:
    """Each entry with its score from its picture, None where the picture is gone."""
    for entry in entries:
        try:
            yield entry, judge.score(picture_of(entry), entry.prompt.text)
        except (storage.ObjectMissing, OSError) as error:
            log.warning("entry %s keeps its score: its picture cannot be read (%s)", entry.id, error)
            yield entry, None


def _judge_entries(judge: Judge, entries: Sequence[Entry], lost: set[str]) -> int:
    """Judge a block and return how many that were; ids of those whose pictures are gone are added to `lost`."""
    done = 0
    for entry, score in _scored(judge, entries):
        if score is None:
            lost.add(entry.id)
            continue
        keep(entry, "main", judge.spec)
        entry.penalties = reweighed(entry.penalties, judge, score, entry.prompt.text)
        write(entry, score, judge.noise)
        done += 1
    return done


def _judge_captions(judge: Judge, log_row: Rejudging | None, *conditions: ColumnElement[bool]) -> int:
    """Judge the captions of pictures that this judge has judged and that others' words still stand by."""
    stale = Caption.judge != judge.spec
    if log_row is not None and log_row.anew:
        stale = or_(stale, Caption.judged_at < log_row.started_at)
    theirs = Caption.entry_id.in_(select(Entry.id).where(Entry.judge == judge.spec))
    done = 0
    for captions in _blocks(Caption, stale, theirs, *conditions):
        for caption in captions:
            _judge_caption(judge, caption)
        db.session.commit()
        done += len(captions)
    return done


def _judge_caption(judge: Judge, caption: Caption) -> None:
    entry = caption.entry
    names = ("judge", "noise", "similarity", "percentile", "judged_at")
    past = {name: getattr(caption, name) for name in names}
    db.session.add(
        PastScore(prompt_id=entry.prompt_id, entry_id=entry.id, caption_id=caption.id, role="caption",
                  replaced_by=judge.spec, **past)
    )  # fmt: skip
    embedding = embedding_of(entry)
    caption.judge, caption.noise, caption.judged_at = judge.spec, judge.noise, now()
    caption.similarity = judge.score_embedding(embedding, caption.text).similarity
    caption.percentile = judge.caption_percentile(embedding, caption.similarity)
