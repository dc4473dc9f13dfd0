"""The arena: two pictures of one prompt side by side, nobody knows whose; the answer to a vote tells.

A pair is kept in the database from the moment it is offered: its id says nothing about what is in it, it is bound to
one player, and a player gets no other pair before this one is decided, so nobody can pick the pairs they vote on.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from game.extensions import db
from game.models import Entry, Player, Vote
from game.rules import idempotency
from game.rules.ranking import VISIBLE
from game.rules.refusals import Conflict, Invalid, Missing
from game.rules.views import EntryView, entry_views, loaded
from game.tables import new_id, now

TRIES = 12
WINNERS = ("left", "right", "tie")
Side = Literal["left", "right"]


@dataclass(frozen=True)
class Shown:
    """One side of a blind pair: nothing but its picture."""

    picture: str


@dataclass(frozen=True)
class Pair:
    """A blind pair: `pair` is its id, `prompt` what both were made for."""

    pair: str
    prompt_id: str
    prompt: str
    left: Shown
    right: Shown


@dataclass(frozen=True)
class Outcome:
    """A vote that was counted, and who made the two pictures."""

    pair: str
    winner: str
    left: EntryView
    right: EntryView


def pair(player: Player, prompt_id: str | None = None) -> Pair:
    """Return the pair that waits for the player's vote, or a new one (of a certain prompt); raises Missing."""
    waiting = select(Vote).where(Vote.player_id == player.id, Vote.winner.is_(None))
    if prompt_id is not None:
        waiting = waiting.where(Vote.prompt_id == prompt_id)
    for vote in db.session.scalars(waiting):
        if vote.left.state == vote.right.state == VISIBLE:
            return _shown(vote)
    for _ in range(TRIES):
        found = _offer(player.id, prompt_id)
        if found is not None:
            return _shown(found)
    raise Missing("There is no pair left for you. New ones come with every drawing.")


def _offer(player_id: str, prompt_id: str | None) -> Vote | None:
    """Draw two entries by two others; None when the draw does not make a new pair."""
    left = _some_entry(player_id, prompt_id)
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
    db.session.add(vote)
    try:
        db.session.commit()
    except IntegrityError:  # the player had this pair before
        db.session.rollback()
        return None
    return vote


def _some_entry(player_id: str, prompt_id: str | None) -> Entry | None:
    others = select(Entry).where(Entry.state == VISIBLE, Entry.player_id != player_id).order_by(Entry.id).limit(1)
    if prompt_id is not None:
        others = others.where(Entry.prompt_id == prompt_id)
    # Ids are random, so the first one past a random point will do.
    return db.session.scalar(others.where(Entry.id >= new_id())) or db.session.scalar(others)


def _opponent(left: Entry, player_id: str) -> Entry | None:
    """Some entry of the same board by a third player, found by a random score, so that an index leads there."""
    board = (Entry.prompt_id == left.prompt_id, Entry.judge == left.judge, Entry.state == VISIBLE)
    # Asked for one by one, each is the end of an index; together they are a walk through it.
    low, high = (db.session.scalars(select(end(Entry.penalised)).where(*board)).one() for end in (func.min, func.max))
    others = (
        select(Entry)
        .where(*board, Entry.player_id.not_in((player_id, left.player_id)))
        .order_by(Entry.penalised.desc(), Entry.id.desc())
        .limit(1)
    )
    start = random.uniform(low, high)
    return db.session.scalar(others.where(Entry.penalised <= start)) or db.session.scalar(others)


def _shown(vote: Vote) -> Pair:
    urls = [Shown(f"/api/v1/arena/pairs/{vote.id}/{side}.png") for side in ("left", "right")]
    return Pair(vote.id, vote.prompt_id, vote.left.prompt.text, *urls)


def picture(pair_id: str, side: Side, player: Player | None) -> str:
    """Return the object name of one side's picture, for the player the pair was offered to; raises Missing."""
    vote = db.session.get(Vote, pair_id)
    if vote is None or player is None or vote.player_id != player.id:
        raise Missing("There is no such pair.")
    return vote.left.picture if side == "left" else vote.right.picture


def vote(pair_id: str, winner: str, player: Player) -> Outcome:
    """Count a player's vote on the pair offered to them and tell who made the two.

    Raises Missing for somebody else's pair, Conflict for a second vote.
    """
    if winner not in WINNERS:
        raise Invalid([("#/winner", f"The winner is {', '.join(WINNERS[:-1])} or {WINNERS[-1]}.")])
    offered = db.session.get(Vote, pair_id)
    if offered is None or offered.player_id != player.id:
        raise Missing("There is no such pair. GET /api/v1/arena/pair offers one.")
    counted = db.session.scalar(
        update(Vote)
        .where(Vote.id == pair_id, Vote.winner.is_(None))
        .values(winner=winner, voted_at=now())
        .returning(Vote.id)
    )
    if counted is None:
        db.session.rollback()
        raise Conflict("You have voted on this pair. A vote stands.")
    idempotency.commit()
    entries = loaded((offered.left_id, offered.right_id))
    left, right = entry_views([entries[offered.left_id], entries[offered.right_id]])
    return Outcome(pair_id, winner, left, right)
