"""A canvas that scenes are painted on, many at once, from the masks of `data.py`, on any device.

Each mask is placed by an affine map, bent a little, filled and inked, and painted over what lies beneath it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from scorer.training.data import Drawings
from scorer.training.icons import Icons
from scorer.training.scenes import Scene, Thing

HALVED = 0.62  # things below this size are halved first, or thin lines fall between the samples
PENS, SMALL_PENS = (0.4, 0.4, 0.2), (0.15, 0.4, 0.45)  # odds of a line as it is, and widened once or twice


class Canvas:
    """Paints scenes; the random generator decides on papers and pens, so that a seed fixes the pictures."""

    def __init__(
        self,
        drawings: Drawings,
        device: torch.device,
        rng: np.random.Generator,
        bend: float,
        icons: Icons | None = None,
    ) -> None:
        self.drawings, self.device, self.rng, self.bend, self.icons = drawings, device, rng, bend, icons

    def paint(self, scenes: Sequence[Scene], side: int) -> Tensor:
        """Return pictures (n, 3, side, side) in [0, 1] of the scenes, the first thing of each on top."""
        picture = self.paper(len(scenes), side)
        white = torch.tensor([scene.white for scene in scenes], device=self.device)
        picture[white] = 1.0
        for layer in reversed(range(max((len(scene.things) for scene in scenes), default=0))):
            there = [(row, scene.things[layer]) for row, scene in enumerate(scenes) if len(scene.things) > layer]
            for small in (True, False):
                part = [(row, thing) for row, thing in there if (abs(thing.place[2]) < HALVED) == small]
                if part:
                    self._layer(picture, [row for row, _ in part], [thing for _, thing in part], small)
        signs = [(row, scene.sign) for row, scene in enumerate(scenes) if scene.sign is not None]
        if signs and self.icons is not None:
            self._signs(picture, [row for row, _ in signs], [sign for _, sign in signs], self.icons)
        return picture

    def _signs(self, picture: Tensor, rows: list[int], signs: list[Thing], icons: Icons) -> None:
        """Paint icons, those without a colour of their own in the colour of a line."""
        index = [sign.drawing for sign in signs]
        raw = torch.from_numpy(np.stack([icons.pixels[k] for k in index])).to(self.device)
        pixels = raw.permute(0, 3, 1, 2).float() / 255
        inked = torch.from_numpy(icons.kinds[index] > 0).to(self.device)
        pixels[inked, :3] = self.tensor(np.array([sign.ink for sign in signs], np.float32))[inked][:, :, None, None]
        pixels[:, :3] *= pixels[:, 3:]
        grid = self.grid([sign.place for sign in signs], picture.shape[-1])
        pixels = F.grid_sample(pixels, grid, align_corners=False)
        where = torch.tensor(rows, device=self.device)
        picture[where] = picture[where] * (1 - pixels[:, 3:]) + pixels[:, :3]

    def _layer(self, picture: Tensor, rows: list[int], things: list[Thing], small: bool) -> None:
        line, inner = self._placed(things, picture.shape[-1], small)
        ink = self.tensor(np.array([thing.ink for thing in things], np.float32))[:, :, None, None]
        fill = self.tensor(np.array([thing.fill or (0, 0, 0) for thing in things], np.float32))[:, :, None, None]
        filled = self.tensor(np.array([thing.fill is not None for thing in things], np.float32))[:, None, None, None]
        where = torch.tensor(rows, device=self.device)
        canvas = picture[where]
        canvas = canvas + inner * filled * (fill - canvas)
        picture[where] = canvas + line * (ink - canvas)

    def _placed(self, things: list[Thing], side: int, small: bool) -> tuple[Tensor, Tensor]:
        """Return line and enclosed area (n, 1, side, side) of the things' masks where they stand."""
        index = np.array([thing.drawing for thing in things])
        mask = self._read(self.drawings.masks, index)
        line = (mask & 127).float()[:, None] / 127
        inner = (mask >> 7).float()[:, None]
        until = np.array([thing.until for thing in things], np.float32)
        if (unfinished := np.flatnonzero(until < 1)).size:
            rows = torch.from_numpy(unfinished).to(self.device)
            moment = self._read(self.drawings.moments, index[unfinished])[:, None]
            line[rows] *= moment <= self.tensor(until[unfinished] * 255)[:, None, None, None]
            inner[rows] = 0
        widened = torch.from_numpy(self.rng.choice(3, len(things), p=SMALL_PENS if small else PENS)).to(self.device)
        for extra in (1, 2):
            line[widened >= extra] = F.max_pool2d(line[widened >= extra], 3, 1, 1)
        stack = torch.cat([line, torch.maximum(inner, line)], 1)
        if small:
            stack = F.avg_pool2d(stack, 2)
        out = F.grid_sample(stack, self.grid([thing.place for thing in things], side), align_corners=False)
        return out[:, :1], out[:, 1:]

    def _read(self, of: np.ndarray, index: np.ndarray) -> Tensor:
        order = np.argsort(index)  # sorted reads are kind to a memory-mapped file
        raw = np.empty((len(index), *of.shape[1:]), np.uint8)
        raw[order] = of[self.drawings.rows[index[order]]]
        return torch.from_numpy(raw).to(self.device)

    def grid(self, places: Sequence[tuple[float, ...]], side: int) -> Tensor:
        """Return where each pixel of things at these places lies in their masks, for grid_sample, bent a little."""
        x, y, w, h, turn = np.array(places, np.float32).T
        cos, sin = np.cos(turn), np.sin(turn)
        theta = np.stack([cos / w, sin / w, -(x * cos + y * sin) / w, -sin / h, cos / h, (x * sin - y * cos) / h], 1)
        affine = self.tensor(theta.astype(np.float32)).view(-1, 2, 3)
        grid = F.affine_grid(affine, [len(places), 2, side, side], align_corners=False)
        return grid + self._bent(len(places), side) if self.bend else grid

    def _bent(self, n: int, side: int) -> Tensor:
        """Return smooth shifts (n, side, side, 2), as no hand draws a thing twice in the same proportions."""
        coarse = self.rng.normal(0, self.bend, (n, 2, 5, 5)).astype(np.float32)
        smooth = F.interpolate(self.tensor(coarse), (17, 17), mode="bicubic", align_corners=True)
        fine = F.interpolate(smooth, (side, side), mode="bilinear", align_corners=True)
        return fine.permute(0, 2, 3, 1)

    def paper(self, n: int, side: int) -> Tensor:
        """Return n sheets: mostly white, some tinted, some with a band of ground or sky."""
        rng = self.rng
        colour = np.ones((n, 3, 1), np.float32)
        tinted = rng.random(n) < 0.12
        colour[tinted] = rng.uniform(0.7, 1.0, (int(tinted.sum()), 3, 1))
        paper = self.tensor(colour[..., None]).expand(n, 3, side, side).clone()
        for row in np.flatnonzero(rng.random(n) < 0.12):
            height = int(side * rng.uniform(0.1, 0.4))
            band = self.tensor(rng.uniform(0.2, 0.9, (3, 1, 1)).astype(np.float32))
            if rng.random() < 0.7:
                paper[row, :, side - height :] = band
            else:
                paper[row, :, :height] = band
        return paper

    def tensor(self, values: np.ndarray) -> Tensor:
        """Return an array as a tensor on the device."""
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)
