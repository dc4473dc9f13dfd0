"""Which two pictures meet in the arena: drawn by lot, so that the two sides meet and few pictures are left half judged.

Half the pairs begin with a picture that has some votes but too few for a rating; else people's and machines' pictures
are as likely, however many of each there are, and so is an opponent from the other side.
"""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from game import judging
from game.extensions import db
from game.models import ArenaBoard, Entry, Rating, Vote
from game.rules.ranking import VISIBLE
from game.tables import new_id, now

KINDS = ("human", "ai")
BEGUN = 0.5  # of the pairs, where there is such a picture
WAITING = timedelta(days=2)  # that a pair is kept for its player without a vote
LOWS = (-4.0, 1.0)  # among which lower bounds, in logits, of pictures with too few votes one is taken


def offer(player_id: str, prompt_id: str | None) -> Vote | None:
    """Draw two entries by two others and keep them as a pair; None when the draw does not make a new one."""
    left = _begun(player_id, prompt_id) if random.random() < BEGUN else None
    left = left or _any(player_id, prompt_id)
    right = None if left is None else _opponent(left, player_id)
    if left is None or right is None:
        return None
    sides = [left.id, right.id]
    random.shuffle(sides)
    vote = Vote(
        player_id=player_id,
        prompt_id=left.prompt_id,
        left_id=sides[0],
        right_id=sides[1],
        pair=":".join(sorted(sides)),
    )
    if db.session.get(ArenaBoard, left.prompt_id) is None:
        db.session.add(ArenaBoard(prompt_id=left.prompt_id))
    db.session.add(vote)
    try:
        db.session.commit()
    except IntegrityError:  # the player had this pair before
        db.session.rollback()
        return None
    return vote


def sweep() -> int:
    """Forget pairs that were offered long ago and never voted on; returns how many. They may be offered again."""
    old = delete(Vote).where(Vote.winner.is_(None), Vote.created_at < now() - WAITING)
    swept = db.session.execute(old.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return int(swept)


def _begun(player_id: str, prompt_id: str | None) -> Entry | None:
    """A picture with some votes but too few, of a prompt or of any that has been voted on."""
    if prompt_id is None:
        prompt_id = db.session.scalar(select(ArenaBoard.prompt_id).order_by(func.random()).limit(1))
    some = (
        select(Entry)
        .join(Rating, Rating.entry_id == Entry.id)
        .where(Rating.prompt_id == prompt_id, Rating.enough.is_(False))
        .where(Entry.state == VISIBLE, Entry.player_id != player_id)
        .order_by(Rating.low.desc(), Rating.entry_id.desc())
        .limit(1)
    )
    return db.session.scalar(some.where(Rating.low <= random.uniform(*LOWS))) or db.session.scalar(some)


def _any(player_id: str, prompt_id: str | None) -> Entry | None:
    """Any picture, of either side with the same chance."""
    for kind in random.sample(KINDS, 2):
        if prompt_id is not None:
            found = _on_wall(prompt_id, judging.spec(), kind, (player_id,))
        else:
            board = (Entry.judge == judging.spec(), Entry.state == VISIBLE, Entry.kind == kind)
            others = select(Entry).where(*board, Entry.player_id != player_id).order_by(Entry.id).limit(1)
            # Ids are random, so the first one past a random point will do.
            found = db.session.scalar(others.where(Entry.id >= new_id())) or db.session.scalar(others)
        if found is not None:
            return found
    return None


def _opponent(left: Entry, player_id: str) -> Entry | None:
    """Some entry of the same board by a third player, of either side with the same chance."""
    for kind in random.sample(KINDS, 2):
        found = _on_wall(left.prompt_id, left.judge, kind, (player_id, left.player_id))
        if found is not None:
            return found
    return None


def _on_wall(prompt_id: str, judge: str, kind: str, but: tuple[str, ...]) -> Entry | None:
    """Some entry of a board's side, found by a random score, so that an index leads there."""
    board = (Entry.prompt_id == prompt_id, Entry.judge == judge, Entry.kind == kind, Entry.state == VISIBLE)
    # Asked for one by one, each is the end of an index; together they are a walk through it.
    low, high = (db.session.scalar(select(end(Entry.penalised)).where(*board)) for end in (func.min, func.max))
    if low is None or high is None:
        return None
    others = (
        select(Entry)
        .where(*board, Entry.player_id.not_in(but))
        .order_by(Entry.penalised.desc(), Entry.id.desc())
        .limit(1)
    )
    return db.session.scalar(others.where(Entry.penalised <= random.uniform(low, high))) or db.session.scalar(others)
