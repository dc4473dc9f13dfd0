"""The rasteriser against slow, independent statements of what it should draw: the twins could be equally wrong."""

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, hypot
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import _numpy_raster
from game.rules import raster, raster_loops
from game.rules.drawing import parse
from tests.golden import make

SIZE = 24
Point = tuple[float, float, float]


def depth_in_disc(x: float, y: float, p: Point) -> float:
    """How far (x, y) lies inside the disc; negative outside."""
    return p[2] - hypot(x - p[0], y - p[1])


def depth_in_band(x: float, y: float, p: Point, q: Point) -> float:
    """How far, about, (x, y) lies inside the band between two discs: within its length and its tapering width."""
    length = hypot(q[0] - p[0], q[1] - p[1])
    if length == 0:
        return -1.0
    ux, uy = (q[0] - p[0]) / length, (q[1] - p[1]) / length
    along, across = (x - p[0]) * ux + (y - p[1]) * uy, abs((y - p[1]) * ux - (x - p[0]) * uy)
    half = p[2] + (q[2] - p[2]) * along / length
    return min(along, length - along, half - across)


def depth_in_stroke(x: float, y: float, points: list[Point]) -> float:
    """How far (x, y) lies inside the union of all discs and bands."""
    bands = [depth_in_band(x, y, p, q) for p, q in pairwise(points)]
    return max([depth_in_disc(x, y, p) for p in points] + bands)


place = st.integers(-SIZE * 8, SIZE * 24)
points = st.lists(st.tuples(place, place, st.integers(0, 120)), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(points=points, scale=st.integers(1, 3))
def test_a_stroke_covers_the_cells_whose_centres_it_covers(points: list[tuple[int, int, int]], scale: int) -> None:
    pts = [[*point, 0] for point in points]
    grid = raster.master(parse(make.drawing({"op": "stroke", "color": 1, "pts": pts}, size=SIZE)), scale)
    shape = [(x / 16, y / 16, r / 16) for x, y, r in points]
    for row in range(SIZE * scale):
        for column in range(SIZE * scale):
            depth = depth_in_stroke((column + 0.5) / scale, (row + 0.5) / scale, shape)
            if abs(depth) > 1e-9:  # on the very edge either is right
                assert grid[row, column] == (depth > 0), (row, column, depth)


def opened_fill(grid: npt.NDArray[np.uint8], x: int, y: int, k: int) -> set[tuple[int, int]]:
    """The cells a gap-closing fill reaches, by its definition, as sets of (row, column)."""
    n = len(grid)
    same = {(j, i) for j in range(n) for i in range(n) if grid[j, i] == grid[y, x]}

    def block(j: int, i: int) -> set[tuple[int, int]]:
        rows, columns = (range(max(at - k, 0), min(at + k, n - 1) + 1) for at in (j, i))
        return {(b, a) for b in rows for a in columns}

    free = {cell for cell in same if block(*cell) <= same}
    if (y, x) not in free:
        return connected(same, (y, x))
    return set().union(*(block(*cell) for cell in connected(free, (y, x))))


def connected(cells: set[tuple[int, int]], seed: tuple[int, int]) -> set[tuple[int, int]]:
    """The cells joined to the seed by steps up, down, left and right."""
    found, todo = {seed}, [seed]
    while todo:
        j, i = todo.pop()
        fresh = {(j - 1, i), (j + 1, i), (j, i - 1), (j, i + 1)} & cells - found
        found |= fresh
        todo += fresh
    return found


@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=st.integers(1, 14), k=st.integers(1, 3))
def test_a_fill_reaches_what_its_definition_says(data: st.DataObject, size: int, k: int) -> None:
    ink = st.sampled_from([0] * data.draw(st.integers(1, 20)) + [1, 2])
    grid = np.array(data.draw(st.lists(ink, min_size=size * size, max_size=size * size)), np.uint8)
    x, y, c = (data.draw(st.integers(0, top)) for top in (size - 1, size - 1, 3))
    before = grid.reshape(size, size).copy()
    raster_loops.fill(grid, size, x, y, c, k)
    expected = before.copy()
    for cell in opened_fill(before, x, y, k):
        expected[cell] = c
    assert np.array_equal(grid.reshape(size, size), expected)


@pytest.mark.parametrize(("gap", "stays"), [(0.5, True), (1, True), (2, True), (3, False), (6, False)])
def test_a_fill_does_not_leak_through_a_gap_of_two_pixels(gap: float, stays: bool) -> None:
    grid = raster.master(parse(make.drawing(make.ring(gap), make.fill(32, 32))))
    assert grid[64, 64] == 2
    assert (grid[4, 4] == 0) == stays


@pytest.mark.parametrize("obj", [pytest.param(obj, id=name) for name, obj in make.cases()])
def test_plain_numpy_gives_the_same_master_and_picture(obj: dict[str, Any]) -> None:
    drawing = parse(obj)
    assert np.array_equal(raster.master(drawing), _numpy_raster.master(drawing))
    assert np.array_equal(np.asarray(raster.picture(drawing, drawing.size)), _numpy_raster.picture(drawing))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), w=st.integers(1, 9), n=st.integers(1, 12))
def test_a_picture_is_the_exact_mean_of_the_area(data: st.DataObject, w: int, n: int) -> None:
    grid = np.array(data.draw(st.lists(st.integers(0, 1), min_size=w * w, max_size=w * w)), np.uint8)
    colors = np.array([0, 10, 255, 255, 13, 0], np.uint8)
    picture = raster_loops.average(grid, w, colors, n).reshape(n, n, 3)
    step = Fraction(w, n)
    for y in range(n):
        for x in range(n):
            ink = sum(
                overlap(i, x * step, (x + 1) * step) * overlap(j, y * step, (y + 1) * step) * int(grid[j * w + i])
                for j in range(floor(y * step), ceil((y + 1) * step))
                for i in range(floor(x * step), ceil((x + 1) * step))
            )
            share = ink / step**2
            expected = [floor(a + (b - a) * share + Fraction(1, 2)) for a, b in ((0, 255), (10, 13), (255, 0))]
            assert picture[y, x].tolist() == expected


def overlap(cell: int, start: Fraction, end: Fraction) -> Fraction:
    """The length that the cell from `cell` to `cell + 1` shares with an interval."""
    return min(Fraction(cell + 1), end) - max(Fraction(cell), start)
