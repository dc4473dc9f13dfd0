"""What people write: the words of the vocabulary, alone and put together as prompts are, and letters without sense."""

from __future__ import annotations

from pathlib import Path

import numpy as np

WORDS = (Path(__file__).parents[2] / "vocabulary.txt").read_text("utf-8").split("\n")
BETWEEN = ("on a", "and a", "above a", "with a", "riding a", "in the", "eating a", "next to a", "under the")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def text(rng: np.random.Generator) -> str:
    """Return something to write, 3 letters at least, in small letters, capitals or both."""
    kind = rng.random()
    said = word(rng)
    if kind < 0.3:
        said = f"a {said}"
    elif kind < 0.5:
        said = f"a {said} {BETWEEN[int(rng.integers(len(BETWEEN)))]} {word(rng)}"
    elif kind < 0.65:
        said = "".join(LETTERS[i] for i in rng.integers(26, size=int(rng.integers(3, 9))))
    return (said, said.upper(), said.title())[int(rng.choice(3, p=(0.5, 0.35, 0.15)))]


def word(rng: np.random.Generator) -> str:
    """Return a word of the vocabulary."""
    known = [name for name in WORDS if name]
    return known[int(rng.integers(len(known)))]


def lines(said: str, rng: np.random.Generator) -> list[str]:
    """Return a text in lines: long ones are broken, short ones sometimes."""
    words = said.split()
    most = int(rng.integers(6, 15))
    out = [words[0]]
    for one in words[1:]:
        if len(out[-1]) < 3 or len(out[-1]) + 1 + len(one) <= most:  # no line of a lone "a"
            out[-1] += f" {one}"
        else:
            out.append(one)
    return out
