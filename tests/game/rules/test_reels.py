"""A drawing at moments of its making: the same moments as in the browser, the same picture in the end."""

import itertools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.rules import raster, reels
from game.rules.drawing import parse
from tests import doodles

ROOT = Path(__file__).resolve().parents[3]
RED, BLUE = 1, 2


def stroke(color: int, *points: tuple[int, int, int, int]) -> dict[str, Any]:
    """A stroke."""
    return {"op": "stroke", "color": color, "pts": [list(point) for point in points]}


def of(*ops: dict[str, Any]) -> dict[str, Any]:
    """A drawing of these operations on a small canvas."""
    return {"format": 1, "size": 64, "bg": 0, "palette": ["#ffffff", "#d62828", "#2d62d6"], "ops": list(ops)}


TIMED = of(
    stroke(RED, (100, 100, 60, 0), (500, 100, 60, 100), (900, 100, 60, 9000)),
    {"op": "fill", "color": BLUE, "x": 500, "y": 900},
    stroke(BLUE, (100, 900, 60, 9500), (900, 900, 60, 9600)),
)
TIMELESS = of(stroke(RED, (100, 100, 60, 7), (900, 100, 60, 7)), stroke(BLUE, (100, 900, 60, 7)))


def test_recorded_times_are_followed_and_pauses_are_cut() -> None:
    assert [(at, op, point) for at, op, point in reels.beats(parse(TIMED))] == [
        (0, 0, 0), (100, 0, 1), (350, 0, 2), (900, 1, 0), (900, 2, 0), (1000, 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("obj", [TIMED, TIMELESS, of(), doodles.drawing("cat"), doodles.drawing("bicycle")])
def test_the_browser_shows_the_same_beats(obj: dict[str, Any]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed, so the browser's timeline was not compared; apt-get install nodejs")
    script = ROOT / "tests" / "js" / "answer-timeline.mjs"
    told = subprocess.run([node, script], input=json.dumps(obj), capture_output=True, text=True, check=True).stdout
    own = reels.beats(parse(obj))
    assert [(beat["op"], beat["point"]) for beat in json.loads(told)] == [(beat.op, beat.point) for beat in own]
    assert [beat["at"] for beat in json.loads(told)] == pytest.approx([beat.at for beat in own])


@pytest.mark.parametrize("obj", [TIMED, TIMELESS, doodles.drawing("cat")])
def test_it_grows_from_the_blank_sheet_to_the_very_picture(obj: dict[str, Any]) -> None:
    drawing = parse(obj)
    pictures = list(reels.moments(drawing, 20, 48))
    assert len(pictures) == 20
    assert set(pictures[0].get_flattened_data()) == {(255, 255, 255)}
    assert pictures[-1].tobytes() == raster.picture(drawing, 48).tobytes()
    changes = [np.any(np.asarray(one) != np.asarray(other)) for one, other in itertools.pairwise(pictures)]
    assert sum(changes) > 1, "not all of it appears at once"


def test_half_way_through_a_stroke_half_of_it_is_there() -> None:
    drawing = parse(of(stroke(RED, (100, 500, 60, 0), (500, 500, 60, 100), (900, 500, 60, 200))))
    middle = list(reels.moments(drawing, 3, 64))[1]
    half = parse(of(stroke(RED, (100, 500, 60, 0), (500, 500, 60, 100))))
    assert middle.tobytes() == raster.picture(half, 64).tobytes()


def test_a_blank_drawing_stays_blank() -> None:
    assert [set(each.get_flattened_data()) for each in reels.moments(parse(of()), 2, 16)] == [{(255, 255, 255)}] * 2
