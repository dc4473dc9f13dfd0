"""Scenes for training: which drawings stand where on a canvas, in which coat, and what is said of them.

A scene is one thing, two that stand to each other in some way, several of the same thing, such a group and one other
thing, or three or four different things.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from scorer.training.captions import COLOURS, RELATIONS, UNCOUNTED, Relation, Writer
from scorer.training.data import Drawings
from scorer.training.icons import Icons

Colour = tuple[float, float, float]

NAMES = list(COLOURS)
DARK: Colour = (0.04, 0.04, 0.04)
INKED, FILLED = 0.42, 0.45  # how often a line is coloured, a thing is filled
SAID, BLACK_SAID = 0.4, 0.06  # how often the colour of a thing is said, and that it is black
SMALL, HUGE = 0.42, 1.05  # sizes up to and from which a thing is called so
COUNTS = (2, 3, 4, 5, 6, 7)
COUNT_ODDS = (0.3, 0.25, 0.18, 0.12, 0.08, 0.07)
ICON_ODDS = (0.6, 0.85, 1.0)  # up to which a number by lot means an emoji, a silhouette, a line icon
NOWHERE = (-1, -1, -1, -1)


@dataclass(frozen=True)
class Mix:
    """What a batch is made of.

    `kinds` are odds by name: one, two, several, group, mixed, icon, nothing.  `relations` are odds in the order of
    RELATIONS.  `plain` is the share of black outlines on white, the usual drawing; one thing alone is then large.
    `leftward` is the Writer's.  `bend` is how far things are bent out of shape, smoothly, in halves of their side.
    `variety` is the share of pictures of one thing that may be small, huge, unfinished, or called by its kind.
    """

    kinds: Mapping[str, float] = field(default_factory=lambda: {"one": 0.6, "two": 0.36, "nothing": 0.04})
    relations: tuple[float, ...] = (0.3, 0.15, 0.3, 0.25)
    plain: float = 0.0
    leftward: float = 0.0
    bend: float = 0.0
    variety: float = 0.0


@dataclass(frozen=True)
class Thing:
    """A drawing on a canvas.

    `drawing` is its row among the drawings and `word` its word's index; `place` is centre x, y in [-1, 1], size in x
    and y (1 fills the canvas, below zero is mirrored) and angle in radians; `until` is the share of its line that is
    drawn already.
    """

    drawing: int
    word: int
    place: tuple[float, float, float, float, float]
    ink: Colour = DARK
    fill: Colour | None = None
    colour: str = "black"
    until: float = 1.0


@dataclass(frozen=True)
class Scene:
    """The things of a picture, the first on top, and what is said of it.

    `changed` and `exchanged` are captions that are wrong: one thing or number is another, the first two are exchanged.
    `placed` are the words of the upper, the lower, the left and the right thing, -1 where there is none.  `also` are
    the words whose pictures the caption fits as well, `said` the colours that it names.  `sign` is an icon, for a
    picture of one: its number stands in place of a drawing's, and its word is -1 where no word names it.
    """

    things: tuple[Thing, ...] = ()
    caption: str | None = None
    changed: str | None = None
    exchanged: str | None = None
    placed: tuple[int, int, int, int] = NOWHERE
    also: frozenset[int] = frozenset()
    said: tuple[str, ...] = ()
    white: bool = False
    sign: Thing | None = None


class Stage:
    """Puts scenes together, with a random generator and a writer of its own."""

    def __init__(
        self, drawings: Drawings, writer: Writer, rng: np.random.Generator, mix: Mix, icons: Icons | None = None
    ) -> None:
        self.drawings, self.writer, self.rng, self.mix, self.icons = drawings, writer, rng, mix, icons

    def scene(self, kind: str) -> Scene:
        """Return a scene of this kind: one, two, several, group, mixed or icon."""
        made: Scene = getattr(self, f"_{kind}")()
        return made

    def _odds(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def thing(self, word: int | None = None, plain: bool = False) -> Thing:
        """Return a drawing by lot, or one of `word`, in a coat, in the middle of the canvas."""
        if word is None:
            drawing = int(self.rng.integers(len(self.drawings.labels)))
        else:
            rows = self.drawings.of(word)
            drawing = int(rows[int(self.rng.integers(len(rows)))])
        thing = Thing(drawing, int(self.drawings.labels[drawing]), (0.0, 0.0, 1.0, 1.0, 0.0))
        if plain:
            return thing
        line = NAMES[int(self.rng.integers(len(NAMES)))] if self._odds(INKED) else "black"
        inside = NAMES[int(self.rng.integers(len(NAMES)))] if self._odds(FILLED) else None
        return replace(self.coloured(thing, inside) if inside else thing, ink=self._shade(line), colour=inside or line)

    def coloured(self, thing: Thing, colour: str) -> Thing:
        """Return the thing filled with a shade of this colour."""
        return replace(thing, fill=self._shade(colour), colour=colour)

    def alone(self, thing: Thing) -> Thing:
        """Return the thing somewhere on the canvas, in a size that shows it well."""
        size = self.rng.uniform(0.55, 1.02)
        return self._put(thing, self.rng.uniform(-1, 1, 2) * max(0.0, 1.06 - size), size)

    def _shade(self, name: str) -> Colour:
        r, g, b = np.clip(np.array(COLOURS[name]) / 255 + self.rng.normal(0, 0.05, 3), 0, 1)
        return float(r), float(g), float(b)

    def _put(self, thing: Thing, centre: Sequence[float] | np.ndarray, size: float) -> Thing:
        """Return the thing at a place: a little turned, stretched, and mirrored every other time."""
        w, h = size * np.exp(self.rng.normal(0, 0.1, 2))
        w = -w if self._odds(0.5) else w
        return replace(
            thing, place=(float(centre[0]), float(centre[1]), float(w), float(h), float(self.rng.normal(0, 0.12)))
        )

    def _one(self) -> Scene:
        rng, plain = self.rng, self._odds(self.mix.plain)
        varied = self._odds(self.mix.variety)
        thing = self.thing(plain=plain)
        size, near = rng.uniform(0.55, 1.02), 1.0
        if plain:
            size, near = rng.uniform(0.85, 1.0), 0.3
        if varied and self._odds(0.2):
            size, near = (rng.uniform(0.2, SMALL), 1.0) if self._odds(0.6) else (rng.uniform(HUGE, 1.5), 1.0)
        reach = near * (max(0.0, 1.06 - size) if size < HUGE else 0.25)
        thing = self._put(thing, rng.uniform(-1, 1, 2) * reach, size)
        if varied and self._odds(0.2):
            thing = replace(thing, until=float(rng.uniform(0.4, 0.95)), fill=None)
        return self._said_of_one(thing, size, plain, varied)

    def _said_of_one(self, thing: Thing, size: float, white: bool, varied: bool) -> Scene:
        writer, word = self.writer, thing.word
        if varied and self._odds(0.12) and writer.kinds_of(word):
            caption, also = writer.kind(word)
            return Scene((thing,), caption, also=also, white=white)
        if (size <= SMALL or size >= HUGE) and self._odds(0.4):
            right, wrong = writer.sized(word, small=size <= SMALL)
            return Scene((thing,), right, changed=wrong, white=white)
        if thing.fill is None and thing.until < 1:
            return Scene((thing,), writer.one(word), white=white)
        if self._odds(BLACK_SAID if thing.colour == "black" else SAID):
            return Scene((thing,), writer.one(word, thing.colour), changed=writer.other_colour(word, thing.colour),
                         said=(thing.colour,), white=white)  # fmt: skip
        return Scene((thing,), writer.one(word), white=white)

    def _icon(self) -> Scene:
        """Return a picture of an icon, three in five an emoji."""
        if self.icons is None:
            raise ValueError(
                "a picture of an icon needs icons: give them to the Composer, or leave them out of the mix"
            )
        kind = int(np.searchsorted(ICON_ODDS, self.rng.random()))
        some = np.flatnonzero(self.icons.kinds == kind)
        number = int(some[int(self.rng.integers(len(some)))])
        name, words = self.icons.names[number], self.drawings.words
        word = next((words.index(one) for one in name if one in words), -1)
        ink = self._shade(NAMES[int(self.rng.integers(len(NAMES)))]) if self._odds(INKED) else DARK
        sign = self.alone(Thing(number, word, (0.0, 0.0, 1.0, 1.0, 0.0), ink=ink))
        return Scene(caption=self.writer.sign(name), sign=sign)

    def _relation(self) -> Relation:
        return RELATIONS[int(np.searchsorted(np.cumsum(self.mix.relations), self.rng.random() * 0.999999))]

    def _two(self) -> Scene:
        plain, relation = self._odds(self.mix.plain), self._relation()
        a, b = self.stood(self.thing(plain=plain), self.thing(plain=plain), relation)
        said = (a.colour, b.colour) if not plain and self._odds(SAID) else ()
        caption, changed, exchanged = self.writer.two(a.word, b.word, relation, said or (None, None))
        placed = _placed(relation, a.word, b.word)
        return Scene((a, b), caption, changed, exchanged, placed, said=said, white=plain)

    def stood(self, a: Thing, b: Thing, relation: Relation) -> tuple[Thing, Thing]:
        """Return the two things in a relation, in places and sizes by lot."""
        sizes = self.rng.uniform(0.36, 0.58, 2)
        centres = self._stand(relation.place, sizes)
        return self._put(a, centres[0], sizes[0]), self._put(b, centres[1], sizes[1])

    def _stand(self, place: str, sizes: np.ndarray) -> np.ndarray:
        """Return the two centres (2, 2) for a relation: far enough apart to be told, by the sizes of the things."""
        rng = self.rng
        axis = 1 if place in ("above", "on") else 0
        reach = sizes.sum() * (rng.uniform(0.6, 0.85) if place == "on" else rng.uniform(0.85, 1.1))
        room = max(0.0, 1.0 - reach / 2 - 0.35)
        side = rng.normal(0, 0.12 if place == "on" else 0.28, 2) + rng.uniform(-0.3, 0.3)
        out = np.empty((2, 2))
        sign = -1.0 if place != "beside" or self._odds(0.5) else 1.0
        out[:, axis] = rng.uniform(-room, room) + np.array([sign, -sign]) * reach / 2
        out[:, 1 - axis] = np.clip(side, -0.6, 0.6)
        return out

    def _countable(self) -> int:
        while True:
            word = int(self.rng.integers(len(self.drawings.words)))
            if self.drawings.words[word] not in UNCOUNTED:
                return word

    def _alike(self, word: int, count: int, plain: bool) -> list[Thing]:
        """Return things of one word: all the same drawing or each another, mostly in the same coat."""
        first = self.thing(word, plain)
        if self._odds(0.5):
            return [first] * count
        others = [self.thing(word, plain) for _ in range(count)]
        if self._odds(0.3):
            return others
        return [replace(one, ink=first.ink, fill=first.fill, colour=first.colour) for one in others]

    def _several(self) -> Scene:
        rng, plain, word = self.rng, self._odds(self.mix.plain), self._countable()
        count = COUNTS[int(np.searchsorted(np.cumsum(COUNT_ODDS), rng.random() * 0.999999))]
        columns = count if count <= 4 and self._odds(0.4) else math.ceil(math.sqrt(count))
        rows = math.ceil(count / columns)
        if self._odds(0.5):
            columns, rows = rows, columns
        cells = [(x, y) for y in range(rows) for x in range(columns)]
        chosen = rng.permutation(len(cells))[:count]
        half = np.array([1 / columns, 1 / rows])
        placed = []
        for thing, cell in zip(self._alike(word, count, plain), chosen, strict=True):
            size = min(half.min() * rng.uniform(0.75, 1.0), 0.5)
            middle = (np.array(cells[cell]) * 2 + 1) * half - 1
            placed.append(self._put(thing, middle + rng.uniform(-1, 1, 2) * np.maximum(0, half - size) * 0.8, size))
        caption, changed = self.writer.several(word, count)
        return Scene(tuple(placed), caption, changed, white=plain)

    def _group(self) -> Scene:
        """Return two to four of the same thing, and one other thing above, below or beside them."""
        rng, plain, word = self.rng, self._odds(self.mix.plain), self._countable()
        count, other = int(rng.integers(2, 5)), self.thing(plain=plain)
        relation = self._relation()
        across = relation.place in ("above", "on")
        step = 2 / count
        size = min(0.9 / count, 0.42) * rng.uniform(0.85, 1.0)
        sign = -1.0 if relation.directed or self._odds(0.5) else 1.0
        line = sign * rng.uniform(0.45, 0.6)
        things = []
        for k, thing in enumerate(self._alike(word, count, plain)):
            along = (k + 0.5) * step - 1 + rng.normal(0, 0.04)
            centre = (along, line + rng.normal(0, 0.06)) if across else (line + rng.normal(0, 0.06), along)
            things.append(self._put(thing, centre, size))
        there, side = -sign * rng.uniform(0.4, 0.55), rng.uniform(-0.4, 0.4)
        other = self._put(other, (side, there) if across else (there, side), rng.uniform(0.36, 0.52))
        caption, changed, exchanged = self.writer.group(word, count, other.word, relation)
        placed = _placed(relation, word, other.word)
        return Scene((*things, other), caption, changed, exchanged, placed, white=plain)

    def _mixed(self) -> Scene:
        """Return three or four different things: a list in any order, or one above or below two that stand together."""
        rng, plain = self.rng, self._odds(self.mix.plain)
        count = 3 if self._odds(0.65) else 4
        things = [self.thing(plain=plain) for _ in range(count)]
        words = [thing.word for thing in things]
        centres = [(x, y) for y in (-0.5, 0.5) for x in (-0.5, 0.5)]
        order = rng.permutation(4)[:count]
        over = count == 3 and self._odds(0.6)
        if over:
            sign = -1.0 if self._odds(0.5) else 1.0
            centres, order = (
                [(rng.uniform(-0.3, 0.3), 0.5 * sign), (-0.5, -0.5 * sign), (0.5, -0.5 * sign)],
                np.arange(3),
            )
        placed = tuple(
            self._put(thing, np.array(centres[k]) + rng.normal(0, 0.06, 2), rng.uniform(0.34, 0.46))
            for thing, k in zip(things, order, strict=True)
        )
        if over:
            caption, changed, exchanged = self.writer.over(words, above=centres[0][1] < 0)
            return Scene(placed, caption, changed, exchanged, white=plain)
        caption, changed = self.writer.listed(words)
        return Scene(placed, caption, changed, white=plain)


def _placed(relation: Relation, a: int, b: int) -> tuple[int, int, int, int]:
    if relation.place in ("above", "on"):
        return a, b, -1, -1
    return (-1, -1, a, b) if relation.place == "left" else NOWHERE


def colours_of(scenes: Sequence[Scene]) -> tuple[np.ndarray, np.ndarray]:
    """Return (n, colours) float32 twice, ones for the colours of each scene's things, and for those that are said."""
    shown, said = (np.zeros((len(scenes), len(NAMES)), np.float32) for _ in range(2))
    for row, scene in enumerate(scenes):
        shown[row, [NAMES.index(thing.colour) for thing in scene.things]] = 1
        said[row, [NAMES.index(colour) for colour in scene.said]] = 1
    return shown, said


def words_of(scenes: Sequence[Scene]) -> np.ndarray:
    """Return (n, 2) the words of the first and the last thing of each scene, -1 where there is none."""
    rows = [(scene.things[0].word, scene.things[-1].word) if scene.things else (-1, -1) for scene in scenes]
    return np.array(rows, np.int64).reshape(-1, 2)
