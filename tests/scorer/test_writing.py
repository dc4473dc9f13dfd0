"""Writing is found in hands that no training has seen, drawings raise no alarm, and what is left out leaves no gap."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from game.rules import drawing, raster
from scorer import writing
from scorer.writing import Writing
from tests import doodles
from tests.doodles.sheet import COLOURS, Sheet
from tests.handwriting import write

WHITE = list(COLOURS).index("white")


def page(sheet: Sheet) -> Image.Image:
    """What the game shows the detector: the master as a picture of palette indices."""
    return indexed(raster.master(drawing.parse(sheet.drawing())))


def indexed(grid: np.ndarray) -> Image.Image:
    picture = Image.fromarray(grid, "P")
    picture.putpalette(bytes.fromhex("".join(colour[1:] for colour in COLOURS.values())))
    return picture


def covers(box: tuple[float, float, float, float], left: float, top: float, right: float, bottom: float) -> float:
    """How much of an area, in px of 512, a box of shares covers."""
    wide = min(box[2] * 512, right) - max(box[0] * 512, left)
    high = min(box[3] * 512, bottom) - max(box[1] * 512, top)
    return max(0, wide) * max(0, high) / ((right - left) * (bottom - top))


def region(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    cells = np.zeros((64, 64), bool)
    cells[top:bottom, left:right] = True
    return cells


@pytest.mark.parametrize(
    ("text", "height", "ink"),
    [
        ("HAMBURGER", 24, "black"),
        ("HAMBURGER", 32, "red"),
        ("ELEPHANT", 27, "purple"),
        ("OCTOPUS", 24, "blue"),
        ("OCTOPUS", 90, "green"),
        ("A RED CAT", 32, "orange"),
        ("CAT", 48, "brown"),
    ],
)
def test_a_written_prompt_is_found_with_its_place(text: str, height: int, ink: str) -> None:
    sheet = Sheet()
    sheet.ink, sheet.pen = ink, max(2, height / 16)
    write(sheet, text, (30, 200), height)
    xs = [point[0] / 16 for op in sheet.ops for point in op["pts"]]
    found = writing.find(page(sheet))
    assert found
    area = (min(xs), 200, max(xs), 200 + height)
    assert sum(covers(one.box, *area) for one in found) > 0.6


def test_honest_doodles_raise_hardly_an_alarm() -> None:
    words = [*doodles.WORDS, *doodles.scenes.SCENES]
    alarms = [word for word in words if writing.find(indexed(raster.master(drawing.parse(doodles.drawing(word)))))]
    assert len(alarms) <= max(1, 0.02 * len(words)), alarms


@pytest.mark.parametrize("word", ["cat", "umbrella"])
def test_one_word_beside_a_drawing_is_found_and_the_drawing_kept(word: str) -> None:
    plain = doodles.drawing(word)
    sheet = Sheet()
    sheet.ops, sheet.pen, sheet.ink, sheet.clock = list(plain["ops"]), 2, "purple", 10**6
    write(sheet, "UMBRELLA", (100, 470), 26)
    (found,) = writing.find(page(sheet))
    assert covers(found.box, 100, 470, 290, 496) > 0.7
    assert found.box[1] > 0.8
    left = np.asarray(writing.leave_out(page(sheet), [found]))
    before = raster.master(drawing.parse(plain))
    assert (left != before).mean() < 0.004
    assert ((np.asarray(page(sheet))) != before).mean() > 0.006


def test_letters_of_a_colour_each_and_letters_left_free_are_found() -> None:
    many = Sheet()
    many.pen = 2
    for number, letter in enumerate("HAMBURGER"):
        many.ink = ("red", "blue", "green", "purple", "orange", "brown", "grey", "red", "blue")[number]
        write(many, letter, (40 + 28 * number, 200), 30)
    assert writing.find(page(many))
    free = Sheet()
    free.pen, free.ink = 60, "blue"
    for y in (180, 260):
        free.line((80, y), (430, y))
    free.pen, free.ink = 3, "white"
    write(free, "HAMBURGER", (90, 200), 30)
    found = writing.find(page(free))
    assert found
    left = np.asarray(writing.leave_out(page(free), found))
    before, after = ((np.asarray(grid)[380:480, 170:720] == WHITE).mean() for grid in (page(free), left))
    assert after < 0.1 * before, "the letters are filled with what is around them"


def test_a_printed_font_in_a_picture_without_a_palette_is_found() -> None:
    picture = Image.new("RGB", (400, 400), "white")
    font = ImageFont.load_default(44)  # Pillow's own
    ImageDraw.Draw(picture).text((40, 150), "a rubber duck", "black", font)
    (found, *_) = writing.find(picture)
    assert 0.3 < (found.box[1] + found.box[3]) / 2 < 0.6


def test_what_is_left_out_is_closed_by_what_lies_around() -> None:
    grid = np.zeros((128, 128), np.uint8)
    grid[:, 64:] = 2
    grid[40:48, 20:110] = 1
    grid[100:104, 20:110] = 1  # the same ink elsewhere stays
    one = Writing((0, 0.25, 1, 0.5), (1,), 0.9, region(0, 16, 64, 32))
    expected = grid.copy()
    expected[40:48, 20:64], expected[40:48, 64:110] = 0, 2
    assert (np.asarray(writing.leave_out(indexed(grid), [one])) == expected).all()


def test_a_picture_that_is_all_writing_leaves_blank_paper() -> None:
    grid = np.zeros((128, 128), np.uint8)
    grid[2:120, 2:120:3] = 1
    one = Writing((0, 0, 1, 1), (1,), 0.9, region(0, 0, 64, 64))
    assert not np.asarray(writing.leave_out(indexed(grid), [one])).any()


@pytest.mark.parametrize("similarity", [-0.3, -0.01, 0.01, 0.2, 0.6])
@pytest.mark.parametrize("without", [-0.5, -0.2, 0.0, 0.1, 0.2, 0.5])
def test_writing_gains_nothing(similarity: float, without: float) -> None:
    factor = writing.factor(similarity, without)
    assert 0 <= factor <= 0.9
    if factor:
        counted = similarity * factor if similarity > 0 else similarity / factor
        assert counted < max(min(similarity, without), 0 if similarity > 0 else -1)
    else:
        assert similarity > 0 >= without


def test_a_region_is_as_sure_as_its_surest_cells_and_the_less_so_the_fewer_they_are() -> None:
    cells = np.full(writing.ENOUGH, 0.99)
    assert writing._certainty(cells) == pytest.approx(0.99)
    assert writing._certainty(np.concatenate([cells, np.full(50, 0.4)])) == pytest.approx(0.99)
    assert 0.5 < writing._certainty(cells[:4]) < 0.9
    assert writing._certainty(np.ones(40)) < 1


def test_a_blank_sheet_and_an_odd_size_are_no_trouble() -> None:
    assert writing.find(Image.new("RGB", (333, 333), "white")) == []
