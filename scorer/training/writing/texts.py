"""What people write: the words of the vocabulary, alone and put together as prompts are, and letters without sense."""

from __future__ import annotations

from pathlib import Path

import numpy as np

WORDS = (Path(__file__).parents[2] / "vocabulary.txt").read_text("utf-8").split("\n")
BETWEEN = ("on a", "and a", "above a", "with a", "riding a", "in the", "eating a", "next to a", "under the")
MERE = (0.5, 0.65)  # the kinds, of 0 to 1, that are letters without sense
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def text(rng: np.random.Generator) -> str:
    """Return something to write, 3 letters at least, in small letters, capitals or both: a prompt or mere letters."""
    return _put(rng.random(), rng)


def prompt(rng: np.random.Generator) -> str:
    """Return what `text` returns, but words only."""
    kind = rng.uniform(0, 1 - (MERE[1] - MERE[0]))
    return _put(kind if kind < MERE[0] else kind + MERE[1] - MERE[0], rng)


def mere(rng: np.random.Generator) -> str:
    """Return letters without sense."""
    return _put(rng.uniform(*MERE), rng)


def _put(kind: float, rng: np.random.Generator) -> str:
    said = word(rng)
    if kind < 0.3:
        said = f"a {said}"
    elif kind < MERE[0]:
        said = f"a {said} {BETWEEN[int(rng.integers(len(BETWEEN)))]} {word(rng)}"
    elif kind < MERE[1]:
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
