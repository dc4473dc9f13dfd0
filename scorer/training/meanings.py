"""What words mean, for training: the wider kinds of things ("bird" for an owl), and common words for things.

Both come from Open English WordNet's nouns (wordnet-nouns.parquet), with meanings.toml for what it says wrongly.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from scorer.encoder import text_tokens
from scorer.reference import vocabulary as words_of_drawings
from scorer.training.captions import synonyms

# Sorts of nouns that can be drawn; a word with several senses is taken to mean the first of these.
DRAWABLE = ("animal", "food", "artifact", "plant", "body", "object", "phenomenon", "shape", "person", "substance")
SEEN = DRAWABLE[:-2]
COMMON = 28000  # words rarer than this, of 49,152, are left out of the vocabulary


class Nouns:
    """WordNet's nouns: their senses by word, and what lies above a sense.

    Raises FileNotFoundError, with what to do, when the folder lacks the data set.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "wordnet-nouns.parquet"
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: give --data the folder that holds wordnet-nouns.parquet")
        rows = parquet.read_table(path, columns=["synset", "lexfile", "members", "hypernym"]).to_pylist()
        self._synsets: dict[str, dict[str, Any]] = {row["synset"]: row for row in rows}
        self._senses: dict[str, list[str]] = {}
        for row in rows:
            for member in row["members"]:
                self._senses.setdefault(member.lower(), []).append(row["synset"])

    def senses(self, word: str) -> list[str]:
        """Return the synsets of a word's drawable senses, the most drawable first; none for an unknown word."""
        found = [synset for synset in self._senses.get(word.lower(), ()) if self.sort(synset) in DRAWABLE]
        return sorted(found, key=lambda synset: DRAWABLE.index(self.sort(synset)))

    def sort(self, synset: str) -> str:
        """Return the sort of thing that a synset is: WordNet's lexicographer file."""
        return str(self._synsets[synset]["lexfile"])

    def members(self, synset: str) -> list[str]:
        """Return the words that share a sense."""
        return list(self._synsets[synset]["members"])

    def above(self, synset: str) -> set[str]:
        """Return the synset and all that are wider."""
        found: set[str] = set()
        todo = [synset]
        while todo:
            now = todo.pop()
            if now not in found and now in self._synsets:
                found.add(now)
                todo += self._synsets[now]["hypernym"]
        return found

    def wider(self, word: str) -> set[str]:
        """Return all words that mean the same as a word or are wider, in any drawable sense, in lower case."""
        synsets = {wide for sense in self.senses(word) for wide in self.above(sense)}
        return {member.lower() for synset in synsets for member in self.members(synset)}

    def words(self, sorts: Sequence[str]) -> list[str]:
        """Return all words that have a sense of one of these sorts, in order of the alphabet."""
        return sorted({word for row in self._synsets.values() if row["lexfile"] in sorts for word in row["members"]})


@cache
def nouns(folder: Path) -> Nouns:
    """Return the nouns of a data folder, read once."""
    return Nouns(folder)


def kinds(words: Sequence[str], folder: Path) -> dict[str, list[str]]:
    """Return the wider kinds of each word as players would name them, narrow and wide; none where there is none.

    Of several senses the first counts that has any kind, the more drawable ones first; meanings.toml overrules.
    """
    tables = _tables()
    by_hand = tables["words"]
    return {word: list(by_hand[word]) if word in by_hand else _kinds(word, nouns(folder)) for word in words}


def _kinds(word: str, known: Nouns) -> list[str]:
    for sense in known.senses(word):
        above = {f"{known.sort(wide)}:{member}" for wide in known.above(sense) for member in known.members(wide)}
        found = [kind for kind, names in _tables()["kinds"].items() if kind != word and not above.isdisjoint(names)]
        if found:
            return found
    return []


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("meanings.toml").read_text("utf-8"))


def vocabulary(folder: Path, names: Sequence[str] = ()) -> list[str]:
    """Return common words and phrases for things that can be drawn, in order of the alphabet: some thousands.

    They are WordNet's common ones in small letters, the words of the drawings, their synonyms and kinds, people, and
    the `names` given (of icons).  A phrase of WordNet's counts only where its last word says what it is: "barn owl".
    """
    known, words = nouns(folder), list(words_of_drawings())
    plain = [
        word for word in known.words(SEEN) if word.isascii() and word.islower() and word.replace(" ", "").isalpha()
    ]
    chosen = {word for word, rank in zip(plain, ranks(plain), strict=True) if _counts(word, rank, known)}
    chosen.update(words, names, _tables()["people"]["words"], *synonyms().values(), *kinds(words, folder).values())
    return sorted(chosen)


def _counts(word: str, rank: int, known: Nouns) -> bool:
    *before, last = word.split()
    if not before:
        return len(word) > 2 and rank < COMMON
    return len(before) == 1 and rank < COMMON // 2 and last in known.wider(word)


def ranks(words: Sequence[str]) -> list[int]:
    """Return how rare each word or phrase is: the number of its rarest token in open_clip's byte-pair encoding.

    Those are in order of how often they occur.  A word of several tokens is rarer than all.
    """
    tokens = text_tokens(words)
    count, end = (tokens != 0).sum(1), int(tokens.max())  # each text stands between two marks, the last two tokens
    rarest = tokens.masked_fill(tokens >= end - 1, 0).amax(1)
    whole = [len(word.split()) + 2 for word in words]
    return [int(rare) if n == wanted else end for rare, n, wanted in zip(rarest, count, whole, strict=True)]
