"""Pictures for training, composed as players paint: papers, outlines with any pen, fills, emoji between them.

A scene lies on a canvas from -1 to 1; a picture shows the whole of it or a window, so that the network meets things
at the scale of a small picture and of a large one, whichever size it is asked for later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator.own import PAINTBOX
from generator.training.data import EMOJI, MARGIN, SIDE, STEPS, Sources

COLOURS = np.array([[int(name[at : at + 2], 16) for at in (1, 3, 5)] for name in PAINTBOX], np.float32) / 255
DARK = np.flatnonzero(COLOURS.sum(1) < 0.6)
LAYERS = 3  # things in a scene, at most


@dataclass(frozen=True)
class Mix:
    """What pictures show: the odds of an emoji in a thing's place, of a window, of a lone thing, of a white paper."""

    emoji: float = 0.3
    window: float = 0.6
    lone: float = 0.4
    white: float = 0.6


@dataclass(frozen=True)
class _Views:
    """Which part of its canvas each picture shows: its middle (n, 2) and half its side (n,)."""

    middle: np.ndarray
    half: np.ndarray


class Painter:
    """Paints batches of pictures on a device; a seed fixes a batch, whatever was painted before it."""

    def __init__(self, sources: Sources, device: torch.device, mix: Mix | None = None) -> None:
        self.sources, self.device, self.mix = sources, device, mix or Mix()

    def batch(self, seed: Sequence[int], count: int, side: int) -> Tensor:
        """Return `count` pictures (count, 3, side, side) in [0, 1]."""
        self.rng = rng = np.random.default_rng(list(seed))
        lone = rng.random(count) < self.mix.lone
        size = np.where(lone[:, None], rng.uniform(0.45, 1.0, (count, LAYERS)), rng.uniform(0.28, 0.7, (count, LAYERS)))
        middle = rng.uniform(-1, 1, (count, LAYERS, 2)) * np.maximum(0, 1.05 - size)[..., None]
        half = np.where(rng.random(count) < self.mix.window, rng.uniform(0.3, 0.75, count), 1.0)
        aim = middle[:, 0] + rng.normal(0, 0.3, (count, 2))
        views = _Views(np.clip(aim, half[:, None] - 1, 1 - half[:, None]), half)
        there = (rng.random((count, LAYERS)) < (0.97, 0.8, 0.5)) & (~lone[:, None] | (np.arange(LAYERS) == 0))
        stuck = rng.random((count, LAYERS)) < self.mix.emoji
        picture = self._papers(count, side, views)
        for layer in reversed(range(LAYERS)):
            for rows, paint in ((there & ~stuck, self._draw), (there & stuck, self._stick)):
                chosen = np.flatnonzero(rows[:, layer])
                if len(chosen):
                    where = torch.from_numpy(chosen).to(self.device)
                    seen = _Views(views.middle[chosen], views.half[chosen])
                    picture[where] = paint(picture[where], middle[chosen, layer], size[chosen, layer], seen)
        return picture.contiguous()

    def _colours(self, count: int, dark: float) -> np.ndarray:
        """Return (count, 3) colours of the paint box or near it, black or nearly so with the odds `dark`."""
        rng = self.rng
        chosen = np.where(rng.random(count) < dark, rng.choice(DARK, count), rng.integers(len(COLOURS), size=count))
        near = rng.normal(0, 0.06, (count, 3)) * (rng.random((count, 1)) < 0.5)
        return np.clip(COLOURS[chosen] + near, 0, 1).astype(np.float32)

    def _papers(self, count: int, side: int, views: _Views) -> Tensor:
        """Return the papers (count, 3, side, side), some with a band of another colour: ground or sky."""
        rng = self.rng
        paper, band = self._colours(count, 0.05), self._colours(count, 0.0)
        paper[rng.random(count) < self.mix.white] = 1.0
        horizon = np.where(rng.random(count) < 0.2, rng.uniform(-0.6, 0.9, count), 9.0)
        steps = (np.arange(side) + 0.5) * 2 / side - 1
        y = views.middle[:, 1:] + views.half[:, None] * steps
        under = np.clip((y - horizon[:, None]) * side / (2 * views.half[:, None]) + 0.5, 0, 1)[:, None, :, None]
        rows = paper[..., None, None] * (1 - under) + band[..., None, None] * under
        return self._tensor(rows).expand(-1, -1, -1, side).clone()

    def _draw(self, picture: Tensor, middle: np.ndarray, size: np.ndarray, views: _Views) -> Tensor:
        """Return the pictures with a drawing over each: its fill, then its line."""
        rng, count, side = self.rng, len(size), picture.shape[-1]
        raw = self._tensor(self.sources.drawings[rng.integers(len(self.sources.drawings), size=count)])
        both = torch.stack([(raw & 127).float() / STEPS, (raw >> 7).float()], 1)
        grid = self._grid(middle, size, views, side)
        seen = F.grid_sample(both, grid, padding_mode="border", align_corners=False)
        far, within = seen[:, :1], seen[:, 1:]
        pixel = SIDE * views.half / (side * size)  # a pixel of the picture, in pixels of the drawing's bytes
        pen = np.exp(rng.uniform(np.log(0.012), np.log(0.07), count)) * SIDE / (2 * size)
        pen = np.clip(pen, 0.4 * pixel, MARGIN - 2.0)
        soft, reach = self._column(pixel), self._column(pen)
        line = ((reach - far) / soft + 0.5).clamp(0, 1)
        wash = ((within - 0.5) / soft.clamp(max=1) + 0.5).clamp(0, 1)
        wash = wash * self._column(rng.random(count) < 0.55)
        for cover, colour in ((wash, self._colours(count, 0.0)), (line, self._colours(count, 0.55))):
            picture = picture + cover * (self._tensor(colour)[..., None, None] - picture)
        return picture

    def _stick(self, picture: Tensor, middle: np.ndarray, size: np.ndarray, views: _Views) -> Tensor:
        """Return the pictures with an emoji over each."""
        rng, side = self.rng, picture.shape[-1]
        raw = self._tensor(self.sources.emoji[rng.integers(len(self.sources.emoji), size=len(size))]).float() / 255
        grid = self._grid(middle, size, views, side)
        shrunk = EMOJI * views.half / (side * size)
        out = picture.clone()
        for times, low, high in ((1, 0.0, 1.5), (2, 1.5, 3.0), (4, 3.0, np.inf)):  # no sample falls between the pixels
            rows = torch.from_numpy(np.flatnonzero((shrunk >= low) & (shrunk < high))).to(self.device)
            if len(rows):
                seen = F.grid_sample(F.avg_pool2d(raw[rows], times), grid[rows], align_corners=False)
                out[rows] = picture[rows] * (1 - seen[:, 3:]) + seen[:, :3]
        return out

    def _grid(self, middle: np.ndarray, size: np.ndarray, views: _Views, side: int) -> Tensor:
        """Return where each pixel looks in the thing's own frame, (n, side, side, 2), things turned and mirrored."""
        turn = self.rng.normal(0, 0.15, len(size))
        flip = np.where(self.rng.random(len(size)) < 0.5, -1.0, 1.0)
        cos, sin = np.cos(turn) / size, np.sin(turn) / size
        back = np.stack([np.stack([flip * cos, flip * sin], 1), np.stack([-sin, cos], 1)], 1)
        away = np.einsum("nij,nj->ni", back, views.middle - middle)
        theta = np.concatenate([back * views.half[:, None, None], away[..., None]], 2)
        return F.affine_grid(self._tensor(theta), [len(size), 1, side, side], align_corners=False)

    def _column(self, values: np.ndarray) -> Tensor:
        return self._tensor(values.astype(np.float32))[:, None, None, None]

    def _tensor(self, values: np.ndarray) -> Tensor:
        if values.dtype == np.float64:
            values = values.astype(np.float32)
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)
