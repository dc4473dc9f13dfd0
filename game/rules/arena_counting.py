"""Counting the arena's votes: which voters are kept, how each picture stands. Done by a worker, never in a request."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from game import judging
from game.extensions import db
from game.models import ArenaBoard, Entry, Rating, Vote, VoterEvidence
from game.rules.arena_evidence import Evidence, is_outlier, of_voters
from game.rules.arena_strengths import Ballots, Standing, standing
from game.tables import now

ENOUGH = 10  # votes, from which on a picture is rated
STALE = 50  # a board is counted anew once one vote in so many is new
ANEW = -1  # as the number of votes seen: whatever there is has to be counted
NUMBERS = ("strength", "low", "high", "judge_share", "people_share", "judge_over", "people_over")
WON = {"left": 1.0, "right": 0.0, "tie": 0.5}


@dataclass(frozen=True)
class Polled:
    """A prompt's votes: by index, the ids of pictures and voters in `ballots`, and whose kind each picture is of."""

    pictures: Sequence[str]
    voters: Sequence[str]
    kinds: Sequence[str]
    ballots: Ballots


def due() -> str | None:
    """Return a prompt whose votes have to be counted, the one that waits longest; None without one."""
    fresh = ArenaBoard.cast - ArenaBoard.seen
    changed = ArenaBoard.judge.is_distinct_from(judging.spec())
    return db.session.scalar(
        select(ArenaBoard.prompt_id)
        .where(ArenaBoard.cast > 0, or_((fresh > 0) & (fresh * STALE >= ArenaBoard.seen), changed))
        .order_by(ArenaBoard.rated_at.is_not(None), ArenaBoard.rated_at, ArenaBoard.prompt_id)
        .limit(1)
    )


def count(prompt_id: str) -> bool:
    """Count a prompt's votes and keep what they come to; False if another worker was quicker.

    A voter who is dropped, or kept again, makes all prompts due that they voted on.
    """
    cast = db.session.scalar(select(ArenaBoard.cast).where(ArenaBoard.prompt_id == prompt_id)) or 0
    polled = _polled(prompt_id)
    db.session.commit()  # counting takes a while: no connection is held meanwhile
    told = dict(zip(polled.voters, of_voters(polled.ballots), strict=True))
    before = _outliers(prompt_id)
    db.session.execute(delete(VoterEvidence).where(VoterEvidence.prompt_id == prompt_id))
    db.session.add_all(_evidence(prompt_id, told))
    try:
        db.session.flush()
        dropped = _outliers(prompt_id)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    kept = polled.ballots.of(np.array([polled.voters[i] not in dropped for i in polled.ballots.voter], bool))
    found = standing(kept, np.random.default_rng(zlib.crc32(prompt_id.encode())))
    return _keep(prompt_id, polled, found, _summary(cast, kept, polled, dropped), before ^ dropped)


def _polled(prompt_id: str) -> Polled:
    query = select(Vote.left_id, Vote.right_id, Vote.player_id, Vote.winner)
    votes = db.session.execute(query.where(Vote.prompt_id == prompt_id, Vote.winner.is_not(None))).all()
    columns = select(Entry.id, Entry.kind, Entry.judge, Entry.penalised, Entry.noise)
    entries = {row.id: row for row in db.session.execute(columns.where(Entry.prompt_id == prompt_id))}
    pictures = sorted({side for left, right, *_ in votes for side in (left, right)})
    voters = sorted({voter for *_, voter, _ in votes})
    places, seats = ({each: i for i, each in enumerate(ids)} for ids in (pictures, voters))
    ballots = Ballots(
        len(pictures),
        np.array([places[left] for left, *_ in votes], np.int64),
        np.array([places[right] for _, right, *_ in votes], np.int64),
        np.array([seats[voter] for *_, voter, _ in votes], np.int64),
        np.array([WON[winner or "tie"] for *_, winner in votes], np.float64),
        np.array([judged(entries[left], entries[right]) for left, right, *_ in votes], np.float64),
    )
    return Polled(pictures, voters, [entries[picture].kind for picture in pictures], ballots)


def judged(left: Any, right: Any) -> float:
    """Return what the judge gives the left of two entries, or rows of them: 1, 0 or, closer than its noise, 0.5."""
    if left.judge != right.judge or abs(left.penalised - right.penalised) <= left.noise:
        return 0.5
    return float(left.penalised > right.penalised)


def _evidence(prompt_id: str, told: Mapping[str, Evidence]) -> list[VoterEvidence]:
    return [
        VoterEvidence(player_id=voter, prompt_id=prompt_id, votes=found.votes,
                      **dict(zip(("coin", "turned", "sided_left", "sided_right"), found.logs, strict=True)))
        for voter, found in told.items()
    ]  # fmt: skip


def _outliers(prompt_id: str) -> set[str]:
    """Which of a prompt's voters are dropped, by all their votes."""
    voters = select(Vote.player_id).where(Vote.prompt_id == prompt_id, Vote.winner.is_not(None))
    logs = (VoterEvidence.coin, VoterEvidence.turned, VoterEvidence.sided_left, VoterEvidence.sided_right)
    query = select(VoterEvidence.player_id, func.sum(VoterEvidence.votes), *(func.sum(log) for log in logs))
    sums = db.session.execute(query.where(VoterEvidence.player_id.in_(voters)).group_by(VoterEvidence.player_id))
    return {voter for voter, votes, coin, turned, *sided in sums if is_outlier(votes, (coin, turned, *sided))}


def _summary(cast: int, kept: Ballots, polled: Polled, dropped: Collection[str]) -> dict[str, object]:
    """What a board says about its votes."""
    return {
        "seen": cast,
        "counted": len(kept.first),
        "voters": len(polled.voters) - len(dropped),
        "dropped": len(dropped),
        "judge": judging.spec(),
        "rated_at": now(),
    }


def _keep(
    prompt_id: str, polled: Polled, found: Standing, summary: dict[str, object], changed: Collection[str]
) -> bool:
    db.session.execute(delete(Rating).where(Rating.prompt_id == prompt_id))
    db.session.add_all(
        Rating(
            entry_id=polled.pictures[i],
            prompt_id=prompt_id,
            kind=polled.kinds[i],
            votes=int(votes),
            enough=bool(votes >= ENOUGH),
            **{name: float(getattr(found, name)[i]) for name in NUMBERS},
        )
        for i, votes in enumerate(found.votes)
        if votes
    )
    db.session.execute(update(ArenaBoard).where(ArenaBoard.prompt_id == prompt_id).values(**summary))
    theirs = select(VoterEvidence.prompt_id).where(VoterEvidence.player_id.in_(changed))
    others = update(ArenaBoard).where(ArenaBoard.prompt_id.in_(theirs), ArenaBoard.prompt_id != prompt_id)
    db.session.execute(others.values(seen=ANEW))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True
