"""The reasons as pages: a link without JavaScript, a piece with it; strokes that can be pointed at."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from game.pages import outlines
from game.rules import captions, drawing, moderation, players, why
from game.rules.views import EntryView
from tests import doodles
from tests.game.pages.conftest import Visitor
from tests.game.rules.test_leave_outs import ACROSS, BOX, fill, sheet, stroke

Hang = Callable[..., EntryView]
PIECE = {"X-Fragment": "1"}


@pytest.fixture
def caption(app: Flask, prompt_id: str, hang: Hang) -> Callable[[str], tuple[str, str]]:
    """Captions a drawing of a cat; returns the ids of entry and caption."""

    def enter(text: str) -> tuple[str, str]:
        entry = hang(prompt_id, "cat")
        with app.app_context():
            return entry.id, captions.submit(entry.id, text, players.anonymous()[0]).id

    return enter


def test_the_verdict_and_the_entry_lead_to_the_reasons(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    for page in (f"/entries/{entry.id}", f"/entries/{entry.id}/verdict"):
        text = visitor.sees(page)
        assert f'href="/entries/{entry.id}/why"' in text, "without JavaScript it is a link"
        assert f'data-get="/entries/{entry.id}/why" data-seen' in text


def test_reasons_are_a_page_and_a_piece_with_the_same_in_it(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    whole = visitor.sees(f"/entries/{entry.id}/why")
    piece = visitor.client.get(f"/entries/{entry.id}/why", headers=PIECE)
    assert piece.headers["X-Fragment"] == "last"
    assert "<html" in whole
    assert "<html" not in piece.text
    assert " ".join(piece.text.split()) in " ".join(whole.split())


def test_every_reason_points_to_strokes_on_the_picture(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "house")
    page = visitor.sees(f"/entries/{entry.id}/why")
    links = re.findall(r'href="#(part-\d+)" data-part="(part-\d+)"', page)
    assert len(links) == len(re.findall(r'id="part-\d+"', page)) > 16
    for href, part in links:
        assert href == part
        assert f'id="{part}"' in page
    assert "style=" not in page


def test_the_curve_has_a_table_with_the_same_numbers(app: Flask, visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    page = visitor.sees(f"/entries/{entry.id}/why")
    with app.app_context():
        curve = why.of_entry(entry.id).curve
    assert page.count('class="climb-dot"') == len(curve)
    for stage in curve:
        assert f"<td>{stage.percentile:.1f}</td>" in page


def test_what_does_not_hang_is_not_explained_to_others(
    app: Flask, visitor: Visitor, admin: Visitor, prompt_id: str, hang: Hang
) -> None:
    entry = hang(prompt_id, "cat")
    with app.app_context():
        moderation.decide(entry.id, "hidden", "not nice", None)
    visitor.sees(f"/entries/{entry.id}/why", 404)
    admin.sees(f"/entries/{entry.id}/why")


def test_a_caption_is_explained_word_by_word(visitor: Visitor, caption: Callable) -> None:
    entry_id, caption_id = caption("a cat <b>indeed</b>")
    result = visitor.sees(f"/captions/{entry_id}?caption={caption_id}")
    assert '<th scope="row"><bdi>cat</bdi></th>' in result, "the reasons stand beside the score at once"
    page = visitor.sees(f"/captions/{entry_id}/{caption_id}/why")
    assert re.findall(r'<th scope="row"><bdi>(.*?)</bdi></th>', page) == ["a", "cat", "&lt;b&gt;indeed&lt;/b&gt;"]
    assert '<span class="figures">5</span> of <span class="figures">77</span> tokens' in page
    assert "almost any picture" not in page
    visitor.sees(f"/captions/{caption('a dog')[0]}/{caption_id}/why", 404)


def test_a_caption_for_any_picture_is_warned_of(visitor: Visitor, caption: Callable) -> None:
    entry_id, caption_id = caption("a thing")
    assert "These words would fit almost any picture" in visitor.sees(f"/captions/{entry_id}/{caption_id}/why")


def reason(number: int, *ops: int) -> why.Reason:
    """A reason about these operations."""
    return why.Reason(number, "strokes", "the strokes", list(ops), 0.1, 50.0)


def test_outlines_are_the_strokes_and_the_regions_of_fills() -> None:
    found = outlines.outlines(sheet(BOX, ACROSS, fill(30, 20), size=64), [reason(2, 2), reason(1, 0, 1)])
    strokes, region = found
    assert (strokes.number, region.number) == (1, 2)
    assert [line.points.split()[0] for line in strokes.lines] == ["10,10", "10,30"]
    assert strokes.lines[0].width == 4
    assert (strokes.region, region.lines) == ("", [])
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", region.region)]
    assert sum(run[2] for run in runs) == pytest.approx(36 * 16 * 4, rel=0.05), "half of the box, lines left out"
    assert min(run[1] for run in runs) == 24


def test_a_page_does_not_carry_every_point() -> None:
    many = [stroke(*((x % 60, y) for x in range(600)), r=1) for y in range(1, 30)]
    found = outlines.outlines(sheet(*many, size=64), [reason(1, *range(29))])
    assert sum(len(line.points.split()) for line in found[0].lines) <= outlines.MOST_POINTS + 2 * len(many)
    assert len(outlines.outlines(drawing.parse(doodles.drawing("cat")), [reason(1, 0)])[0].lines[0].points.split()) > 9


def test_faint_places_are_left_out_and_noise_stays_faint() -> None:
    found = outlines.hot([[0.1, 0.0], [-0.05, 0.001]], 0.01)
    assert [(place.x, place.y, place.strength, place.against) for place in found] == [
        (0, 0, 1.0, False),
        (0, 1, 0.5, True),
    ]
    assert max(place.strength for place in outlines.hot([[0.005, 0.004]], 0.01)) == 0.25
