"""A differentiable rasteriser of round strokes in plain torch: 16 x 16 tiles, exact gradients, CPU and CUDA alike.

Strokes are opaque polylines with round ends, painted in order, later ones over earlier ones. A tile looks only at
the strokes that reach it, and at none beneath a stroke that covers it whole. The nearest segment of a stroke is
searched without gradients; only pixels on a stroke's rim get one, and it is known in closed form: a distance changes
with its segment's ends as if the foot point stood still (the envelope theorem). Distance-field strokes:
Mihai and Hare, "Differentiable Drawing and Sketching", 2021.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

TILE = 16
REACH = (TILE - 1) / 2 * 2**0.5  # from a tile's centre to its farthest pixel centre


def render(points: Tensor, radii: Tensor, colours: Tensor, paper: Tensor, size: int, rim: float = 1.0) -> Tensor:
    """Paints strokes and returns pictures (b, 3, size, size), differentiable in all four tensors.

    points (b, n, p, 2) with p >= 2, and radii (b, n), in px; colours (b, n, 3) and paper (b, 3) in [0, 1]. Stroke
    n - 1 lies on top. `rim` is the width in px over which an edge fades; at 1 it is the pixel's own width.
    """
    batch, _, length, _ = points.shape
    pairs = plan(points.detach(), radii.detach(), size, rim)
    flat = points.reshape(-1, length, 2), radii.reshape(-1), colours.reshape(-1, 3)
    tiles = _Paint.apply(*flat, paper, pairs)  # type: ignore[no-untyped-call]
    side = -(-size // TILE)
    grid = tiles.reshape(batch, side, side, 3, TILE, TILE).permute(0, 3, 1, 4, 2, 5)
    picture: Tensor = grid.reshape(batch, 3, side * TILE, side * TILE)[..., :size, :size]
    return picture


@dataclass(frozen=True)
class Plan:
    """Which stroke paints in which tile, bottom first: pairs at depth k are rows `starts[k]` to `starts[k + 1]`.

    `stroke` (m,) counts through all pictures' strokes and `corner` (m, 2) is the tile's corner in px. The pairs of
    a depth paint on the first tiles of `order` (tiles,), which has the tiles with most strokes first. `rim` is the
    width of an edge in px.
    """

    stroke: Tensor
    corner: Tensor
    starts: list[int]
    order: Tensor
    rim: float


def plan(points: Tensor, radii: Tensor, size: int, rim: float) -> Plan:
    """Finds the pairs of tile and stroke for polylines (b, n, p, 2) and radii (b, n), in px."""
    batch, count, length, _ = points.shape
    side = -(-size // TILE)
    centres = (torch.arange(side, device=points.device) * TILE + TILE / 2).to(points.dtype)
    reach = (radii + rim / 2 + (TILE - 1) / 2)[..., None, None]
    near = (points.amin(2)[..., None] - reach < centres) & (points.amax(2)[..., None] + reach > centres)
    columns, rows = near.unbind(2)  # (b, n, side) each
    picture, row, column, stroke = (rows.mT[:, :, None] & columns.mT[:, None]).nonzero().unbind(1)
    stroke = stroke + picture * count
    tile = (picture * side + row) * side + column
    corner = torch.stack([column, row], 1).to(points.dtype) * TILE
    x, y = (corner + TILE / 2).T[..., None, None]
    distance = search(points.reshape(-1, length, 2)[stroke], x, y)[0].flatten().sqrt()
    radius = radii.reshape(-1)[stroke]
    reaches = distance < radius + rim / 2 + REACH
    covers = distance + REACH < radius - rim / 2
    place = torch.arange(len(tile), device=tile.device)
    lowest = torch.zeros(batch * side * side, dtype=place.dtype, device=tile.device)
    lowest.scatter_reduce_(0, tile[covers], place[covers], "amax")
    kept = (reaches & (place >= lowest[tile])).nonzero().flatten()
    starts, order, rows = _by_depth(tile[kept], len(lowest))
    return Plan(stroke[kept][rows], corner[kept][rows], starts, order, rim)


def _by_depth(tile: Tensor, tiles: int) -> tuple[list[int], Tensor, Tensor]:
    """Returns a plan's `starts` and `order`, and its rows: indices of pairs, given by tile and there bottom first."""
    painted = torch.bincount(tile, minlength=tiles)
    order = painted.argsort(descending=True, stable=True)
    rank = torch.empty_like(order)
    rank[order] = torch.arange(tiles, device=order.device)
    depth = torch.arange(len(tile), device=tile.device) - (painted.cumsum(0) - painted)[tile]
    rows = (depth * tiles + rank[tile]).argsort()
    return [0, *torch.bincount(depth).cumsum(0).tolist()], order, rows


def search(lines: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the squared distance from pixels to polylines (m, p, 2) and the nearest segment's index.

    x (m, 1, w) and y (m, h, 1) are the pixels' coordinates; both answers are (m, h, w).
    """
    best = nearest = None
    for segment in range(lines.shape[1] - 1):
        start = lines[:, segment]
        along = lines[:, segment + 1] - start
        squared = along.square().sum(1)[:, None, None].clamp_min(1e-12)
        dx, dy = x - start[:, 0, None, None], y - start[:, 1, None, None]
        foot = dx * (along[:, 0, None, None] / squared) + dy * (along[:, 1, None, None] / squared)
        clamped = foot.clamp(0, 1)
        # |p - a|^2 + t (t - 2 u) |b - a|^2: every term but one is a row plus a column
        distance = torch.addcmul(dx.square() + dy.square(), clamped * (clamped - 2 * foot), squared)
        if best is None or nearest is None:
            best, nearest = distance, torch.zeros_like(distance, dtype=torch.int64)
        else:
            nearest.masked_fill_(distance < best, segment)
            best = torch.minimum(best, distance)
    if best is None or nearest is None:
        raise ValueError("a polyline needs two points or more")
    return best.clamp_min(0), nearest


@dataclass(frozen=True)
class Rim:
    """Pixels whose coverage changes when a stroke moves, (q,) each, and how."""

    pixel: Tensor  # index into the flat (m * 256) coverage
    stroke: Tensor
    vertex: Tensor  # index of the nearest segment's first point in the flat list of points
    foot: Tensor  # where on the segment the foot point lies, 0 to 1
    normal: Tensor  # (q, 2) unit vector from the foot point to the pixel
    by_distance: Tensor  # change of the coverage with the distance
    by_radius: Tensor  # change of the coverage with the radius


def cover(points: Tensor, radii: Tensor, pairs: Plan) -> tuple[Tensor, Rim]:
    """Returns how much of each pixel the stroke of each pair covers (m, 256), from 0 to 1, and the rim's pixels.

    A line thinner than a pixel covers less than all of it: the coverage is a band's overlap with the pixel's width.
    """
    rim = pairs.rim
    inside = torch.arange(TILE, device=points.device).to(points.dtype) + 0.5
    x, y = pairs.corner[:, 0, None, None] + inside, pairs.corner[:, 1, None, None] + inside[:, None]
    squared, nearest = search(points[pairs.stroke], x, y)
    radius = radii[pairs.stroke][:, None, None]
    outer = (radius + rim / 2).square()
    inner = (radius - rim / 2).clamp_min(0).square()
    # What the rounding of `squared` puts on the wrong side of the rim differs from 0 or 1 by next to nothing.
    pixel = ((squared < outer) & (squared >= inner)).flatten().nonzero().flatten()
    coverage = (squared < inner).to(points.dtype).flatten(1)
    pair = pixel // TILE**2
    stroke = pairs.stroke[pair]
    vertex = stroke * points.shape[1] + nearest.flatten()[pixel]
    flat = points.reshape(-1, 2)
    start, along = flat[vertex], flat[vertex + 1] - flat[vertex]
    place = pairs.corner[pair] + torch.stack([pixel % TILE, pixel % TILE**2 // TILE], 1) + 0.5
    foot = ((place - start) * along).sum(1).div(along.square().sum(1).clamp_min(1e-12)).clamp(0, 1)
    offset = place - start - foot[:, None] * along
    distance = offset.square().sum(1).sqrt().clamp_min(1e-6)
    upper = (radii[stroke] - distance) / rim + 0.5
    lower = (-radii[stroke] - distance) / rim + 0.5
    coverage.view(-1)[pixel] = upper.clamp(0, 1) - lower.clamp(0, 1)
    grows = ((upper > 0) & (upper < 1)).to(points.dtype) / rim
    shrinks = ((lower > 0) & (lower < 1)).to(points.dtype) / rim
    normal = offset / distance[:, None]
    return coverage, Rim(pixel, stroke, vertex, foot, normal, shrinks - grows, grows + shrinks)


class _Paint(torch.autograd.Function):
    """Strokes over paper, tile by tile, with the gradient written out: few pixels carry one to points and radii."""

    @staticmethod
    def forward(ctx: Any, points: Tensor, radii: Tensor, colours: Tensor, paper: Tensor, pairs: Plan) -> Tensor:
        coverage, edge = cover(points, radii, pairs)
        tiles = len(pairs.order)
        each = tiles // len(paper)
        canvas = paper.repeat_interleave(each, 0)[pairs.order][:, :, None].repeat(1, 1, TILE**2)
        colour = colours[pairs.stroke][:, :, None]
        over = torch.empty(len(coverage), 3, TILE**2, device=points.device, dtype=points.dtype)
        for start, stop in zip(pairs.starts, pairs.starts[1:], strict=False):
            beneath = canvas[: stop - start]
            torch.sub(colour[start:stop], beneath, out=over[start:stop])
            beneath.addcmul_(coverage[start:stop, None], over[start:stop])
        ctx.kept = points.shape, colours.shape, paper.shape, pairs, coverage, edge, over
        painted = torch.empty_like(canvas)
        painted[pairs.order] = canvas
        return painted

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        points_shape, colours_shape, paper_shape, pairs, coverage, edge, over = ctx.kept
        arriving = gradient[pairs.order]
        to_coverage = torch.empty_like(coverage)
        to_colour = torch.empty_like(over[..., 0])
        for start, stop in reversed(list(zip(pairs.starts, pairs.starts[1:], strict=False))):
            here, covered = arriving[: stop - start], coverage[start:stop, None]
            to_coverage[start:stop] = (here * over[start:stop]).sum(1)
            to_colour[start:stop] = (here * covered).sum(2)
            here.mul_(1 - covered)
        to_rim = to_coverage.view(-1)[edge.pixel]
        to_radii = _summed(edge.stroke, to_rim * edge.by_radius, colours_shape[0])
        pull = (to_rim * edge.by_distance)[:, None] * edge.normal
        vertices = points_shape[0] * points_shape[1]
        to_points = torch.stack(
            [
                _summed(edge.vertex, -pull[:, axis] * (1 - edge.foot), vertices)
                + _summed(edge.vertex + 1, -pull[:, axis] * edge.foot, vertices)
                for axis in (0, 1)
            ],
            1,
        )
        to_colours = torch.stack([_summed(pairs.stroke, column, colours_shape[0]) for column in to_colour.T], 1)
        left = torch.empty_like(arriving)
        left[pairs.order] = arriving
        to_paper = left.sum(2).reshape(paper_shape[0], -1, 3).sum(1)
        return to_points.reshape(points_shape), to_radii, to_colours, to_paper, None


def _summed(index: Tensor, values: Tensor, length: int) -> Tensor:
    """Adds values at their index; on the CPU always in the same order, unlike indexing's own gradient."""
    return torch.zeros(length, dtype=values.dtype, device=values.device).scatter_add_(0, index, values)
