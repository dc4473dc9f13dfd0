"""A grammar of prompts: somebody who does something with something, in words that the judge was trained on."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

TRIES = 50  # for each prompt that is wanted
VOWELS = "aeiou"


def made(count: int, known: Sequence[str], luck: random.Random) -> list[str]:
    """Return at most `count` different texts made of known words; `luck` decides which."""
    sayings = [(kind["say"], [word for word in kind["with"] if word in known]) for kind in _parts()["kinds"]]
    actors = [word for word in _parts()["actors"] if word in known]
    found: dict[str, None] = {}
    for text in _texts(actors, [(say, things) for say, things in sayings if things], luck, count * TRIES):
        if len(found) == count:
            break
        found[text] = None
    return list(found)


def _texts(
    actors: Sequence[str], sayings: Sequence[tuple[str, list[str]]], luck: random.Random, tries: int
) -> Iterator[str]:
    for _ in range(tries if actors and sayings else 0):
        say, things = luck.choice(sayings)
        actor, thing = luck.choice(actors), luck.choice(things)
        if actor != thing:
            yield f"{_one(actor)} {say} {_one(thing)}"


def _one(word: str) -> str:
    return f"{'an' if word[0] in VOWELS else 'a'} {word}"


@cache
def _parts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "prompt_grammar.toml").read_text("utf-8"))
