"""What the pictures of training say: captions of one thing and of two, and captions that are nearly right but wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
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
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven")
MANY = ("many {}", "many {}", "a lot of {}", "a group of {}")
BIG, LITTLE = ("big", "huge", "large"), ("small", "tiny", "little")
UNCOUNTED = PLURAL | {
    "The Eiffel Tower", "The Great Wall of China", "The Mona Lisa", "beach", "garden", "hurricane", "line", "map",
    "ocean", "square", "squiggle", "sun", "zigzag",
}  # fmt: skip
IRREGULAR = {"fish": "fish", "foot": "feet", "knife": "knives", "leaf": "leaves", "mosquito": "mosquitoes",
             "mouse": "mice", "potato": "potatoes", "sheep": "sheep", "snowman": "snowmen", "tooth": "teeth",
             "tornado": "tornadoes"}  # fmt: skip


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


def plural(word: str) -> str:
    """Return the plural of a word that can be counted."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeiou" else f"{word}s"


class Writer:
    """Writes captions with a random generator of its own, so that a seed fixes them all.

    `leftward` is the share of "a is right of b" that is told as "b is left of a".  While both are as frequent, neither
    the order of the words nor the one word alone says anything of who is where, and learning the two together takes
    for ever to begin.  `kinds` are the names of wider kinds of some words, as "bird" of an owl.
    """

    def __init__(self, words: list[str], rng: np.random.Generator, leftward: float = 0.0,
                 kinds: Mapping[str, Sequence[str]] | None = None) -> None:  # fmt: skip
        self.words, self.rng, self.leftward, self._synonyms = words, rng, leftward, synonyms()
        self._kinds = kinds or {}

    def _any(self, of: Sequence[str]) -> str:
        return of[int(self.rng.integers(len(of)))]

    def _other(self, word: int) -> int:
        """Return a word by lot that is not `word`."""
        return (word + 1 + int(self.rng.integers(len(self.words) - 1))) % len(self.words)

    def name(self, label: int, adjective: str | None = None, plain: bool = False) -> str:
        """Return the thing with its article; now and then by a synonym, with an adjective where one is given."""
        word = self.words[label]
        others = self._synonyms.get(word, [])
        said = word
        if not plain and others and self.rng.random() < 0.2:
            said = self._any(others)
        if not plain and self.rng.random() < 0.12:
            return said if adjective is None else f"{adjective} {said}"
        return with_article(said if adjective is None else f"{adjective} {said}", word)

    def one(self, label: int, adjective: str | None = None) -> str:
        """Return a caption for a picture of one thing."""
        return self._any(ONE).format(self.name(label, adjective))

    def other_colour(self, label: int, colour: str) -> str:
        """Return a caption with a colour that the thing does not have."""
        return self.one(label, self._any([name for name in COLOURS if name != colour]))

    def sized(self, label: int, small: bool) -> tuple[str, str]:
        """Return a caption that says how large the thing is, and one that says the opposite."""
        right, wrong = (LITTLE, BIG) if small else (BIG, LITTLE)
        return self.one(label, self._any(right)), self.one(label, self._any(wrong))

    def kinds_of(self, label: int) -> Sequence[str]:
        """Return the wider kinds of a thing."""
        return self._kinds.get(self.words[label], ())

    def kind(self, label: int) -> tuple[str, frozenset[int]]:
        """Return a caption that names a wider kind of the thing, and all things of that kind."""
        chosen = self._any(self.kinds_of(label))
        also = frozenset(k for k in range(len(self.words)) if chosen in (self.words[k], *self.kinds_of(k)))
        return self._any(ONE).format(with_article(chosen, chosen)), also

    def sign(self, names: Sequence[str]) -> str:
        """Return a caption for an icon, by its first name two times in three."""
        name = names[0] if self.rng.random() < 0.67 else self._any(names)
        many = name.endswith("s") and not name.endswith("ss")
        return self._any(ONE).format(name if many else with_article(name, name))

    def two(
        self, a: int, b: int, relation: Relation, colours: tuple[str | None, str | None]
    ) -> tuple[str, str, str | None]:
        """Return the caption of two things and wrong ones: one thing changed, and the two exchanged (None if true)."""
        phrase = self._phrase(relation)
        first, second = self.name(a, colours[0]), self.name(b, colours[1])
        left = self.rng.random() < 0.5
        other = self.name(self._other(a if left else b))
        changed = phrase.format(a=other, b=second) if left else phrase.format(a=first, b=other)
        exchanged = phrase.format(a=second, b=first) if relation.directed and a != b else None
        return phrase.format(a=first, b=second), changed, exchanged

    def several(self, label: int, count: int) -> tuple[str, str]:
        """Return a caption for a picture of two to seven of one thing, and one with another number."""
        word = plural(self.words[label])
        wrong = self._any([NUMBERS[k] for k in range(2, 8) if k != count and (count < 5 or k < 5)])
        if count >= 5 and self.rng.random() < 0.5:
            return self._any(MANY).format(word), f"{wrong} {word}"
        if self.rng.random() < 0.2:
            return f"{NUMBERS[count]} {word}", self.name(label, plain=True)
        return f"{NUMBERS[count]} {word}", f"{wrong} {word}"

    def group(self, label: int, count: int, other: int, relation: Relation) -> tuple[str, str, str | None]:
        """Return a caption of some of one thing and another thing, one with a wrong number, one exchanged."""
        phrase, word, second = self._phrase(relation), plural(self.words[label]), self.name(other)
        first = f"{NUMBERS[count]} {word}"
        wrong = f"{self._any([NUMBERS[k] for k in range(2, 6) if k != count])} {word}"
        exchanged = phrase.format(a=second, b=first) if relation.directed and other != label else None
        return phrase.format(a=first, b=second), phrase.format(a=wrong, b=second), exchanged

    def over(self, words: Sequence[int], above: bool) -> tuple[str, str, str | None]:
        """Return a caption of one thing above (or below) two, one with a thing changed, one with two exchanged."""
        a, b, c = words
        side = self._any(("above", "over") if above else ("below", "under"))
        form = f"{{}} {side} {{}} and {{}}"
        names = [self.name(word) for word in (a, b, c)]
        place = int(self.rng.integers(3))
        changed = [self.name(self._other(words[k])) if k == place else name for k, name in enumerate(names)]
        exchanged = None if a == b else form.format(names[1], names[0], names[2])
        return form.format(*names), form.format(*changed), exchanged

    def listed(self, words: Sequence[int]) -> tuple[str, str]:
        """Return a caption that lists three or four things in any order, and one with a thing changed."""
        order = [words[k] for k in self.rng.permutation(len(words))]
        names = [self.name(word) for word in order]
        place = int(self.rng.integers(len(names)))
        changed = [self.name(self._other(order[k])) if k == place else name for k, name in enumerate(names)]
        return _list(names), _list(changed)

    def _phrase(self, relation: Relation) -> str:
        place = int(self.rng.integers(len(relation.phrases)))
        if self.leftward and relation.place == "left" and "right" in relation.phrases[place]:
            place -= self.rng.random() < self.leftward  # each phrase with "left" stands before its twin with "right"
        return relation.phrases[place]

    def all_words(self) -> list[str]:
        """Return one short text for every word, in order."""
        return [self.name(label) for label in range(len(self.words))]


def _list(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
