"""Random views of a picture for the guide: crop, turn and perspective as one homography, sampled once.

What every step's views are is drawn first (`plan`) and then shown of as many pictures as one likes (`Views.of`), so
that a picture that shall be matched is seen in the same regions. The random numbers come from a CPU generator, so
that CPU and CUDA draw the same ones. Views: CLIPDraw (Frans et al., 2021); the changes are those of VQGAN-CLIP
(Crowson et al., arXiv 2204.08583), composed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from generator.looking import Looking

CORNERS = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
LIGHT = torch.tensor([0.299, 0.587, 0.114])  # how light red, green and blue look (ITU-R BT.601)
LONGEST = 3.3  # the longest rectangle's ratio of sides


@dataclass(frozen=True)
class Views:
    """What n views show of any picture, drawn once.

    `maps` (n, 3, 3) take a view's square [-1, 1]^2 to the picture's; `colours` (n, 3, 4) make a view's colours of the
    picture's and 1; `holes` (n, 4) are rectangles left, top, right, bottom in the view's square; `grain` (n,) is the
    deviation of the noise that `seed` draws. What is None is not done. `paper` lies outside the picture and in holes.
    """

    maps: Tensor
    colours: Tensor | None = None
    holes: Tensor | None = None
    grain: Tensor | None = None
    seed: int = 0
    paper: float = 1.0

    def of(self, pictures: Tensor, size: int) -> Tensor:
        """Returns the views (n, b, 3, size, size) of pictures (b, 3, h, w) in [0, 1], differentiable.

        With changed colours and noise, values may leave [0, 1] a little: a clamp would take their gradient.
        """
        seen = self._sampled(pictures, size)
        if self.colours is not None:
            colours = self.colours.to(seen)
            # White is what ink and paper are measured from: where there is none, the colours' constant is what is left.
            white = colours[..., :3].sum(-1) * self.paper + colours[..., 3] - self.paper
            seen = (colours[:, None, :, :3] @ seen.flatten(3) + white[:, None, :, None]).reshape(seen.shape)
        if self.holes is not None:
            seen = seen * outside(self.holes.to(seen), size)[:, None, None]
        seen = seen + self.paper
        if self.grain is not None:
            rng = torch.Generator().manual_seed(self.seed)
            noise = torch.randn(len(self.grain), 1, 3, size, size, generator=rng) * self.grain.view(-1, 1, 1, 1, 1)
            seen = seen + noise.to(seen)
        return seen

    def _sampled(self, pictures: Tensor, size: int) -> Tensor:
        """What is seen of the pictures, less the paper: (n, b, 3, size, size)."""
        batch, channels, height, width = pictures.shape
        ink = (pictures - self.paper).reshape(1, batch * channels, height, width)
        grid = places(self.maps.to(pictures), size)
        halvings = self._halvings(min(height, width), size)
        parts, order = [], []
        for level in sorted(set(halvings)):
            chosen = [place for place, found in enumerate(halvings) if found == level]
            shrunk = functional.interpolate(ink, (height >> level, width >> level), mode="area") if level else ink
            # One sampling for all candidates: they ride along as channels.
            spread, at = shrunk.expand(len(chosen), -1, -1, -1), grid if len(chosen) == len(grid) else grid[chosen]
            parts.append(functional.grid_sample(spread, at, mode="bilinear", padding_mode="zeros", align_corners=False))
            order += chosen
        seen = parts[0] if len(parts) == 1 else torch.cat(parts)[sorted(range(len(order)), key=order.__getitem__)]
        return seen.reshape(len(order), batch, channels, size, size)

    def _halvings(self, side: int, size: int) -> list[int]:
        """How often each view wants the picture halved: bilinear sampling reads four neighbours and no more."""
        seen = CORNERS.to(self.maps) @ self.maps[..., :2].mT + self.maps[:, None, :, 2]
        corner = seen[..., :2] / seen[..., 2:]
        first, second = corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1]
        area = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).abs() / 8  # in areas of the picture
        pixels = (area.sqrt() * side / size).clamp(1, side)  # of the picture, to a view's pixel and side
        return [int(level) for level in (pixels + 1e-4).log2().floor().tolist()]


def plan(count: int, rng: torch.Generator, looking: Looking | None = None) -> Views:
    """Draws what `count` views show; the first is of the whole picture as it is."""
    how = looking or Looking()
    maps = homographies(corners(count, rng, how))
    colours = jittered(count, rng, how.jitter) if how.jitter else None
    holes = rectangles(count, rng, how.erase) if how.erase else None
    if not how.noise:
        return Views(maps, colours, holes)
    grain = how.noise * torch.rand(count, generator=rng)
    grain[0] = 0
    return Views(maps, colours, holes, grain, int(torch.randint(2**31, (1,), generator=rng)))


def views(pictures: Tensor, count: int, size: int, rng: torch.Generator, looking: Looking | None = None) -> Tensor:
    """Returns `count` random views (count, b, 3, size, size) of pictures (b, 3, h, w), every candidate's the same."""
    return plan(count, rng, looking).of(pictures, size)


def corners(count: int, rng: torch.Generator, how: Looking) -> Tensor:
    """Draws where the views' corners lie (count, 4, 2) in the picture's square [-1, 1]^2; the first sees it all."""
    side = how.nearest + (how.farthest - how.nearest) * torch.rand(count, 1, 1, generator=rng)
    centre = (2 * torch.rand(count, 1, 2, generator=rng) - 1) * (1 - side)
    wander = (2 * torch.rand(count, 4, 2, generator=rng) - 1) * how.perspective
    drawn = CORNERS * side + wander
    if how.turn:
        angle = math.radians(how.turn) * (2 * torch.rand(count, generator=rng) - 1)
        rows = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).reshape(count, 2, 2)
        drawn = drawn @ rows.mT
    drawn = drawn + centre
    drawn[0] = CORNERS
    return drawn


def homographies(source: Tensor) -> Tensor:
    """Returns the maps (n, 3, 3) that take the corners of the square [-1, 1]^2 to `source` (n, 4, 2)."""
    count = len(source)
    x, y = CORNERS.to(source).expand(count, 4, 2).unbind(-1)
    u, v = source.unbind(-1)
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    first = torch.stack([x, y, one, zero, zero, zero, -u * x, -u * y], -1)
    second = torch.stack([zero, zero, zero, x, y, one, -v * x, -v * y], -1)
    solved = torch.linalg.solve(torch.cat([first, second], 1), torch.cat([u, v], 1))
    return torch.cat([solved, torch.ones(count, 1).to(solved)], 1).reshape(count, 3, 3)


def places(maps: Tensor, size: int) -> Tensor:
    """Returns where in the picture each pixel of each view lies, (n, size, size, 2) in [-1, 1]^2."""
    line = (torch.arange(size, device=maps.device, dtype=maps.dtype) + 0.5) * 2 / size - 1
    square = torch.stack([line.expand(size, size), line[:, None].expand(size, size), line.new_ones(size, size)], -1)
    seen = square.reshape(1, -1, 3) @ maps.transpose(1, 2)
    return (seen[..., :2] / seen[..., 2:]).reshape(len(maps), size, size, 2)


def jittered(count: int, rng: torch.Generator, strength: float) -> Tensor:
    """Draws how the views' colours change, as matrices (count, 3, 4); the first not at all.

    Light, contrast and colourfulness change by up to `strength` of themselves, hue by as much of a turn.
    """
    drawn = strength * (2 * torch.rand(4, count, generator=rng) - 1)
    drawn[:, 0] = 0
    return recolouring(*drawn)


def recolouring(light: Tensor, contrast: Tensor, colourful: Tensor, hue: Tensor) -> Tensor:
    """Returns the matrices (n, 3, 4) of changes (n,): added light, more contrast and colour, turns of the hue."""
    light, contrast, colourful, angle = (
        change[:, None, None] for change in (light, contrast, colourful, hue * math.tau)
    )
    # Hue: a turn about the axis of greys (Rodrigues' formula), which keeps it.
    axis = torch.tensor([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]) / 3**0.5
    turned = angle.cos() * torch.eye(3) + angle.sin() * axis + (1 - angle.cos()) / 3
    grey = torch.ones(3, 1) * LIGHT
    linear = (1 + contrast) * (grey + (1 + colourful) * (torch.eye(3) - grey)) @ turned
    return torch.cat([linear, (light - contrast / 2).expand(-1, 3, 1)], 2)


def rectangles(count: int, rng: torch.Generator, most: float) -> Tensor:
    """Draws a rectangle a view, (count, 4): left, top, right, bottom in [-1, 1]^2; the first is empty."""
    area, ratio, x, y = torch.rand(4, count, generator=rng)
    stretch = LONGEST ** (ratio - 0.5)
    wide, high = ((4 * most * area).sqrt() * side for side in (stretch, 1 / stretch))
    left, top = (2 * x - 1) - wide / 2, (2 * y - 1) - high / 2
    drawn = torch.stack([left, top, left + wide, top + high], 1)
    drawn[0] = 0
    return drawn


def outside(holes: Tensor, size: int) -> Tensor:
    """Returns a mask (n, size, size): 0 in the rectangles (n, 4), 1 elsewhere."""
    line = (torch.arange(size, device=holes.device, dtype=holes.dtype) + 0.5) * 2 / size - 1
    left, top, right, bottom = holes[:, :, None].unbind(1)
    across, down = (line > left) & (line < right), (line > top) & (line < bottom)
    return 1 - (down[:, :, None] & across[:, None]).to(holes.dtype)
