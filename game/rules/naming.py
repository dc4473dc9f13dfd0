"""Zero-shot classification: which of some words fits a picture best, though nobody taught the judge to choose.

Radford et al., arXiv 2103.00020: each word becomes a sentence, and a softmax over the cosines chooses among them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from game import judging
from game.judge import Floats, Judge
from game.rules import prompts
from game.rules.agreements import USUAL, softmax
from game.rules.refusals import Invalid
from game.sayings import say

SHOWN = 10
MOST, LONGEST = 40, 80  # words of one's own, and characters of each
PROMPTS = 50  # taken for words where the judge has none of its own

_lock = threading.Lock()
_own: dict[str, tuple[list[str], Floats]] = {}  # by judge; only the one asked last is kept


@dataclass(frozen=True)
class Belief:
    """A word, the cosine of the picture with its sentence, and its share (0 to 1) among all the words."""

    word: str
    similarity: float
    share: float


@dataclass(frozen=True)
class Naming:
    """What a judge believes, the likeliest word first, at most SHOWN; `of` is how many words it chose from."""

    judge: str
    of: int
    beliefs: list[Belief]


def split(text: str) -> list[str]:
    """Return the words of a list with commas or line breaks, each once; raises Invalid for too many or too long."""
    found = dict.fromkeys(" ".join(word.split()) for word in re.split(r"[,\n]", text))
    words = [word for word in found if word]
    if len(words) > MOST or any(len(word) > LONGEST for word in words):
        raise Invalid(
            [
                (
                    "#/words",
                    say(
                        "At most %(most)s words with commas between, each of at most %(longest)s characters.",
                        most=MOST,
                        longest=LONGEST,
                    ),
                )
            ]
        )
    return words


def believe(embedding: Floats, words: Sequence[str] = ()) -> Naming:
    """Return which of the words a picture's unit embedding (d,) fits best; of the judge's own words if none is given.

    Raises JudgeUnavailable.
    """
    judge = judging.current()
    names, rows = (list(words), _embedded(judge, words)) if words else _known(judge)
    similarities = rows @ embedding
    shares = softmax(similarities, USUAL)
    order = np.argsort(-similarities, kind="stable")[:SHOWN]
    beliefs = [Belief(names[i], float(similarities[i]), shares[i]) for i in order]
    return Naming(judge.spec, len(names), beliefs)


def _known(judge: Judge) -> tuple[list[str], Floats]:
    """The words that our own judges were trained on, kept; for others what players are asked to draw."""
    if not judge.embedded:
        names = [prompt.text for prompt in prompts.listing("popular", None, PROMPTS, state=None).items]
        if not names:
            raise Invalid([("#/words", say("There is nothing to choose from yet. Write some words."))])
        return names, judge.embed_texts(names)
    with _lock:
        if judge.spec not in _own:
            names = list(judging.vocabulary())
            _own.clear()
            _own[judge.spec] = names, _embedded(judge, names)
        return _own[judge.spec]


def _embedded(judge: Judge, words: Sequence[str]) -> Floats:
    return judge.embed_texts([f"a drawing of {_with_article(word)}" for word in words])


def _with_article(word: str) -> str:
    if re.match(r"(an?|the|some|two|three|\d+)\b", word, re.IGNORECASE):
        return word
    return f"an {word}" if word[0].lower() in "aeiou" else f"a {word}"
