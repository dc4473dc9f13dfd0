"""The drawing format: what is read, what is refused, and where the refusal points."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rules.drawing import MOST_COST, UNIT, Drawing, DrawingError, Fill, Stroke, cost, parse

Json = dict[str, Any]
GOOD: Json = {
    "format": 1,
    "size": 64,
    "bg": 0,
    "palette": ["#ffffff", "#E6194B"],
    "ops": [
        {"op": "stroke", "color": 1, "pts": [[160, 160, 24, 0], [860, 200, 40, 16]]},
        {"op": "fill", "color": 1, "x": 512, "y": 512},
        {"op": "stroke", "color": 0, "pts": [[500, 500, 56, 80]]},
    ],
}
ABSENT = object()


def changed(*changes: tuple[str, object]) -> Json:
    """The good drawing with each `a/b/c` path set to a value, or taken away."""
    drawing = deepcopy(GOOD)
    for path, value in changes:
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        place: Any = drawing
        for step in steps:
            place = place[step]
        if value is ABSENT:
            del place[last]
        else:
            place[last] = value
    return drawing


def refusal(obj: object) -> DrawingError:
    """The error that parsing ends in."""
    with pytest.raises(DrawingError) as caught:
        parse(obj)
    return caught.value


def dots(points: int, strokes: int = 1, r: int = 16) -> Json:
    """A drawing of that many points on one spot in all, in strokes of equal length."""
    pts = [[160, 160, r, 0]] * (points // strokes)
    return changed(("ops", [{"op": "stroke", "color": 1, "pts": pts}] * strokes))


def fills(count: int, size: int = 64) -> Json:
    """A drawing of that many fills."""
    return changed(("size", size), ("ops", [{"op": "fill", "color": i % 2, "x": 0, "y": 0} for i in range(count)]))


def test_a_drawing_is_read_into_plain_values() -> None:
    stroke = Stroke(1, ((160, 160, 24, 0), (860, 200, 40, 16)))
    expected = Drawing(64, 0, ("#ffffff", "#e6194b"), (stroke, Fill(1, 512, 512), Stroke(0, ((500, 500, 56, 80),))))
    assert parse(GOOD) == expected


def test_a_drawing_goes_to_json_and_back() -> None:
    drawing = parse(GOOD)
    assert drawing.to_dict() == changed(("palette/1", "#e6194b"))
    assert parse(json.loads(json.dumps(drawing.to_dict()))) == drawing


def test_a_blank_drawing_is_a_drawing() -> None:
    assert parse(changed(("ops", []))).ops == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ops/0/pts/0/0", -64 * 16),
        ("ops/0/pts/0/1", 128 * 16),
        ("ops/1/x", 128 * 16),
        ("ops/1/y", -64 * 16),
        ("ops/0/pts/0/2", 0),
        ("ops/0/pts/1/2", 64 * 16),
        ("ops/0/pts/0/3", 16),
        ("ops/2/pts/0/3", 16),
        ("palette", ["#000000"] * 64),
        ("size", 1024),
        ("bg", 1),
    ],
)
def test_the_limits_themselves_are_allowed(path: str, value: object) -> None:
    parse(changed((path, value)))


WHOLE = "whole number"
FAR = "more than one canvas away"
INDEX = "indices are 0 to 1"
REFUSED = [
    ("format", 2, "#/format", "format 1"),
    ("format", True, "#/format", WHOLE),
    ("format", ABSENT, "#/format", "add it"),
    ("size", 15, "#/size", "16 to 1024"),
    ("size", 1025, "#/size", "16 to 1024"),
    ("size", 64.0, "#/size", WHOLE),
    ("bg", 2, "#/bg", INDEX),
    ("bg", -1, "#/bg", INDEX),
    ("bg", False, "#/bg", WHOLE),
    ("palette", ["#ffffff"], "#/palette", "2 to 64"),
    ("palette", ["#ffffff"] * 65, "#/palette", "2 to 64"),
    ("palette", "#ffffff", "#/palette", "a list"),
    ("palette/1", "#fff", "#/palette/1", "six hexadecimal"),
    ("palette/1", "#fffffg", "#/palette/1", "six hexadecimal"),
    ("palette/1", "#ffffff\n", "#/palette/1", "six hexadecimal"),
    ("palette/1", 0, "#/palette/1", "six hexadecimal"),
    ("ops", None, "#/ops", "a list"),
    ("ops", ABSENT, "#/ops", "add it"),
    ("ops/1", 5, "#/ops/1", "JSON object"),
    ("ops/1/op", "spray", "#/ops/1/op", '"stroke" or "fill"'),
    ("ops/1/op", ABSENT, "#/ops/1/op", '"stroke" or "fill"'),
    ("ops/1/color", 2, "#/ops/1/color", INDEX),
    ("ops/0/color", -1, "#/ops/0/color", INDEX),
    ("ops/0/color", 1.0, "#/ops/0/color", WHOLE),
    ("ops/0/color", ABSENT, "#/ops/0/color", "add it"),
    ("ops/1/x", 128 * 16 + 1, "#/ops/1/x", FAR),
    ("ops/1/y", -64 * 16 - 1, "#/ops/1/y", FAR),
    ("ops/1/y", "5", "#/ops/1/y", WHOLE),
    ("ops/1/x", None, "#/ops/1/x", WHOLE),
    ("ops/0/pts", [], "#/ops/0/pts", "at least one point"),
    ("ops/0/pts", {}, "#/ops/0/pts", "a list"),
    ("ops/0/pts/1", [1, 2, 3], "#/ops/0/pts/1", "four whole numbers"),
    ("ops/0/pts/1", [1, 2, 3, 4, 5], "#/ops/0/pts/1", "four whole numbers"),
    ("ops/0/pts/1", 7, "#/ops/0/pts/1", "a list"),
    ("ops/0/pts/1/0", 128 * 16 + 1, "#/ops/0/pts/1/0", FAR),
    ("ops/0/pts/1/1", -64 * 16 - 1, "#/ops/0/pts/1/1", FAR),
    ("ops/0/pts/1/0", 10**400, "#/ops/0/pts/1/0", FAR),
    ("ops/0/pts/1/0", 1.0, "#/ops/0/pts/1/0", WHOLE),
    ("ops/0/pts/1/1", True, "#/ops/0/pts/1/1", WHOLE),
    ("ops/0/pts/1/1", float("nan"), "#/ops/0/pts/1/1", WHOLE),
    ("ops/0/pts/1/2", 64 * 16 + 1, "#/ops/0/pts/1/2", "smaller brush"),
    ("ops/0/pts/1/2", -1, "#/ops/0/pts/1/2", "smaller brush"),
    ("ops/0/pts/0/3", -1, "#/ops/0/pts/0/3", "never backwards"),
    ("ops/0/pts/0/3", 17, "#/ops/0/pts/1/3", "never backwards"),
    ("ops/2/pts/0/3", 15, "#/ops/2/pts/0/3", "never backwards"),
    ("ops/2/pts/0/3", 2**31, "#/ops/2/pts/0/3", "never backwards"),
    ("title", "a cat", "#/title", "remove it"),
    ("ops/0/width", 3, "#/ops/0/width", "remove it"),
    ("ops/1/pts", [], "#/ops/1/pts", "remove it"),
    ("ops/0/stroke", 3, "#/ops/0/stroke", "remove it"),
]


@pytest.mark.parametrize(("path", "value", "pointer", "advice"), REFUSED)
def test_a_wrong_drawing_is_refused_where_it_is_wrong(path: str, value: object, pointer: str, advice: str) -> None:
    error = refusal(changed((path, value)))
    assert error.pointer == pointer
    assert advice in error.detail
    assert error.errors == [{"pointer": pointer, "detail": error.detail}]


@pytest.mark.parametrize("obj", [None, [], "{}", 5, [GOOD]])
def test_only_an_object_is_a_drawing(obj: object) -> None:
    error = refusal(obj)
    assert (error.pointer, "JSON object" in error.detail) == ("#", True)


def test_a_pointer_is_escaped() -> None:
    assert refusal({**GOOD, "a/b ~%": 1}).pointer == "#/a~1b%20~0%25"


def test_every_mistake_is_told_but_not_without_end() -> None:
    error = refusal(changed(("bg", 9), ("ops/0/color", 9), ("ops/0/pts/1/2", 5000), ("ops/1/x", -9999)))
    assert [one["pointer"] for one in error.errors] == ["#/bg", "#/ops/0/color", "#/ops/0/pts/1/2", "#/ops/1/x"]
    assert len(refusal(dots(2000, r=5000)).errors) == 20
    assert len(refusal(changed(("ops", [7] * 400))).errors) == 20


def test_points_operations_and_fills_are_counted() -> None:
    parse(dots(20_000, 400))
    assert refusal(dots(20_001)).pointer == "#/ops/0/pts"
    assert refusal(dots(400 * 51, 400)).pointer == "#/ops/392/pts"
    assert refusal(dots(401, 401)).pointer == "#/ops"
    parse(fills(60))
    assert refusal(fills(61)).pointer == "#/ops/60"


def test_fills_of_a_large_canvas_are_fewer() -> None:
    parse(fills(15, size=1024))
    error = refusal(fills(16, size=1024))
    assert error.pointer == "#/ops/15"
    assert "may have 15 fills" in error.detail


def hostile(r: int) -> Json:
    """400 strokes that leap from end to end of a 512 px canvas 50 times."""
    pts = [[8192 * (i % 2), 8192 * (i // 2 % 2), r, 0] for i in range(50)]
    return changed(("size", 512), ("ops", [{"op": "stroke", "color": 1, "pts": pts}] * 400))


def test_a_drawing_too_costly_to_render_is_refused() -> None:
    error = refusal(hostile(32 * 16))
    assert error.pointer == "#/ops"
    assert "smaller brush" in error.detail


def test_an_honest_drawing_is_far_from_the_cost_limit() -> None:
    wave = [[1000 + 80 * i, 2000 + 900 * (i % 5), 12 * 16, 0] for i in range(50)]
    obj = changed(("size", 512), ("ops", [{"op": "stroke", "color": 1, "pts": wave}] * 40))
    assert cost(parse(obj)) < MOST_COST / 10


def test_cost_is_the_boxes_along_the_segments() -> None:
    pts = [[0, 0, 16, 0], [30 * UNIT, 40 * UNIT, 2 * 16, 0]]
    drawing = parse(changed(("ops", [{"op": "stroke", "color": 1, "pts": pts}, GOOD["ops"][1]])))
    assert cost(drawing) == (0 + 6) * (6 + 64) + (100 + 10) * (10 + 64)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["op", "pts", "x", "color"]), inner),
    max_leaves=8,
)


@given(
    value=json_values, path=st.sampled_from(["ops", "ops/0", "ops/0/pts", "ops/0/pts/1", "ops/1/x", "palette", "size"])
)
def test_whatever_is_sent_is_read_or_refused_with_a_pointer(value: object, path: str) -> None:
    obj = changed((path, value))
    try:
        drawing = parse(obj)
    except DrawingError as error:
        pointers = [one["pointer"] for one in error.errors]
    else:
        assert drawing.to_dict() == {**obj, "palette": [color.lower() for color in obj["palette"]]}
        return
    assert pointers
    assert all(pointer.startswith("#/") for pointer in pointers)
