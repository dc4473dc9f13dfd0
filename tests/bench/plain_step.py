"""A step of VQGAN-CLIP as its best known script takes it, written again from what is known of it, to be measured by.

The script is nerdyrodent/VQGAN-CLIP's `generate.py` with its own defaults: the whole frame pooled once for each of 32
cuts, five changes one after another (affine, perspective, colour jitter, erasing, noise), codes chosen by a one-hot
matrix, the squared great-circle distance, Adam. Its changes are kornia's 0.5 in the same order and with the same
numbers and odds; what a step draws by lot is drawn first (`Draw`), so that another step can make the same of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

import torch
from taming.modules.diffusionmodules import model as published
from torch import Tensor
from torch.nn import functional

from generator.cutouts import homographies
from generator.priors.vqgan import Network, clamped

ODDS = 0.7  # of each change but noise, for each cut
DEGREES, SHIFT, SHEAR = 15.0, 0.1, 5.0
DISTORTION = 0.7
JITTER = 0.1
ERASED, RATIO = (0.1, 0.4), (0.3, 3.3)
NOISE = 0.1
RATE = 0.1


@dataclass(frozen=True)
class Draw:
    """What n cuts undergo: maps (n, 3, 3) from a cut's square [-1, 1]^2 to that before it, and so on."""

    affine: Tensor
    perspective: Tensor
    jitter: Tensor  # (4, n): added light, more contrast, more saturation, turns of the hue; 0 is no change
    jittered: Tensor  # (n,) whether
    holes: Tensor  # (n, 4): left, top, right, bottom in [-1, 1]^2; empty is no change
    grain: Tensor  # (n,): the noise's deviation


def draw(count: int, rng: torch.Generator) -> Draw:
    """Draws the changes of `count` cuts."""

    def uniform(*shape: int) -> Tensor:
        return 2 * torch.rand(*shape, generator=rng) - 1

    def chosen() -> Tensor:
        return torch.rand(count, generator=rng) < ODDS

    angle, lean = (torch.deg2rad(limit * uniform(count)) for limit in (DEGREES, SHEAR))
    one, zero = torch.ones(count), torch.zeros(count)
    turn = torch.stack([angle.cos(), -angle.sin(), zero, angle.sin(), angle.cos(), zero, zero, zero, one], 1)
    slant = torch.stack([one, lean.tan(), zero, zero, one, zero, zero, zero, one], 1)
    affine = turn.reshape(count, 3, 3) @ slant.reshape(count, 3, 3)
    affine[:, :2, 2] = 2 * SHIFT * uniform(count, 2)
    inward = torch.tensor([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    quad = -inward + inward * DISTORTION * torch.rand(count, 4, 2, generator=rng)
    perspective = torch.linalg.inv(homographies(quad))
    still = torch.eye(3).expand(count, 3, 3)
    area = (ERASED[0] + (ERASED[1] - ERASED[0]) * torch.rand(1, generator=rng)) * 4
    ratio = RATIO[0] * (RATIO[1] / RATIO[0]) ** torch.rand(1, generator=rng)
    sides = torch.cat([(area * ratio).sqrt(), (area / ratio).sqrt()]).clamp(max=2)
    corner = (2 - sides) * torch.rand(2, generator=rng) - 1  # one rectangle for all cuts
    holes = torch.cat([corner, corner + sides]) * chosen()[:, None]
    return Draw(
        torch.where(chosen()[:, None, None], affine, still),
        torch.where(chosen()[:, None, None], perspective, still),
        JITTER * uniform(4, count),
        chosen(),
        holes,
        NOISE * torch.rand(count, generator=rng),
    )


class PlainStep:
    """Moves the latent z (1, d, h, w) of a network towards a target row (d,) in the eyes of `look`, step by step."""

    def __init__(self, network: Network, look: Callable[[Tensor], Tensor], target: Tensor, z: Tensor) -> None:
        self.network, self.look, self.target = network, look, target
        self.z = z.clone().requires_grad_()
        book = network.codebook
        self.low, self.high = (edge[None, :, None, None] for edge in (book.amin(0), book.amax(0)))
        self.optimiser = torch.optim.Adam([self.z], RATE)

    def picture(self) -> Tensor:
        """Returns the picture (1, 3, h, w) of z, on its codes by way of a one-hot matrix as wide as the codebook."""
        rows, book = self.z.movedim(1, 3), self.network.codebook
        far = rows.pow(2).sum(-1, keepdim=True) + book.pow(2).sum(1) - 2 * rows @ book.T
        codes = functional.one_hot(far.argmin(-1), len(book)).to(far.dtype) @ book
        on_codes = (rows + (codes - rows).detach()).movedim(3, 1)
        with mock.patch.object(published, "nonlinearity", lambda x: x * torch.sigmoid(x)):  # as it was published
            return clamped((self.network.decoder(self.network.post_quant_conv(on_codes)) + 1) / 2)

    def advance(self, drawn: Draw, size: int, rng: torch.Generator) -> float:
        """Makes one step with the cuts drawn, each `size` px a side; returns the loss."""
        self.optimiser.zero_grad(set_to_none=True)
        rows = functional.normalize(self.look(cuts(self.picture(), drawn, size, rng)), dim=-1)
        loss = (rows - self.target).norm(dim=-1).div(2).arcsin().pow(2).mul(2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            self.z.copy_(self.z.maximum(self.low).minimum(self.high))
        return loss.item()


def cuts(picture: Tensor, drawn: Draw, size: int, rng: torch.Generator) -> Tensor:
    """Returns the cuts (n, 3, size, size) of a picture (1, 3, h, w), one change after another."""
    pooled = []
    for _ in range(len(drawn.grain)):
        mean, most = functional.adaptive_avg_pool2d(picture, size), functional.adaptive_max_pool2d(picture, size)
        pooled.append((mean + most) / 2)
    batch = torch.cat(pooled)
    batch = warped(batch, drawn.affine)
    batch = warped(batch, drawn.perspective)
    batch = changed(batch, drawn.jittered, lambda some: jitter(some, drawn.jitter[:, drawn.jittered]))
    batch = erased(batch, drawn.holes)
    noise = torch.randn(batch.shape, generator=rng).to(batch)
    return batch + drawn.grain.to(batch)[:, None, None, None] * noise


def changed(batch: Tensor, chosen: Tensor, change: Callable[[Tensor], Tensor]) -> Tensor:
    """Returns the batch with the chosen rows changed."""
    chosen = chosen.to(batch.device)
    out = batch.clone()
    out[chosen] = change(batch[chosen])
    return out


def warped(batch: Tensor, maps: Tensor) -> Tensor:
    """Returns the batch with rows sampled anew where their map is not the identity; zeros come from outside."""
    moved = (maps != torch.eye(3)).any(-1).any(-1)

    def warp(some: Tensor) -> Tensor:
        height, width = some.shape[-2:]
        y, x = ((torch.arange(side, device=some.device) + 0.5) * 2 / side - 1 for side in (height, width))
        rows, columns = torch.meshgrid(y, x, indexing="ij")
        square = torch.stack([columns, rows, torch.ones_like(rows)], -1).reshape(1, -1, 3).expand(len(some), -1, -1)
        seen = torch.bmm(square, maps[moved].to(some).transpose(1, 2))
        grid = (seen[..., :2] / seen[..., 2:]).reshape(-1, height, width, 2)
        return functional.grid_sample(some, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    return changed(batch, moved, warp)


def jitter(batch: Tensor, by: Tensor) -> Tensor:
    """Returns the batch (n, 3, h, w) in other light, contrast, saturation and hue, one after another."""
    light, contrast, saturation, hue = by.to(batch)[:, :, None, None]
    batch = (batch + light[:, None]).clamp(0, 1)
    batch = (batch * (1 + contrast[:, None])).clamp(0, 1)
    hues, most, full = to_hsv(batch)
    batch = from_hsv(hues, most, (full * (1 + saturation)).clamp(0, 1))
    hues, most, full = to_hsv(batch)
    return from_hsv((hues + hue) % 1, most, full)


def to_hsv(batch: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns hue in turns, value and saturation (n, h, w) of RGB (n, 3, h, w)."""
    most, which = batch.max(1)
    spread = most - batch.amin(1)
    full = spread / (most + 1e-6)
    red, green, blue = ((most[:, None] - batch) / (spread[:, None] + 1e-6)).unbind(1)
    turn = torch.stack([blue - green, 2 + red - blue, 4 + green - red], 1)
    return (turn.gather(1, which[:, None])[:, 0] / 6) % 1, most, full


def from_hsv(hue: Tensor, most: Tensor, full: Tensor) -> Tensor:
    """Returns RGB (n, 3, h, w) of hue in turns, value and saturation (n, h, w)."""
    sector = (hue * 6).floor()
    part = hue * 6 - sector
    low, falling, rising = most * (1 - full), most * (1 - part * full), most * (1 - (1 - part) * full)
    reds = torch.stack([most, falling, low, low, rising, most], 1)
    greens = torch.stack([rising, most, most, falling, low, low], 1)
    blues = torch.stack([low, low, rising, most, most, falling], 1)
    place = (sector.long() % 6)[:, None]
    return torch.cat([part.gather(1, place) for part in (reds, greens, blues)], 1)


def erased(batch: Tensor, holes: Tensor) -> Tensor:
    """Returns the batch with each row's rectangle black."""
    side = batch.shape[-1]
    mask = torch.zeros_like(batch)
    for row, hole in enumerate(holes.tolist()):
        left, top, right, bottom = (round((edge + 1) / 2 * side) for edge in hole)
        mask[row, :, top:bottom, left:right] = 1
    return torch.where(mask == 1, torch.zeros_like(batch), batch)
