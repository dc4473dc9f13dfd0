"""Pictures for training, composed on the device: one thing or two on a canvas, in any colour, size, place and pen.

The masks of `data.py` are placed by an affine map, filled and inked, and painted over one another as a player would.
A few pictures show nothing at all (an empty canvas, noise, a picture cut into tiles and shuffled): they fit no caption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from scorer.encoder import text_tokens
from scorer.training.captions import COLOURS, RELATION_ODDS, RELATIONS, Writer
from scorer.training.data import Drawings

ONE, TWO, NOTHING = 0, 1, 2
NAMES = list(COLOURS)


@dataclass(frozen=True)
class Batch:
    """Pictures (n, 3, side, side) in [0, 1] with what they show.

    `labels` holds the word's index for a picture of one thing, else -1.  `captions` has a text for each picture but the
    empty ones (None); `keys` the things in it, to tell captions that are also true; `wrong` lists false captions.
    `things` (n, 2) holds the indices of the words in each picture, the same one twice for a picture of one thing, -1
    for nothing.  `placed` (n, 4) holds the word of the upper, the lower, the left and the right thing, -1 where there
    is none.  `exchanged` lists (row, its caption, the caption with the two things exchanged), both as places in
    `texts`.  `said` are the rows that have a caption; `texts` the tokens of their captions followed by those of the
    false ones, and `words` the tokens of all words in order, both without the columns that pad them all.
    """

    pixels: Tensor
    labels: Tensor
    captions: list[str | None]
    keys: list[tuple[int, ...]]
    wrong: list[list[str]]
    things: Tensor
    placed: Tensor
    exchanged: list[tuple[int, int, int]]
    said: Tensor
    texts: Tensor
    words: Tensor


@dataclass(frozen=True)
class Mix:
    """What a batch is made of: odds of one thing, two things and nothing; odds of the relations, in their order.

    `plain` is the share of black outlines on white, the usual drawing; one thing alone is then large.  `leftward` is
    the Writer's.  `bend` is how far
    things are bent out of shape, smoothly, in halves of their side.
    """

    kinds: tuple[float, ...] = (0.6, 0.36, 0.04)
    relations: tuple[float, ...] = RELATION_ODDS
    plain: float = 0.0
    leftward: float = 0.0
    bend: float = 0.0


@dataclass(frozen=True)
class _Coat:
    """Colours of line and fill (n, 2, 3) in [0, 1]; whether a thing is filled (n, 2) and the paper white (n,)."""

    ink: np.ndarray
    fill: np.ndarray
    filled: np.ndarray
    white: np.ndarray


def trimmed(texts: list[str]) -> Tensor:
    """Return the tokens of the texts without the columns that pad them all."""
    tokens = text_tokens(texts)
    return tokens[:, : int((tokens != 0).sum(1).max())]


def _exchanged(said: list[int], wrong: list[list[str]]) -> list[tuple[int, int, int]]:
    found, place = [], len(said)
    caption = {row: k for k, row in enumerate(said)}
    for row, false in enumerate(wrong):
        if len(false) > 1:  # one thing changed, then the two exchanged
            found.append((row, caption[row], place + 1))
        place += len(false)
    return found


class Composer:
    """Draws batches of pictures from the masks; a seed fixes a batch, whatever was drawn before it."""

    def __init__(self, drawings: Drawings, device: torch.device) -> None:
        self.drawings, self.device = drawings, device

    def batch(self, seed: Sequence[int], count: int, side: int, mix: Mix | None = None) -> Batch:
        """Return `count` pictures of `side` pixels, mixed as `mix` says (a fair mixture where it is left out)."""
        self.mix = mix = mix or Mix()
        self.rng = np.random.default_rng(list(seed))
        self.writer = Writer(self.drawings.words, self.rng, mix.leftward)
        rng, n = self.rng, count
        kind = rng.choice(3, n, p=mix.kinds)
        index = rng.integers(len(self.drawings.labels), size=(n, 2))
        relation = rng.choice(len(RELATIONS), n, p=mix.relations)
        ink, inked = self._colours(n, 0.42)
        fill, filled = self._colours(n, 1.0)
        has_fill = rng.random((n, 2)) < 0.45
        place = self._places(kind, relation)
        usual = (kind != NOTHING) & (rng.random(n) < mix.plain)
        has_fill[usual], ink[usual] = False, 0.04
        inked = [["black", "black"] if usual[row] else inked[row] for row in range(n)]
        large = usual & (kind == ONE)
        place[large, :, :2] *= 0.3
        place[large, :, 2:4] = np.sign(place[large, :, 2:4]) * rng.uniform(0.85, 1.0, (int(large.sum()), 2, 1))
        captions: list[str | None] = []
        keys: list[tuple[int, ...]] = []
        wrong: list[list[str]] = []
        for row in range(n):
            a, b = (int(v) for v in self.drawings.labels[index[row]])
            colours = [filled[row][k] if has_fill[row, k] else inked[row][k] for k in (0, 1)]
            text, false = self._caption(int(kind[row]), a, b, int(relation[row]), colours)
            captions.append(text)
            wrong.append(false)
            keys.append({ONE: (a,), TWO: tuple(sorted((a, b))), NOTHING: ()}[int(kind[row])])
        labels = np.where(kind == ONE, self.drawings.labels[index[:, 0]], -1)
        things = self.drawings.labels[index]
        things[kind == ONE, 1] = things[kind == ONE, 0]
        things[kind == NOTHING] = -1
        pixels = self._paint(index, place, _Coat(ink, fill, has_fill, usual), kind, side)
        said = [row for row, caption in enumerate(captions) if caption is not None]
        texts = [*(str(captions[row]) for row in said), *(text for false in wrong for text in false)]
        placed = self._placed(kind, relation, things)
        return Batch(
            pixels=self._nothing(pixels, kind),
            labels=torch.from_numpy(labels).to(self.device),
            captions=captions,
            keys=keys,
            wrong=wrong,
            things=torch.from_numpy(things).to(self.device),
            placed=torch.from_numpy(placed).to(self.device),
            exchanged=_exchanged(said, wrong),
            said=torch.tensor(said),
            texts=trimmed(texts),
            words=trimmed(self.writer.all_words()),
        )

    def _caption(self, kind: int, a: int, b: int, relation: int, colours: list[str]) -> tuple[str | None, list[str]]:
        if kind == NOTHING:
            return None, []
        said = self.rng.random() < 0.2
        if kind == ONE:
            false = [self.writer.other_colour(a, colours[0])] if said else []
            return self.writer.one(a, colours[0] if said else None), false
        named = (colours[0], colours[1]) if said else (None, None)
        return self.writer.two(a, b, RELATIONS[relation], named)

    def _placed(self, kind: np.ndarray, relation: np.ndarray, things: np.ndarray) -> np.ndarray:
        placed = np.full((len(kind), 4), -1, np.int64)
        for first, names in ((0, ("above", "on")), (2, ("left",))):
            rows = (kind == TWO) & np.isin(relation, [k for k, one in enumerate(RELATIONS) if one.place in names])
            placed[rows, first : first + 2] = things[rows]
        return placed

    def _colours(self, n: int, odds: float) -> tuple[np.ndarray, list[list[str]]]:
        """Return (n, 2, 3) colours in [0, 1] near a named one, and the names; black with probability 1 - odds."""
        chosen = self.rng.integers(len(NAMES), size=(n, 2))
        chosen[self.rng.random((n, 2)) > odds] = NAMES.index("black")
        names = [[NAMES[k] for k in row] for row in chosen]
        base = np.array([COLOURS[name] for name in NAMES], np.float32)[chosen] / 255
        return np.clip(base + self.rng.normal(0, 0.05, base.shape), 0, 1).astype(np.float32), names

    def _places(self, kind: np.ndarray, relation: np.ndarray) -> np.ndarray:
        """Return (n, 2, 5): centre x, y in [-1, 1], size in x and y (1 fills the canvas), angle in radians."""
        rng, n = self.rng, len(kind)
        size = rng.uniform(0.55, 1.02, (n, 2, 1)) * np.ones((1, 1, 2))
        two = kind == TWO
        size[two] = rng.uniform(0.36, 0.58, (int(two.sum()), 2, 1))
        size *= np.exp(rng.normal(0, 0.1, (n, 2, 2)))
        centre = rng.uniform(-1, 1, (n, 2, 2)) * np.maximum(0, 1.06 - size)
        names = [RELATIONS[k].place for k in relation]
        for row in np.flatnonzero(two):
            centre[row] = self._stand(names[row], size[row])
        turn = rng.normal(0, 0.12, (n, 2, 1))
        flip = np.where(rng.random((n, 2)) < 0.5, -1.0, 1.0)
        size[..., 0] *= flip
        return np.concatenate([centre, size, turn], 2).astype(np.float32)

    def _stand(self, place: str, size: np.ndarray) -> np.ndarray:
        """Return the two centres (2, 2) for a relation: far enough apart to be told, by the sizes of the things."""
        rng = self.rng
        axis = 1 if place in ("above", "on") else 0
        reach = (size[0, axis] + size[1, axis]) * (rng.uniform(0.6, 0.85) if place == "on" else rng.uniform(0.85, 1.1))
        room = max(0.0, 1.0 - reach / 2 - 0.35)
        middle = rng.uniform(-room, room)
        side = rng.normal(0, 0.12 if place == "on" else 0.28, 2) + rng.uniform(-0.3, 0.3)
        out = np.empty((2, 2))
        sign = -1.0 if place != "beside" or rng.random() < 0.5 else 1.0
        out[:, axis] = middle + np.array([sign, -sign]) * reach / 2
        out[:, 1 - axis] = np.clip(side, -0.6, 0.6)
        return out

    def _paint(self, index: np.ndarray, place: np.ndarray, coat: _Coat, kind: np.ndarray, side: int) -> Tensor:
        picture = self._paper(len(kind), side)
        picture[torch.from_numpy(coat.white).to(self.device)] = 1.0
        two = np.flatnonzero(kind == TWO)
        for layer, part in ((1, two), (0, two), (0, np.flatnonzero(kind != TWO))):  # the first-named thing lies on top
            if len(part) == 0:
                continue
            line, inner = self._place(index[part, layer], place[part, layer], side, small=bool(kind[part[0]] == TWO))
            wash = inner * self._tensor(coat.filled[part, layer].astype(np.float32))[:, None, None, None]
            where = torch.from_numpy(part).to(self.device)
            canvas = picture[where]
            canvas = canvas + wash * (self._tensor(coat.fill[part, layer])[:, :, None, None] - canvas)
            canvas = canvas + line * (self._tensor(coat.ink[part, layer])[:, :, None, None] - canvas)
            picture[where] = canvas
        return picture

    def _place(self, index: np.ndarray, place: np.ndarray, side: int, small: bool) -> tuple[Tensor, Tensor]:
        """Return line and enclosed area (n, 1, side, side) of the chosen masks where `place` puts them."""
        order = np.argsort(index)  # sorted reads are kind to a memory-mapped file
        raw = np.empty((len(index), *self.drawings.masks.shape[1:]), np.uint8)
        raw[order] = self.drawings.masks[index[order]]
        mask = torch.from_numpy(raw).to(self.device)
        line = (mask & 127).float()[:, None] / 127
        inner = (mask >> 7).float()[:, None]
        thick = self._tensor(self.rng.choice(3, len(index), p=(0.15, 0.4, 0.45) if small else (0.4, 0.4, 0.2)))
        for extra in (1, 2):
            line[thick >= extra] = F.max_pool2d(line[thick >= extra], 3, 1, 1)
        stack = torch.cat([line, torch.maximum(inner, line)], 1)
        if small:  # two things are small: halve first, or thin lines fall between the samples
            stack = F.avg_pool2d(stack, 2)
        grid = F.affine_grid(self._inverse(place), [len(index), 2, side, side], align_corners=False)
        if self.mix.bend:
            grid = grid + self._bent(len(index), side)
        out = F.grid_sample(stack, grid, align_corners=False)
        return out[:, :1], out[:, 1:]

    def _bent(self, n: int, side: int) -> Tensor:
        """Return smooth shifts (n, side, side, 2), as no hand draws a thing twice in the same proportions."""
        coarse = self.rng.normal(0, self.mix.bend, (n, 2, 5, 5)).astype(np.float32)
        fine = F.interpolate(self._tensor(coarse), (side, side), mode="bicubic", align_corners=True)
        return fine.permute(0, 2, 3, 1)

    def _inverse(self, place: np.ndarray) -> Tensor:
        x, y, w, h, turn = place.T
        cos, sin = np.cos(turn), np.sin(turn)
        theta = np.stack([cos / w, sin / w, -(x * cos + y * sin) / w, -sin / h, cos / h, (x * sin - y * cos) / h], 1)
        return self._tensor(theta.astype(np.float32)).view(-1, 2, 3)

    def _paper(self, n: int, side: int) -> Tensor:
        """Return the backgrounds: mostly white, some tinted, some with a band of ground or sky."""
        rng = self.rng
        colour = np.ones((n, 3, 1), np.float32)
        tinted = rng.random(n) < 0.12
        colour[tinted] = rng.uniform(0.7, 1.0, (int(tinted.sum()), 3, 1))
        paper = self._tensor(colour[..., None]).expand(n, 3, side, side).clone()
        for row in np.flatnonzero(rng.random(n) < 0.12):
            height = int(side * rng.uniform(0.1, 0.4))
            band = self._tensor(rng.uniform(0.2, 0.9, (3, 1, 1)).astype(np.float32))
            if rng.random() < 0.7:
                paper[row, :, side - height :] = band
            else:
                paper[row, :, :height] = band
        return paper

    def _nothing(self, pixels: Tensor, kind: np.ndarray) -> Tensor:
        side = pixels.shape[-1]
        for row in np.flatnonzero(kind == NOTHING):
            what = self.rng.integers(3)
            if what == 0:
                pixels[row] = self._paper(1, side)[0]
            elif what == 1:
                coarse = self.rng.random((1, 3, *([int(self.rng.integers(4, side))] * 2))).astype(np.float32)
                pixels[row] = F.interpolate(self._tensor(coarse), (side, side))[0]
            else:
                tiles = pixels[row].reshape(3, 4, side // 4, 4, side // 4).permute(1, 3, 0, 2, 4).flatten(0, 1)
                tiles = tiles[torch.from_numpy(self.rng.permutation(16)).to(self.device)]
                pixels[row] = tiles.view(4, 4, 3, side // 4, side // 4).permute(2, 0, 3, 1, 4).reshape(3, side, side)
        return pixels

    def _tensor(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)
