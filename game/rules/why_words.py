"""Reasons in a sentence, dry and never cruel, and always about this very drawing or caption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

TOGETHER = 3.0  # times what the best stroke did: then it was the colour as a whole
DOWN, ACROSS = ("top", "middle", "bottom"), ("left", "middle", "right")


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
    told = _parts(text, reasons, noise) if reasons else _places(text, heat, noise)
    return f"{told}; all in all it looks more like “{better[0].text}”." if better else f"{told}."


def _parts(text: str, reasons: Sequence[Did], noise: float) -> str:
    strokes = [reason for reason in reasons if reason.kind != "colour"]
    most, least = (pick(strokes, key=lambda reason: reason.added) for pick in (max, min))
    colours = [reason for reason in reasons if reason.kind == "colour"]
    colour = max(colours, key=lambda reason: reason.added, default=most)
    if len(strokes) == 1:
        return f"It is all {_without_article(most.words)}, and the judge took it as it is"
    if colour.added > TOGETHER * max(most.added, noise / TOGETHER):
        return f"{_capital(colour.words)} did it together: no single stroke decided how much of “{text}” the judge sees"
    if most.added > noise and least.added < -noise:
        return f"{_capital(most.words)} did the most for “{text}”, and {least.words} rather got in the way"
    if most.added > noise:
        return f"{_capital(most.words)} did the most for “{text}”, and nothing got in the way"
    if least.added < -noise:
        return f"The judge would see “{text}” sooner without {least.words}"
    return f"No part decided this by itself: the judge sees about as much of “{text}” without any one of them"


def _places(text: str, heat: list[list[float]], noise: float) -> str:
    cells = np.array(heat)
    row, column = np.unravel_index(cells.argmax(), cells.shape)
    if cells.max() <= noise:
        return f"No place decided this by itself: the judge sees about as much of “{text}” without any one of them"
    down, across = DOWN[3 * int(row) // len(cells)], ACROSS[3 * int(column) // len(cells)]
    where = down if down == across else f"{down} {across}".replace("middle ", "").replace(" middle", "")
    return (
        f"What is at the {where} did the most for “{text}”"
        if where != "middle"
        else (f"What is in the middle did the most for “{text}”")
    )


def caption_sentence(words: Sequence[tuple[str, float]], noise: float) -> str:
    """Return which words, given with the cosine that each added, decided a caption's score."""
    most, least = max(words, key=lambda word: word[1]), min(words, key=lambda word: word[1])
    if len(words) == 1:
        return f"“{most[0]}” is all there is, so it carries all of it."
    if most[1] > noise and least[1] < -noise:
        return f"“{most[0]}” carries this caption; “{least[0]}” costs it something."
    if most[1] > noise:
        return f"“{most[0]}” carries this caption, and no word hurts it."
    if least[1] < -noise:
        return f"The judge would agree more without “{least[0]}”."
    return "No word decided this by itself: the judge would say much the same without any one of them."


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _without_article(words: str) -> str:
    return "one " + words.removeprefix("the ")
