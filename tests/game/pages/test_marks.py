"""The judge's marks over the picture on the verdict."""

import re
from collections.abc import Callable

from game.pages.marks import EDGE, MOST, marks
from game.rules.drawing import parse
from game.rules.views import EntryView
from game.rules.why import Reason
from tests import doodles
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]
PIECE = {"X-Fragment": "1"}


def reason(*ops: int, added: float = 0.1) -> Reason:
    """A reason about some operations."""
    return Reason(1, "strokes", "the ears", list(ops), added, 50.0)


def places(ring: str) -> list[tuple[float, float]]:
    """The points of a ring."""
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", ring)]


def test_a_ring_goes_around_its_part_and_stays_on_the_sheet() -> None:
    at = [[1600, 4000, 80, 0], [2400, 4800, 80, 50]]  # 100 to 150 px from the left, 250 to 300 from the top
    obj = {"format": 1, "size": 512, "bg": 0, "palette": ["#ffffff", "#000000"],
           "ops": [{"op": "stroke", "color": 1, "pts": at}]}  # fmt: skip
    [mark] = marks(parse(obj), [reason(0)])
    xs, ys = zip(*places(mark.ring), strict=True)
    assert min(xs) < 100 * 95 / 512 < 100 * 155 / 512 < max(xs)
    assert min(ys) < 100 * 245 / 512 < 100 * 305 / 512 < max(ys)
    assert max(xs) - min(xs) < 30
    assert max(ys) - min(ys) < 30
    whole = parse(doodles.drawing("cat"))
    for mark in marks(whole, [reason(*range(len(whole.ops)))]):
        assert all(EDGE <= place <= 100 - EDGE for point in places(mark.ring) for place in point)


def test_numbers_do_not_lie_on_each_other() -> None:
    drawing = parse(doodles.drawing("cat"))
    found = marks(drawing, [reason(0)] * MOST)
    assert [mark.number for mark in found] == [1, 2, 3]
    tags = [(mark.x, mark.y) for mark in found]
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 8 for i, a in enumerate(tags) for b in tags[:i])


def test_what_lies_off_the_sheet_has_no_ring() -> None:
    obj = {"format": 1, "size": 64, "bg": 0, "palette": ["#ffffff", "#000000"],
           "ops": [{"op": "stroke", "color": 1, "pts": [[-500, -500, 16, 0]]}]}  # fmt: skip
    assert marks(parse(obj), [reason(0)]) == []


def test_the_verdict_fetches_the_marks_and_tells_them_in_words(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    page = visitor.sees(f"/entries/{entry.id}/verdict")
    address = f"/entries/{entry.id}/verdict/marks"
    assert f'data-get="{address}"' in page
    answer = visitor.client.get(address, headers=PIECE)
    assert answer.headers["X-Fragment"] == "last"
    assert answer.text.count('class="ring-number"') == answer.text.count('class="ring-key"') >= 1
    assert re.search(r"(helped|cost something), <span", answer.text)
    assert f"/entries/{entry.id}/seen.png" in answer.text


def test_the_marks_as_a_whole_page_are_the_reasons(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    answer = visitor.client.get(f"/entries/{entry.id}/verdict/marks")
    assert answer.status_code == 302
    assert answer.location == f"/entries/{entry.id}/why"
