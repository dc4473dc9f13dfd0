"""The parts that reasons are given about, and what they are called."""

import pytest

from bench.raster import scribble
from game.rules import drawing, part_words
from game.rules.parts import FEWEST, Part, parts
from tests import doodles
from tests.game.rules.test_leave_outs import ACROSS, BLUE, BOX, fill, sheet, stroke


@pytest.mark.parametrize("most", [8, 32])
@pytest.mark.parametrize("word", ["cat", "house", *doodles.scenes.SCENES])
def test_every_operation_is_in_one_part_and_there_are_not_too_many(word: str, most: int) -> None:
    found = drawing.parse(doodles.drawing(word))
    every = parts(found, most)
    assert len(every) <= most
    bundled = [i for part in every if part.kind != "colour" for i in part.ops]
    assert sorted(bundled) == list(range(len(found.ops)))


def test_few_operations_are_a_part_each() -> None:
    found = parts(sheet(BOX, ACROSS, fill(30, 20)), 32)
    assert [(part.kind, part.ops) for part in found[:3]] == [("stroke", (0,)), ("stroke", (1,)), ("fill", (2,))]
    assert found[3:] == [Part("colour", (0, 1))]


def test_near_strokes_of_one_colour_are_bundled_first() -> None:
    left = [stroke((4, y), (12, y)) for y in range(4, 60, 8)]
    right = [stroke((52, y), (60, y), color=BLUE) for y in range(4, 60, 8)]
    found = parts(sheet(*left, *right), 5)
    bundles = [part for part in found if part.kind != "colour"]
    assert len(bundles) == 4
    for part in bundles:
        assert set(part.ops) <= set(range(7)) or set(part.ops) <= set(range(7, 14)), "never across the sheet"


def test_colours_are_parts_where_there_are_several() -> None:
    black = [stroke((4, y), (12, y)) for y in range(4, 60, 8)]
    assert all(part.kind != "colour" for part in parts(sheet(*black), 32))
    both = parts(sheet(*black, stroke((52, 8), (60, 8), color=BLUE), stroke((52, 50), (60, 50), color=BLUE)), 32)
    assert [part.ops for part in both if part.kind == "colour"] == [tuple(range(7)), (7, 8)]


def test_a_costly_drawing_is_looked_at_in_fewer_parts() -> None:
    wide = [stroke(*((x, y) for x in range(0, 500, 4)), r=64, color=1 + y % 3) for y in range(0, 500, 14)]
    assert FEWEST <= len(parts(sheet(*wide, size=512), 32)) < 32
    assert len(parts(scribble(1, strokes=60, points=33, fills=2), 32)) == 32


@pytest.mark.parametrize(
    ("ops", "name"),
    [
        ([stroke((4, 4), (12, 4))], "the short black line at the top left"),
        ([stroke((4, 32), (60, 32), (4, 33), (60, 33), color=BLUE)], "the long blue stroke in the middle"),
        ([stroke((50, 50))], "the black dot at the bottom right"),
        ([BOX], "the long black loop in the middle"),
        ([fill(30, 5)], "the red fill at the top"),
        ([stroke((-20, -20), (-10, -30))], "the black line off the sheet"),
    ],
)
def test_a_part_is_called_by_what_can_be_seen(ops: list[dict], name: str) -> None:
    found = sheet(*ops)
    assert [part_words.words(look) for look in part_words.looks(found, parts(found, 32))] == [name]


def said(found: drawing.Drawing, part: Part) -> str:
    """What a part is called."""
    return part_words.words(part_words.look(found, part))


def test_bundles_and_colours_have_names_too() -> None:
    found = sheet(stroke((4, 4), (8, 4)), fill(6, 2), stroke((4, 8), (9, 8)), size=64)
    assert said(found, Part("strokes", (0, 1))) == "the 2 black and red marks at the top left"
    assert said(found, Part("strokes", (0, 2))) == "the 2 black strokes at the top left"
    assert said(found, Part("colour", (0, 2))) == "everything in black"


def test_equal_names_are_told_apart_by_their_order() -> None:
    found = sheet(stroke((4, 4), (12, 4)), stroke((4, 8), (12, 8)))
    assert [part_words.words(look) for look in part_words.looks(found, parts(found, 32))] == [
        "the first short black line at the top left",
        "the second short black line at the top left",
    ]
