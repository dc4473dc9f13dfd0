"""Batches for training, composed on the device: pictures, what is said of them, and what is wrongly said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scorer.encoder import text_tokens
from scorer.training.canvas import Canvas
from scorer.training.captions import Writer, synonyms
from scorer.training.data import Drawings
from scorer.training.icons import Icons
from scorer.training.icons import load as load_icons
from scorer.training.meanings import kinds, vocabulary
from scorer.training.nothing import Nothing
from scorer.training.scenes import Mix, Scene, Stage, colours_of, words_of
from scorer.training.teacher import teacher_rows

MEANT = 96  # words of each batch whose meanings are compared


@dataclass(frozen=True)
class Lore:
    """What is known beside the drawings: icons, wider kinds of words, and what a sentence encoder makes of words.

    `meanings` (n, k) are its unit rows for the `vocabulary` of n words, which begins with the `drawn` words that have
    drawings, be they left out of this training or not.
    """

    icons: Icons
    kinds: Mapping[str, Sequence[str]]
    vocabulary: Sequence[str]
    meanings: np.ndarray
    drawn: int

    @classmethod
    def load(cls, folder: Path, cache: Path, words: Sequence[str], without: Sequence[str] = ()) -> Lore:
        """Return the lore of a data folder; raises FileNotFoundError, with what to do, where a file lacks.

        No icon shows one of the words `without`, and no other thing is called by it: what is known of them is what the
        sentence encoder says of the bare words.
        """
        icons = load_icons(folder, cache)
        drawn = sorted({*words, *without})
        said = vocabulary(folder, [name for names in icons.names for name in names])
        all_words = [*drawn, *(word for word in said if word not in set(drawn))]
        rows = teacher_rows(all_words, cache)
        unknown = {name for word in without for name in (word, *synonyms().get(word, ()))}
        called = {word: [kind for kind in found if kind not in unknown] for word, found in kinds(words, folder).items()}
        return cls(icons.without(unknown), called, all_words, rows, len(drawn))


@dataclass(frozen=True)
class Batch:
    """Pictures (n, 3, side, side) in [0, 1] with what they show.

    `labels` holds the word's index for a picture of one thing, else -1.  `things` (n, 2) holds the words of two things
    in each picture, the same one twice for a picture of one thing, -1 for nothing.  `placed` (n, 4) holds the word of
    the upper, the lower, the left and the right thing, -1 where there is none.  `said` are the rows that have a
    caption; `texts` the tokens of their captions followed by those of the false ones, and `words` the tokens of all
    words in order, both without the columns that pad them all.  `also` (n, said) says which captions fit another
    picture as well.  `exchanged` lists (row, its caption, the caption with the two things exchanged), both as places in
    `texts`.  `shown` and `named` (n, colours) are ones for the colours of the things and for those that are said.
    `meant` are the tokens of words by lot and `meanings` the sentence encoder's rows for them, if it is at
    hand.  `captions` has a text for each picture but the empty ones (None) and `wrong` the false ones of each.
    """

    pixels: Tensor
    labels: Tensor
    things: Tensor
    placed: Tensor
    said: Tensor
    texts: Tensor
    words: Tensor
    also: Tensor
    exchanged: list[tuple[int, int, int]]
    shown: Tensor
    named: Tensor
    meant: Tensor | None
    meanings: Tensor | None
    captions: list[str | None]
    wrong: list[list[str]]


class Composer:
    """Draws batches of pictures from the masks; a seed fixes a batch, whatever was drawn before it."""

    def __init__(self, drawings: Drawings, device: torch.device, lore: Lore | None = None) -> None:
        self.drawings, self.device, self.lore = drawings, device, lore

    def batch(self, seed: Sequence[int], count: int, side: int, mix: Mix | None = None) -> Batch:
        """Return `count` pictures of `side` pixels, mixed as `mix` says (a fair mixture where it is left out)."""
        mix = mix or Mix()
        rng = np.random.default_rng(list(seed))
        icons = self.lore.icons if self.lore else None
        writer = Writer(self.drawings.words, rng, mix.leftward, self.lore.kinds if self.lore else None)
        stage = Stage(self.drawings, writer, rng, mix, icons)
        odds = np.cumsum(list(mix.kinds.values()))
        kinds = [list(mix.kinds)[place] for place in np.searchsorted(odds, rng.random(count) * odds[-1], side="right")]
        scenes = [Scene() if kind == "nothing" else stage.scene(kind) for kind in kinds]
        pixels = Canvas(self.drawings, self.device, rng, mix.bend, icons).paint(scenes, side)
        self._empty(pixels, [row for row, kind in enumerate(kinds) if kind == "nothing"], rng, mix)
        said = [row for row, scene in enumerate(scenes) if scene.caption is not None]
        wrong = [[text for text in (scene.changed, scene.exchanged) if text is not None] for scene in scenes]
        shown, named = colours_of(scenes)
        meant, meanings = self._meanings(rng)
        texts = [*(str(scenes[row].caption) for row in said), *(text for false in wrong for text in false)]
        return Batch(
            pixels=pixels,
            labels=self._tensor([scene.things[0].word if len(scene.things) == 1 else -1 for scene in scenes]),
            things=self._tensor(words_of(scenes)),
            placed=self._tensor([scene.placed for scene in scenes]),
            said=self._tensor(said),
            texts=trimmed(texts),
            words=trimmed(writer.all_words()),
            also=_also_true(scenes, said).to(self.device),
            exchanged=_exchanged(scenes, said, wrong),
            shown=torch.from_numpy(shown).to(self.device),
            named=torch.from_numpy(named).to(self.device),
            meant=meant,
            meanings=meanings,
            captions=[scene.caption for scene in scenes],
            wrong=wrong,
        )

    def _meanings(self, rng: np.random.Generator) -> tuple[Tensor | None, Tensor | None]:
        """Return the tokens and the sentence encoder's rows of words by lot, half of them words of the drawings."""
        if self.lore is None:
            return None, None
        half, known = MEANT // 2, self.lore.drawn
        some = rng.choice(known, min(half, known), replace=False)
        others = known + rng.choice(len(self.lore.vocabulary) - known, half, replace=False)
        chosen = [*some, *others]
        rows = torch.from_numpy(self.lore.meanings[chosen]).to(self.device)
        return trimmed([self.lore.vocabulary[k] for k in chosen]), rows

    def _empty(self, pixels: Tensor, rows: list[int], rng: np.random.Generator, mix: Mix) -> None:
        """Paint pictures of nothing over these rows."""
        nothing = Nothing(rng, self.drawings.words)
        for row in rows:
            paper, other = (pixels[k].cpu().numpy() for k in (row, (row + 1) % len(pixels)))
            pixels[row] = torch.from_numpy(nothing.instead_of(paper, other, mix.variety > 0))

    def _tensor(self, values: Sequence[object] | np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(values, np.int64)).to(self.device)


def trimmed(texts: list[str]) -> Tensor:
    """Return the tokens of the texts without the columns that pad them all."""
    tokens = text_tokens(texts)
    return tokens[:, : int((tokens != 0).sum(1).max())]


def _exchanged(scenes: Sequence[Scene], said: list[int], wrong: list[list[str]]) -> list[tuple[int, int, int]]:
    found, place = [], len(said)
    caption = {row: k for k, row in enumerate(said)}
    for row, scene in enumerate(scenes):
        if scene.exchanged is not None:
            found.append((row, caption[row], place + len(wrong[row]) - 1))
        place += len(wrong[row])
    return found


def _also_true(scenes: Sequence[Scene], said: list[int]) -> Tensor:
    """Return (pictures, captions) bool: the caption is another picture's but speaks of the same things, or their kind.

    Captions of the same things are all left out, whatever they say of number, colour and place: those are learned from
    the false captions.
    """
    numbers: dict[frozenset[int], int] = {}
    keys = [
        frozenset([scene.sign.word if scene.sign.word >= 0 else -2 - scene.sign.drawing])
        if scene.sign
        else frozenset(thing.word for thing in scene.things)
        for scene in scenes
    ]
    ids = torch.tensor([numbers.setdefault(key, len(numbers)) if key else -1 - row for row, key in enumerate(keys)])
    same = ids[:, None] == ids[None, said]
    for column, row in enumerate(said):
        if scenes[row].also:
            same[:, column] |= torch.tensor([bool(key & scenes[row].also) for key in keys])
    same[said, torch.arange(len(said))] = False
    return same
