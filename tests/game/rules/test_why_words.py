"""Reasons in a sentence: what decided is named, what is noise is not."""

from types import SimpleNamespace
from typing import Any

import pytest

from game.rules.why_words import caption_sentence, sentence

COLD = [[0.0] * 3] * 3


def did(words: str, added: float, kind: str = "stroke") -> Any:
    """A part and what it did."""
    return SimpleNamespace(words=f"the {words}", added=added, kind=kind)


def say(*reasons: Any, better: tuple[str, ...] = ()) -> str:
    """The sentence about a cat, with a noise of 0.01."""
    return sentence("a cat", reasons, COLD, 0.01, [SimpleNamespace(text=text) for text in better])


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([did("ear", 0.1), did("tail", -0.05), did("dot", 0.02)], "The ear did the most for “a cat”, and the tail"),
        ([did("ear", 0.1), did("tail", -0.005)], "and nothing got in the way."),
        ([did("ear", 0.001), did("tail", -0.05)], "The judge would see “a cat” sooner without the tail."),
        ([did("ear", 0.001), did("tail", -0.001)], "No part decided this by itself"),
        ([did("ear", 0.02), did("tail", 0.01), did("lot", 0.3, "colour")], "The lot did it together"),
        ([did("ear", 0.2), did("tail", 0.01), did("lot", 0.3, "colour")], "The ear did the most"),
        ([did("red loop", 0.4)], "There is only the red loop"),
    ],
)
def test_what_decided_is_named(reasons: list[Any], told: str) -> None:
    assert told in say(*reasons)


def test_another_prompt_that_fits_better_ends_the_sentence() -> None:
    assert say(did("ear", 0.1), did("dot", 0), better=("a dog",)).endswith("; all in all it looks more like “a dog”.")


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [(0, 0, "at the top left"), (0, 1, "at the top"), (1, 1, "in the middle"), (1, 2, "at the right"),
     (2, 1, "at the bottom")],
)  # fmt: skip
def test_a_picture_without_strokes_has_a_place(row: int, column: int, where: str) -> None:
    heat = [[0.2 if (y, x) == (row, column) else 0.0 for x in range(3)] for y in range(3)]
    assert sentence("a cat", [], heat, 0.01, []) == f"What is {where} did the most for “a cat”."
    assert "No place decided" in sentence("a cat", [], heat, 0.5, [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([("cat", 0.2), ("red", -0.1)], "“cat” carries this caption; “red” costs it something."),
        ([("cat", 0.2), ("a", 0.0)], "no word hurts it"),
        ([("cat", 0.0), ("red", -0.1)], "The judge would agree more without “red”."),
        ([("cat", 0.001), ("red", 0.0)], "No word decided this by itself"),
        ([("cat", 0.5)], "all there is"),
    ],
)
def test_the_words_that_decided_are_named(words: list[tuple[str, float]], told: str) -> None:
    assert told in caption_sentence(words, 0.01)
