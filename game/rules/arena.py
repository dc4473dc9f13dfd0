"""The arena: two pictures of one prompt side by side, nobody knows whose; the answer to a vote tells.

A pair is kept in the database from the moment it is offered: its id says nothing about what is in it, it is bound to
one player, and a player gets no other pair before this one is decided, so nobody can pick the pairs they vote on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from game.extensions import db
from game.models import ArenaBoard, Player, Vote
from game.rules import arena_pairs, arena_voters, idempotency
from game.rules.arena_counting import judged
from game.rules.arena_voters import Eye
from game.rules.ranking import VISIBLE
from game.rules.refusals import Conflict, Invalid, Missing
from game.rules.views import EntryView, entry_views, loaded
from game.sayings import say
from game.tables import now

TRIES = 12
WINNERS = ("left", "right", "tie")
JUDGED = {1.0: "left", 0.0: "right", 0.5: "tie"}
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
class Guess:
    """What somebody takes the two pictures for: human, ai, or None for no idea."""

    left: str | None
    right: str | None


@dataclass(frozen=True)
class Outcome:
    """A vote that was counted, who made the two pictures and what was guessed about that.

    `judge` is the winner by the judge; `eye` sums up all the player's guesses, `left_today` is how many votes they
    have.
    """

    pair: str
    winner: str
    left: EntryView
    right: EntryView
    judge: str
    guess: Guess
    eye: Eye
    left_today: int


NO_GUESS = Guess(None, None)


def pair(player: Player, prompt_id: str | None = None) -> Pair:
    """Return the pair that waits for the player's vote, or a new one (of a certain prompt).

    Raises Missing where there is none left, Spent after as many votes as one may cast in a day.
    """
    arena_voters.require_left(player)
    waiting = select(Vote).where(Vote.player_id == player.id, Vote.winner.is_(None))
    if prompt_id is not None:
        waiting = waiting.where(Vote.prompt_id == prompt_id)
    for vote in db.session.scalars(waiting):
        if vote.left.state == vote.right.state == VISIBLE:
            return _shown(vote)
    for _ in range(TRIES):
        found = arena_pairs.offer(player.id, prompt_id)
        if found is not None:
            return _shown(found)
    raise Missing(say("There is no pair left for you. New ones come with every drawing."))


def offered(pair_id: str, player: Player | None) -> Pair | Outcome:
    """Return a pair that was offered to the player, or what came of it once they have voted; raises Missing."""
    vote = _own(pair_id, player)
    return _shown(vote) if vote.winner is None else _outcome(vote)


def _shown(vote: Vote) -> Pair:
    urls = [Shown(f"/api/v1/arena/pairs/{vote.id}/{side}.png") for side in ("left", "right")]
    return Pair(vote.id, vote.prompt_id, vote.left.prompt.text, *urls)


def picture(pair_id: str, side: Side, player: Player | None) -> str:
    """Return the object name of one side's picture, for the player the pair was offered to; raises Missing."""
    vote = _own(pair_id, player)
    return vote.left.picture if side == "left" else vote.right.picture


def vote(pair_id: str, winner: str, player: Player, guess: Guess = NO_GUESS) -> Outcome:
    """Count a player's vote on the pair offered to them, and what they take the two for, and tell who made them.

    Raises Missing for somebody else's pair, Conflict for a second vote, Spent for one too many in a day.
    """
    if winner not in WINNERS:
        raise Invalid([("#/winner", f"The winner is {', '.join(WINNERS[:-1])} or {WINNERS[-1]}.")])
    wrong = [side for side in ("left", "right") if getattr(guess, side) not in (None, *arena_pairs.KINDS)]
    if wrong:
        raise Invalid([(f"#/guess/{side}", "A guess is human or ai, or left out.") for side in wrong])
    offered = _own(pair_id, player)
    if offered.winner is None:
        arena_voters.require_left(player)
    counted = db.session.scalar(
        update(Vote)
        .where(Vote.id == pair_id, Vote.winner.is_(None))
        .values(winner=winner, voted_at=now(), guess_left=guess.left, guess_right=guess.right)
        .returning(Vote.id)
    )
    if counted is None:
        db.session.rollback()
        raise Conflict(say("You have voted on this pair. A vote stands."))
    board = ArenaBoard.prompt_id == offered.prompt_id
    db.session.execute(update(ArenaBoard).where(board).values(cast=ArenaBoard.cast + 1))
    idempotency.commit()
    db.session.refresh(offered)
    return _outcome(offered)


def _own(pair_id: str, player: Player | None) -> Vote:
    """The row of a pair that was offered to this player."""
    vote = db.session.get(Vote, pair_id)
    if vote is None or player is None or vote.player_id != player.id:
        raise Missing(say("There is no such pair. GET /api/v1/arena/pair offers one."))
    return vote


def _outcome(vote: Vote) -> Outcome:
    entries = loaded((vote.left_id, vote.right_id))
    left, right = entry_views([entries[vote.left_id], entries[vote.right_id]])
    voter = db.session.get_one(Player, vote.player_id)
    return Outcome(
        pair=vote.id,
        winner=vote.winner or "tie",
        left=left,
        right=right,
        judge=JUDGED[judged(entries[vote.left_id], entries[vote.right_id])],
        guess=Guess(vote.guess_left, vote.guess_right),
        eye=arena_voters.eye(voter),
        left_today=arena_voters.left_today(voter),
    )
