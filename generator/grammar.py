"""A small grammar of captions: up to three things, each with a number, a size and a colour, and how they stand.

Whatever it makes is a sentence that people read with ease. So it is the limit that keeps a search for words fluent: a
free search over tokens climbs higher and ends in gibberish that only the guide likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

MOST = 3  # things in a sentence
NUMBERS = ("two", "three", "four", "five", "many")
SIZES = ("big", "small")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey")
RELATIONS = ("above", "below", "on", "under", "on top of", "inside", "next to", "behind", "in front of",
             "to the left of", "to the right of", "with", "holding", "wearing", "carrying", "riding", "driving",
             "sitting on", "standing on", "eating", "looking at")  # fmt: skip
OPENINGS = ("a drawing of", "a doodle of", "a sketch of", "a picture of")
UNCOUNTED = frozenset({"asparagus", "bread", "broccoli", "camouflage", "grass", "lightning", "rain", "snow",
                       "toothpaste", "underwear", "water", "yoga"})  # fmt: skip
IRREGULAR = {"fish": "fish", "foot": "feet", "goose": "geese", "knife": "knives", "leaf": "leaves", "man": "men",
             "mosquito": "mosquitoes", "mouse": "mice", "potato": "potatoes", "sheep": "sheep", "tomato": "tomatoes",
             "tooth": "teeth", "tornado": "tornadoes", "snowman": "snowmen", "woman": "women"}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """A word with what is said of it; what is empty is not said."""

    word: str
    number: str = ""
    size: str = ""
    colour: str = ""

    def text(self) -> str:
        """Return the thing in words, with its article or its number."""
        if is_name(self.word):
            return self.word
        noun = plural(self.word) if self.number else self.word
        said = " ".join(part for part in (self.number, self.size, self.colour, noun) if part)
        return said if self.number or is_many(self.word) else f"{article(said)} {said}"

    def told_more(self) -> Iterator[Thing]:
        """Say one property, or say it otherwise."""
        if is_name(self.word):
            return
        yield from (replace(self, colour=colour) for colour in COLOURS if colour != self.colour)
        if self.word not in UNCOUNTED:
            yield from (replace(self, size=size) for size in SIZES if size != self.size)
        if not is_many(self.word):
            yield from (replace(self, number=number) for number in NUMBERS if number != self.number)


@dataclass(frozen=True)
class Sentence:
    """One to three things; `relation` is how the first of them stands to the others, empty for a mere list."""

    things: tuple[Thing, ...]
    relation: str = ""
    opening: str = ""

    def text(self) -> str:
        """Return the sentence in words."""
        first, *others = [thing.text() for thing in self.things]
        if self.relation and others:
            said = f"{first} {self.relation} {' and '.join(others)}"
        else:
            said = f"{', '.join([first, *others[:-1]])} and {others[-1]}" if others else first
        return f"{self.opening} {said}" if self.opening else said

    def neighbours(self, words: Sequence[str]) -> Iterator[Sentence]:
        """Return every sentence that is one change away; things that come in are of `words`, none comes twice."""
        new = [Thing(word) for word in words if word not in {thing.word for thing in self.things}]
        if len(self.things) < MOST:
            yield from (replace(self, things=(*self.things, thing)) for thing in new)
        if len(self.things) > 1:
            yield from self._related()
        for place, thing in enumerate(self.things):
            yield from (self._with(place, other) for other in thing.told_more())
        for place, thing in enumerate(self.things):
            yield from (self._with(place, replace(thing, word=other.word)) for other in new if _fits(thing, other))
        yield from (replace(self, opening=opening) for opening in OPENINGS if opening != self.opening)

    def _related(self) -> Iterator[Sentence]:
        """Let each thing in turn come first, in a list or in every relation to the others."""
        for place, thing in enumerate(self.things):
            turned = (thing, *self.things[:place], *self.things[place + 1 :])
            yield from (replace(self, things=turned, relation=relation) for relation in ("", *RELATIONS))

    def _with(self, place: int, thing: Thing) -> Sentence:
        return replace(self, things=(*self.things[:place], thing, *self.things[place + 1 :]))


def _fits(thing: Thing, other: Thing) -> bool:
    """Whether what is said of a thing can be said of another word."""
    if is_name(other.word):
        return thing == Thing(thing.word)
    return not (thing.number and is_many(other.word)) and not (thing.size and other.word in UNCOUNTED)


def is_name(word: str) -> bool:
    """Whether the word names one thing in the world, such as The Eiffel Tower: it takes nothing before it."""
    return word.startswith("The ")


def is_many(word: str) -> bool:
    """Whether the word takes neither article nor number: a plural such as scissors, or a stuff such as rain."""
    return word in UNCOUNTED or (word.endswith("s") and not word.endswith(("ss", "us")))


def article(words: str) -> str:
    """Return "a" or "an", as it stands before these words."""
    vowel = words[0].lower() in "aeiou" and not words.lower().startswith(("uni", "use", "eu", "one"))
    return "an" if vowel or words.lower().startswith("hour") else "a"


def plural(word: str) -> str:
    """Return the plural of a word that can be counted; of several words the last one changes."""
    head, blank, last = word.rpartition(" ")
    if last in IRREGULAR:
        return head + blank + IRREGULAR[last]
    if last.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if last.endswith("y") and last[-2:-1] not in "aeiou" else f"{word}s"
