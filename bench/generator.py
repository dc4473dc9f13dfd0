"""The painting machine's figures: the stroke rasteriser, tiled against dense, and VQGAN's step against the usual one.

The dense rasteriser is the usual way (DifferentiableSketching, CLIPDraw in plain torch): every stroke's distance to
every pixel, with autograd through every segment. It is also what the tests hold the tiled one against. VQGAN's steps
are bench/_vqgan.py's.
"""

import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from bench import Figure, _vqgan
from generator.priors import tiles

Scene = tuple[Tensor, Tensor, Tensor, Tensor]  # points (b, n, p, 2) and radii (b, n) in px, colours, paper
REPEATS = 5


def dense(points: Tensor, radii: Tensor, colours: Tensor, paper: Tensor, size: int) -> Tensor:
    """Paints the same picture as `tiles.render`, pixel by stroke by segment."""
    axis = torch.arange(size, dtype=points.dtype) + 0.5
    place = torch.stack([axis.expand(size, size), axis[:, None].expand(size, size)], -1)
    start, along = points[:, :, :-1, None, None], points.diff(dim=2)[:, :, :, None, None]
    foot = (((place - start) * along).sum(-1) / along.square().sum(-1).clamp_min(1e-12)).clamp(0, 1)
    distance = ((place - start - foot[..., None] * along).square().sum(-1) + 1e-12).sqrt().amin(2)
    radius = radii[:, :, None, None]
    coverage = (radius - distance + 0.5).clamp(0, 1) - (0.5 - radius - distance).clamp(0, 1)
    canvas = paper[:, :, None, None].expand(-1, -1, size, size)
    for stroke in range(points.shape[1]):
        covered = coverage[:, stroke, None]
        canvas = canvas * (1 - covered) + covered * colours[:, stroke, :, None, None]
    return canvas


def scene(strokes: int, size: int, samples: int = 9, dtype: torch.dtype = torch.float32) -> Scene:
    """Returns random short curves as CLIPDraw starts with, 1 to 4 px wide at 224, ready for gradients."""
    rng = torch.Generator().manual_seed(0)
    first = torch.rand(1, strokes, 1, 2, generator=rng, dtype=dtype)
    way = torch.randn(1, strokes, samples, 2, generator=rng, dtype=dtype).cumsum(2) * 0.04
    radii = (0.5 + 1.5 * torch.rand(1, strokes, generator=rng, dtype=dtype)) * size / 224
    colours = torch.rand(1, strokes, 3, generator=rng, dtype=dtype)
    drawn = (first + way) * size, radii, colours, torch.ones(1, 3, dtype=dtype)
    return tuple(tensor.requires_grad_() for tensor in drawn)  # type: ignore[return-value]


def best_ms(paint: Callable[..., Tensor], given: Scene, size: int) -> float:
    """The shortest of REPEATS forward and backward passes, in ms."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        torch.autograd.grad(paint(*given, size).square().sum(), given)
        times.append(time.perf_counter() - began)
    return round(min(times) * 1000, 2)


def in_parts_ms(given: Scene, size: int, parts: int) -> float:
    """The dense rasteriser's time for a scene, a part of the strokes after another: all at once take gigabytes."""
    *drawn, paper = given
    began = time.perf_counter()
    for points, radii, colours in zip(*(tensor.chunk(parts, 1) for tensor in drawn), strict=True):
        torch.autograd.grad(dense(points, radii, colours, paper, size).square().sum(), (points, radii, colours))
    return round((time.perf_counter() - began) * 1000, 2)


def figures() -> Iterator[Figure]:
    """Forward and backward of strokes at 224 px and at a run's own size, then VQGAN's steps."""
    few, many = scene(16, 224), scene(256, 224)
    yield Figure("generator.strokes.16", best_ms(tiles.render, few, 224), "ms", best_ms(dense, few, 224))
    yield Figure("generator.strokes.256", best_ms(tiles.render, many, 224), "ms", in_parts_ms(many, 224, 8))
    yield Figure("generator.strokes.64.at128", best_ms(tiles.render, scene(64, 128), 128), "ms")
    yield from _vqgan.figures()
