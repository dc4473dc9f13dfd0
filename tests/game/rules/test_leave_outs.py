"""A drawing without some of its parts: what is beneath comes out, and fills stay in their lines."""

import numpy as np
import pytest

from game.rules import drawing, raster
from game.rules.drawing import Drawing
from game.rules.leave_outs import SIZE, Layers
from tests import doodles

PALETTE = ["#ffffff", "#000000", "#e6194b", "#4363d8"]
BLACK, RED, BLUE = 1, 2, 3


def sheet(*ops: dict, size: int = 64) -> Drawing:
    """A drawing of these operations."""
    return drawing.parse({"format": 1, "size": size, "bg": 0, "palette": PALETTE, "ops": list(ops)})


def stroke(*points: tuple[int, int], color: int = BLACK, r: int = 2) -> dict:
    """A stroke through points in px."""
    return {"op": "stroke", "color": color, "pts": [[16 * x, 16 * y, 16 * r, 0] for x, y in points]}


def fill(x: int, y: int, color: int = RED) -> dict:
    """A fill from a point in px."""
    return {"op": "fill", "color": color, "x": 16 * x, "y": 16 * y}


BOX = stroke((10, 10), (50, 10), (50, 50), (10, 50), (10, 10))
ACROSS = stroke((10, 30), (50, 30))


def at(grid: np.ndarray, x: int, y: int) -> int:
    """The palette index at a point in px."""
    return int(grid[2 * y, 2 * x])


@pytest.mark.parametrize("word", ["cat", "house", *doodles.scenes.SCENES])
def test_with_everything_in_it_is_the_drawing_itself(word: str) -> None:
    found = drawing.parse(doodles.drawing(word))
    layers = Layers(found)
    assert (layers.without(()) == raster.master(found)).all()
    assert (layers.after(len(found.ops)) == raster.master(found)).all()
    assert (layers.after(0) == found.bg).all()


def test_without_fills_it_is_the_drawing_of_the_other_operations() -> None:
    strokes = [BOX, ACROSS, stroke((5, 5), (60, 60), color=BLUE)]
    whole = Layers(sheet(*strokes))
    for left_out in range(3):
        others = sheet(*(each for i, each in enumerate(strokes) if i != left_out))
        assert (whole.without({left_out}) == raster.master(others)).all()


def test_a_fill_does_not_run_out_when_its_outline_is_left_out() -> None:
    grid = Layers(sheet(BOX, fill(30, 30))).without({0})
    assert at(grid, 30, 30) == RED
    assert at(grid, 60, 60) == 0
    assert not (grid == BLACK).any()


def test_a_fill_takes_the_place_of_a_line_within_it() -> None:
    layers = Layers(sheet(BOX, ACROSS, fill(30, 20), fill(30, 40, BLUE)))
    grid = layers.without({1})
    assert at(grid, 30, 20) == RED
    assert at(grid, 30, 40) == BLUE
    assert at(grid, 30, 30) in (RED, BLUE), "no gap is left where the line was"


def test_a_fill_left_out_shows_the_paper() -> None:
    layers = Layers(sheet(BOX, fill(30, 30), stroke((20, 20), (40, 40), color=BLUE)))
    grid = layers.without({1})
    assert not (grid == RED).any()
    assert at(grid, 30, 30) == BLUE
    assert at(grid, 15, 40) == 0


def test_stages_end_before_what_comes_later() -> None:
    layers = Layers(sheet(BOX, fill(30, 30), ACROSS))
    assert (layers.after(1) == raster.master(sheet(BOX))).all()
    assert (layers.after(2) == raster.master(sheet(BOX, fill(30, 30)))).all()


@pytest.mark.parametrize("size", [35, 64, 100, 500, 512, 1024])
def test_a_picture_is_exactly_that_of_its_grid(size: int) -> None:
    part = size // 4
    layers = Layers(sheet(BOX, stroke((part, part), (2 * part, 3 * part), color=BLUE), fill(12, 12), size=size))
    for left_out in ((), {0}, {1}, {2}, {0, 1, 2}):
        grid = layers.without(left_out)
        assert layers.picture(grid).tobytes() == raster.picture_of(grid, layers.drawing.palette, SIZE).tobytes()


def test_a_stroke_off_the_sheet_changes_nothing() -> None:
    layers = Layers(sheet(BOX, stroke((-20, -20), (-10, -30)), fill(30, 30)))
    assert (layers.without({1}) == layers.whole).all()
