"""Reasons in a sentence, dry and never cruel, and always about this very drawing or caption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from game.rules.part_words import ACROSS, DOWN, PLACES
from game.sayings import capital, say

TOGETHER = 3.0  # times what the best stroke did: then it was the colour as a whole


class Did(Protocol):
    """What a part did for the score; see `game.rules.why.Reason`."""

    @property
    def kind(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def added(self) -> float: ...


class Named(Protocol):
    """Something with a text."""

    @property
    def text(self) -> str: ...


def sentence(text: str, reasons: Sequence[Did], heat: list[list[float]], noise: float, better: Sequence[Named]) -> str:
    """Return what decided an entry's score; what did less than the judge's noise is not spoken of."""
    told = capital(_parts(text, reasons, noise) if reasons else _places(text, heat, noise))
    if better:
        return say("%(told)s; all in all it looks more like “%(other)s”.", told=told, other=better[0].text)
    return say("%(told)s.", told=told)


def _parts(text: str, reasons: Sequence[Did], noise: float) -> str:
    strokes = [reason for reason in reasons if reason.kind != "colour"]
    most, least = (pick(strokes, key=lambda reason: reason.added) for pick in (max, min))
    colours = [reason for reason in reasons if reason.kind == "colour"]
    colour = max(colours, key=lambda reason: reason.added, default=most)
    if len(strokes) == 1:
        return say("There is only %(part)s, and the judge took it as it is", part=most.words)
    if colour.added > TOGETHER * max(most.added, noise / TOGETHER):
        return say(
            "%(colour)s did it together: no single stroke decided how much of “%(text)s” the judge sees",
            colour=colour.words,
            text=text,
        )
    if most.added > noise and least.added < -noise:
        return say(
            "%(most)s did the most for “%(text)s”, and %(least)s rather got in the way",
            most=most.words,
            text=text,
            least=least.words,
        )
    if most.added > noise:
        return say("%(most)s did the most for “%(text)s”, and nothing got in the way", most=most.words, text=text)
    if least.added < -noise:
        return say("The judge would see “%(text)s” sooner without %(least)s", text=text, least=least.words)
    return say(
        "No part decided this by itself: the judge sees about as much of “%(text)s” without any one of them", text=text
    )


def _places(text: str, heat: list[list[float]], noise: float) -> str:
    cells = np.array(heat)
    row, column = np.unravel_index(cells.argmax(), cells.shape)
    if cells.max() <= noise:
        return say(
            "No place decided this by itself: the judge sees about as much of “%(text)s” without any one of them",
            text=text,
        )
    place = f"{DOWN[3 * int(row) // len(cells)]} {ACROSS[3 * int(column) // len(cells)]}".strip() or "middle"
    return say("What is %(place)s did the most for “%(text)s”", place=say(PLACES[place]), text=text)


def caption_sentence(words: Sequence[tuple[str, float]], noise: float) -> str:
    """Return which words, given with the cosine that each added, decided a caption's score."""
    most, least = max(words, key=lambda word: word[1]), min(words, key=lambda word: word[1])
    if len(words) == 1:
        return say("“%(word)s” is all there is, so it carries all of it.", word=most[0])
    if most[1] > noise and least[1] < -noise:
        return say("“%(most)s” carries this caption; “%(least)s” costs it something.", most=most[0], least=least[0])
    if most[1] > noise:
        return say("“%(most)s” carries this caption, and no word hurts it.", most=most[0])
    if least[1] < -noise:
        return say("The judge would agree more without “%(least)s”.", least=least[0])
    return say("No word decided this by itself: the judge would say much the same without any one of them.")
