"""What the pictures of training say: captions of one thing and of two, and captions that are nearly right but wrong."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ONE = ("{}", "{}", "{}", "a drawing of {}", "a doodle of {}", "a sketch of {}", "a picture of {}")
PLURAL = frozenset(
    ["animal migration", "asparagus", "binoculars", "bread", "broccoli", "camouflage", "drums", "eyeglasses",
     "flip flops", "grapes", "grass", "headphones", "lightning", "matches", "pants", "peas", "pliers", "rain",
     "rollerskates", "scissors", "shorts", "stairs", "stitches", "toothpaste", "underwear", "yoga"]
)  # fmt: skip

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 40, 40), "orange": (240, 132, 32), "yellow": (247, 208, 52), "green": (58, 160, 70),
    "blue": (45, 98, 214), "purple": (130, 62, 170), "pink": (245, 140, 180), "brown": (132, 84, 46),
    "black": (16, 16, 16), "grey": (140, 140, 140),
}  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """How two things stand to each other: phrases with {a} and {b}, and whether exchanging the two makes them false.

    `place` names where `a` is drawn: "above" b, "left" of b, "on" b (touching, from above), or "beside" it on any side.
    """

    place: str
    phrases: tuple[str, ...]
    directed: bool


RELATIONS = (
    Relation("above", ("{a} above {b}", "{a} above {b}", "{b} below {a}", "{b} under {a}", "{a} over {b}"), True),
    Relation("left", ("{a} to the left of {b}", "{b} to the right of {a}", "{a} left of {b}", "{b} right of {a}"),
             True),
    Relation("on", ("{a} on top of {b}", "{a} on {b}", "{a} riding {b}", "{a} driving {b}", "{a} sitting on {b}",
                    "{a} standing on {b}", "{b} under {a}", "{b} wearing {a}", "{b} carrying {a}"), True),
    Relation("beside", ("{a} and {b}", "{a} next to {b}", "{a} with {b}", "{a} beside {b}", "{a} holding {b}",
                        "{a} eating {b}", "{a} playing {b}", "{a} using {b}", "{a} looking at {b}"), False),
)  # fmt: skip
RELATION_ODDS = (0.3, 0.15, 0.3, 0.25)


def synonyms() -> dict[str, list[str]]:
    """Return other names for some of the words, written by hand (synonyms.toml)."""
    table = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text("utf-8"))
    found: dict[str, list[str]] = table["synonyms"]
    return found


def with_article(words: str, whole: str) -> str:
    """Return `words` with "a" or "an" unless `whole`, the thing it names, is a name or takes no article."""
    if words.startswith("The ") or whole in PLURAL:
        return words
    return f"{'an' if words[0].lower() in 'aeiou' and not words.startswith('uni') else 'a'} {words}"


class Writer:
    """Writes captions with a random generator of its own, so that a seed fixes them all.

    `leftward` is the share of "a is right of b" that is told as "b is left of a".  While both are as frequent, neither
    the order of the words nor the one word alone says anything of who is where, and learning the two together takes
    for ever to begin.
    """

    def __init__(self, words: list[str], rng: np.random.Generator, leftward: float = 0.0) -> None:
        self.words, self.rng, self.leftward, self._synonyms = words, rng, leftward, synonyms()

    def name(self, label: int, colour: str | None = None, plain: bool = False) -> str:
        """Return the thing with its article; now and then by a synonym, with its colour where one is given."""
        word = self.words[label]
        others = self._synonyms.get(word, [])
        said = word
        if not plain and others and self.rng.random() < 0.2:
            said = others[self.rng.integers(len(others))]
        if not plain and self.rng.random() < 0.12:
            return said if colour is None else f"{colour} {said}"
        return with_article(said if colour is None else f"{colour} {said}", word)

    def one(self, label: int, colour: str | None = None) -> str:
        """Return a caption for a picture of one thing."""
        return ONE[self.rng.integers(len(ONE))].format(self.name(label, colour))

    def two(self, a: int, b: int, relation: Relation, colours: tuple[str | None, str | None]) -> tuple[str, list[str]]:
        """Return the caption of a scene and captions that are wrong: one thing changed, and the two exchanged."""
        phrase = self._phrase(relation)
        first, second = self.name(a, colours[0]), self.name(b, colours[1])
        other = self.name(int(self.rng.integers(len(self.words))))
        wrong = [phrase.format(a=other, b=second) if self.rng.random() < 0.5 else phrase.format(a=first, b=other)]
        if relation.directed:
            wrong.append(phrase.format(a=second, b=first))
        return phrase.format(a=first, b=second), wrong

    def _phrase(self, relation: Relation) -> str:
        place = int(self.rng.integers(len(relation.phrases)))
        if self.leftward and relation.place == "left" and "right" in relation.phrases[place]:
            place -= self.rng.random() < self.leftward  # each phrase with "left" stands before its twin with "right"
        return relation.phrases[place]

    def all_words(self) -> list[str]:
        """Return one short text for every word, in order."""
        return [self.name(label) for label in range(len(self.words))]

    def other_colour(self, label: int, colour: str) -> str:
        """Return the word with a colour that it does not have."""
        names = [name for name in COLOURS if name != colour]
        return self.one(label, names[self.rng.integers(len(names))])
