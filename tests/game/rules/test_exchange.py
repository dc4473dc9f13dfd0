"""Quick, Draw! lines in, our own lines out and in again, one at a time."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from game.rules.drawing import Stroke, parse
from game.rules.exchange import ExchangeError, Record, read, write
from tests.golden import make

# Made up in the two forms of the data set: simplified without times, raw with them and with fractions.
SIMPLE = {"word": "house", "key_id": "1", "countrycode": "DE", "recognized": True,
          "drawing": [[[0, 255, 255, 0, 0], [100, 100, 200, 200, 100]], [[0, 128, 255], [100, 0, 100]]]}  # fmt: skip
FIRST, SECOND = [[700.5, 800.25], [300, 300], [1000.4, 1100]], [[700.5, 800.25], [310.0, 290], [1250, 1300.9]]
RAW = {"word": "line", "key_id": "2", "timestamp": "2026-01-02 03:04:05.6 UTC", "drawing": [FIRST, SECOND]}


def lines(*records: object) -> list[str]:
    """Each record as a line of JSON."""
    return [json.dumps(record) + "\n" for record in records]


def strokes(record: Record) -> list[Stroke]:
    """The record's operations, all of them strokes."""
    assert all(isinstance(op, Stroke) for op in record.drawing.ops)
    return list(record.drawing.ops)


def test_a_simplified_drawing_is_fitted_and_timed() -> None:
    [record] = read(lines(SIMPLE))
    body, roof = strokes(record)
    assert (record.word, record.key_id, record.about) == ("house", "1", {"countrycode": "DE", "recognized": True})
    xs, ys = zip(*((x, y) for op in (body, roof) for x, y, _, _ in op.pts), strict=True)
    assert (min(xs), max(xs)) == (40 * 16, 472 * 16)
    assert min(ys) + max(ys) == pytest.approx(512 * 16, abs=1)
    assert (max(ys) - min(ys)) / (max(xs) - min(xs)) == pytest.approx(200 / 255, abs=0.01)
    times = [t for op in (body, roof) for *_, t in op.pts]
    assert times[0] == 0
    assert all(a < b for a, b in pairwise(times))
    assert roof.pts[0][3] - body.pts[-1][3] == 250


def test_a_raw_drawing_keeps_its_times() -> None:
    [record] = read(lines(RAW))
    assert [[t for *_, t in op.pts] for op in strokes(record)] == [[0, 99], [249, 300]]
    assert record.timestamp == RAW["timestamp"]


def test_clocks_that_run_backwards_stand_still_instead() -> None:
    [record] = read(lines({"drawing": [[[0, 9, 18], [0, 0, 0], [50, 40, 60]]]}))
    assert [t for *_, t in strokes(record)[0].pts] == [0, 0, 10]


def test_a_single_point_lies_in_the_middle() -> None:
    [record] = read(lines({"drawing": [[[7], [7]]]}))
    assert strokes(record)[0].pts == ((256 * 16, 256 * 16, 48, 0),)


def test_lines_are_taken_one_at_a_time() -> None:
    taken = []

    def source() -> Iterator[str]:
        for line in ["\n", *lines(SIMPLE, RAW)]:
            taken.append(line)
            yield line

    records = read(source())
    assert next(records).word == "house"
    assert len(taken) == 2


def test_ours_go_out_and_come_back_unchanged() -> None:
    ours = [
        Record(parse(obj), word=name, key_id=str(i), timestamp="2026-11-21T00:00:00Z", about={"player": "Ann Öst"})
        for i, (name, obj) in enumerate(make.cases())
    ]
    written = list(write(iter(ours)))
    assert list(read(written)) == ours
    assert list(read(line.encode() for line in written)) == ours
    assert all(line.count("\n") == 1 for line in written)


def test_a_reader_of_raw_quick_draw_finds_points_with_times() -> None:
    [line] = write([Record(parse(make.drawing(make.px((10, 20.5, 3), (30, 40, 3)), make.fill(1, 1))), word="cat")])
    record = json.loads(line)
    [stroke] = record["drawing"]
    assert (record["word"], stroke[:3]) == ("cat", [[10, 30], [20.5, 40], [0, 16]])


PAINT = {"size": 64, "bg": 0, "palette": ["#ffffff", "#000000"], "ops": [{"op": "stroke", "color": 1}]}
WRONG: list[tuple[Any, str]] = [
    ("{", "JSON object"),
    ("[]", "valid dictionary"),
    ('{"word": "cat"}', "drawing: Field required"),
    ('{"drawing": []}', "needs a stroke"),
    ('{"drawing": [[[], []]]}', "needs a point"),
    ('{"drawing": [[[1, 2]]]}', "drawing/0"),
    ('{"drawing": [[[1, 2], [1]]]}', "same length"),
    ('{"drawing": [[[1, "2"], [1, 2]]]}', "drawing/0/0/1"),
    ('{"drawing": [[[NaN], [1]]]}', "drawing/0/0/0"),
    ('{"drawing": [[[1e99], [1]]]}', "drawing/0/0/0"),
    ('{"drawing": [[[0, 9], [0, 9], [0, 3e9]]]}', "#/ops/0/pts/1/3"),
    (json.dumps({"drawing": [[list(range(20_001))] * 2]}), "20,000 points"),
    (json.dumps({"drawing": [[[1], [1], [0]]], "paint": PAINT}), "four rows"),
    (json.dumps({"drawing": [], "paint": PAINT}), "four rows"),
    (json.dumps({"drawing": [[[1], [1], [0], [1]]] * 2, "paint": PAINT}), "name every stroke"),
    (json.dumps({"drawing": [[[1], [1], [0], [65]]], "paint": PAINT}), "#/ops/0/pts/0/2"),
    (json.dumps({"drawing": [], "paint": {**PAINT, "ops": [{"op": "spray"}]}}), "#/ops/0/op"),
    ("[" * 100_000, "JSON object"),
]


@pytest.mark.parametrize(("line", "detail"), WRONG, ids=lambda value: value[:40])
def test_a_wrong_line_is_named_by_its_number(line: str, detail: str) -> None:
    records = read([*lines(SIMPLE), "\n", line])
    assert next(records).word == "house"
    with pytest.raises(ExchangeError, match=r"^Line 3: ") as caught:
        next(records)
    assert caught.value.line == 3
    assert detail in caught.value.detail
