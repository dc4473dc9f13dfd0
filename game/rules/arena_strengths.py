"""How strong pictures are by votes on pairs of them: Bradley and Terry's model (Biometrika, 1952), with intervals.

Fitted by Hunter's minorisation (Annals of Statistics, 2004); a tie is half a win for both. Every picture begins with
one win and one loss against an average one, so that who has won everything is not infinitely strong. The intervals are
a weighted bootstrap (Rubin, 1981; Newton and Raftery, 1994): each round weighs voters and votes anew, and the win and
the loss from the beginning, too, without which ten votes of one opinion would look certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 200
BLOCK = 200_000  # weights held at once: votes times rounds
STEPS, NEAR = 200, 2e-3  # at most so many steps; done when nothing moves by more, in logits
INTERVAL = (2.5, 97.5)  # percentiles of the rounds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ballots:
    """Votes on pairs of one prompt as arrays (m,): indices of both pictures and of the voter, what the first one got.

    `won` and `judged` are 1 where people, or the judge, put the first picture ahead, 0 for the second, 0.5 for a tie.
    Every picture below `pictures` is in some vote.
    """

    pictures: int
    first: Ints
    second: Ints
    voter: Ints
    won: Floats
    judged: Floats

    def of(self, kept: NDArray[np.bool_]) -> Ballots:
        """Return the votes of some voters, by a mask over votes; pictures without any vote left stay countable."""
        who = (self.first[kept], self.second[kept], self.voter[kept])
        return Ballots(self.pictures, *who, self.won[kept], self.judged[kept])


@dataclass(frozen=True)
class Standing:
    """Arrays (n,) by picture: votes, logits above an average picture with both ends of the interval, and shares.

    The shares are the parts of its votes that the judge and people give a picture; `judge_over` and `people_over` are
    the lower bounds of how much more the one gives than the other.
    """

    votes: Ints
    strength: Floats
    low: Floats
    high: Floats
    judge_share: Floats
    people_share: Floats
    judge_over: Floats
    people_over: Floats


def standing(ballots: Ballots, rng: np.random.Generator) -> Standing:
    """Return how each picture stands by votes; `rng` weighs the bootstrap's rounds."""
    sums = _Sums(ballots)
    even = np.ones((len(ballots.first), 1))
    strength = fit(ballots, even, np.ones((2, ballots.pictures, 1)))
    more = (ballots.judged - ballots.won)[:, None]
    fits, gaps = [], []
    for weights, begun in _rounds(ballots, rng):
        fits.append(fit(ballots, weights, begun, strength))
        total = sums.both(weights, weights) + begun.sum(0)
        gaps.append((sums.both(more * weights, -more * weights) + begun[0] - begun[1]) / total)
    low, high = np.percentile(np.concatenate(fits, 1), INTERVAL, axis=1)
    least, most = np.percentile(np.concatenate(gaps, 1), INTERVAL, axis=1)
    votes = sums.both(even, even)[:, 0]
    shares = [
        sums.both(given[:, None], 1 - given[:, None])[:, 0] / np.maximum(votes, 1.0)
        for given in (ballots.judged, ballots.won)
    ]
    # Where there are few votes, the fit of them all may lie outside what the rounds span.
    strength = strength[:, 0]
    low, high = np.minimum(low, strength), np.maximum(high, strength)
    return Standing(votes.astype(np.int64), strength, low, high, shares[0], shares[1], least, -most)


def fit(ballots: Ballots, weights: Floats, begun: Floats, start: Floats | None = None) -> Floats:
    """Return strengths (n, rounds) in logits above an average picture.

    `weights` (m, rounds) are those of the votes, 0 to leave one out; `begun` (2, n, rounds) the wins and losses against
    an average picture that each begins with; `start` (n, 1) is a guess at the strengths.
    """
    sums = _Sums(ballots)
    won = ballots.won[:, None]
    wins = sums.both(weights * won, weights * (1 - won)) + begun[0]
    given = begun.sum(0)
    odds = np.ones_like(wins) if start is None else np.exp(start) + np.zeros_like(wins)
    for _ in range(STEPS):
        met = weights / (odds[ballots.first] + odds[ballots.second])
        better = wins / (sums.both(met, met) + given / (odds + 1))
        moved = np.abs(np.log(better / odds)).max(initial=0)
        odds = better
        if moved < NEAR:
            break
    return np.asarray(np.log(odds), np.float64)


def _rounds(ballots: Ballots, rng: np.random.Generator) -> Iterator[tuple[Floats, Floats]]:
    """Weights of the votes, and of each picture's first win and loss, for some rounds at a time."""
    votes, voters = len(ballots.first), int(ballots.voter.max(initial=0)) + 1
    at_once = max(1, min(ROUNDS, BLOCK // max(votes, 1)))
    for start in range(0, ROUNDS, at_once):
        rounds = min(at_once, ROUNDS - start)
        weights = rng.exponential(size=(voters, rounds))[ballots.voter] * rng.exponential(size=(votes, rounds))
        yield weights, rng.exponential(size=(2, ballots.pictures, rounds))


class _Sums:
    """Sums over the votes that each picture is in."""

    def __init__(self, ballots: Ballots) -> None:
        sides = np.concatenate([ballots.first, ballots.second])
        self._order = np.argsort(sides, kind="stable")
        self._met, self._starts = np.unique(sides[self._order], return_index=True)
        self._pictures = ballots.pictures

    def both(self, first: Floats, second: Floats) -> Floats:
        """Return by picture (n, rounds) the sum of `first` where it is the first of a pair and `second` where not."""
        summed = np.zeros((self._pictures, first.shape[1]))
        if len(self._starts):
            given = np.concatenate([first, second])[self._order]
            summed[self._met] = np.add.reduceat(given, self._starts, axis=0)
        return summed
