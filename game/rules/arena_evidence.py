"""Whether a voter looks at the pictures: a test that drops those who vote by lot, by side, or against everybody.

For every vote that is no tie, what the others' votes foretell is held against four other voters: one who tosses a coin,
one who turns the others' opinion round, and two who nearly always take the same side. How much more likely a vote is
for such a voter multiplies up over all votes; for somebody who votes as others do, each of the four products is 1 on
average at any time, so that their mean hardly ever passes 1 / `ALPHA` (Ville's inequality; see Ramdas et al., "Game-
theoretic statistics", 2023). Chatbot Arena tests its voters in the same spirit (Chiang et al., 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from game.rules.arena_strengths import BLOCK, Ballots, Floats, fit

ALPHA = 0.01  # one honest voter of a hundred may be dropped
LEAST = 5  # votes before anybody is dropped
TASTE = 0.2  # of the foretelling is left open: people may differ
SIDED = 0.9  # how often the two who take sides take theirs


@dataclass(frozen=True)
class Evidence:
    """Of one voter and one prompt: votes that tell something, and the log products of coin, turned, left, right."""

    votes: int
    logs: tuple[float, float, float, float]


def of_voters(ballots: Ballots) -> list[Evidence]:
    """Return the evidence on each voter, by index; a pair's first picture hung on the left.

    What is foretold comes from all the others' votes: nobody is held against themselves.
    """
    voters = int(ballots.voter.max(initial=-1)) + 1
    told = [Evidence(0, (0.0, 0.0, 0.0, 0.0))] * voters
    at_once = max(1, BLOCK // max(len(ballots.first), 1))
    for start in range(0, voters, at_once):
        some = np.arange(start, min(start + at_once, voters))
        without = (ballots.voter[:, None] != some).astype(np.float64)
        strengths = fit(ballots, without, np.ones((2, ballots.pictures, len(some))))
        for voter, strength in zip(some, strengths.T, strict=True):
            told[voter] = _evidence(ballots.of(ballots.voter == voter), strength)
    return told


def is_outlier(votes: int, logs: Sequence[float]) -> bool:
    """Whether somebody is dropped, by the sums over all prompts of what `of_voters` found."""
    return votes >= LEAST and float(np.logaddexp.reduce(logs) - np.log(len(logs))) > -np.log(ALPHA)


def _evidence(own: Ballots, strength: Floats) -> Evidence:
    decided = own.won != 0.5
    took_left = own.won[decided] == 1
    foretold = 1 / (1 + np.exp(strength[own.second] - strength[own.first]))[decided]
    foretold = np.where(took_left, foretold, 1 - foretold) * (1 - TASTE) + TASTE / 2
    others = (
        np.full(len(foretold), 0.5),
        1 - foretold,
        np.where(took_left, SIDED, 1 - SIDED),
        np.where(took_left, 1 - SIDED, SIDED),
    )
    coin, turned, left, right = (float(np.log(other / foretold).sum()) for other in others)
    return Evidence(len(foretold), (coin, turned, left, right))
