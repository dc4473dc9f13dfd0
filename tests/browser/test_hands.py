"""The page fits the hand that draws: left or right, without pressure, on a phone, mirrored; and the judge looks on."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import prompts, raster
from game.rules.drawing import Stroke
from tests.browser.conftest import Visit
from tests.browser.sheet import SWIRL, Sheet
from tests.browser.stage import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 120_000  # ms for the judge to load on a busy machine


@pytest.fixture
def phone(visit: Visit, server: Server) -> Sheet:
    """The draw page on a phone."""
    return Sheet(visit(**PHONE), server)


@pytest.fixture
def sheet(visit: Visit, server: Server) -> Sheet:
    """The draw page on a desk, with a screen that feels fingers."""
    return Sheet(visit(has_touch=True), server)


def switch(page: Page, label: str) -> None:
    """Turns a switch under "Your hand" over, and folds it up again."""
    page.get_by_text("Your hand").click()
    page.get_by_label(label).click()
    page.get_by_text("Your hand").click()


def left_edge(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"]


def test_for_the_left_hand_the_tools_are_on_the_other_side_and_stay_there(sheet: Sheet, phone: Sheet) -> None:
    for one, of_hand, other in (
        (sheet, ".tools", "[data-sheet]"),
        (phone, '[data-act="undo"]', '.tools-sizes [value="0"]'),
    ):
        before = left_edge(one.page, of_hand) < left_edge(one.page, other)
        switch(one.page, "Left-handed: tools on the other side")
        assert (left_edge(one.page, of_hand) < left_edge(one.page, other)) is not before
        one.page.reload()
        one.ready()
        assert (left_edge(one.page, of_hand) < left_edge(one.page, other)) is not before


def test_a_mirrored_sheet_is_drawn_where_one_points(sheet: Sheet) -> None:
    sheet.page.get_by_role("button", name="Mirror the sheet").click()
    expect(sheet.page.get_by_role("button", name="Mirror the sheet")).to_have_attribute("aria-pressed", "true")
    sheet.mouse([(0.125, 0.5), (0.25, 0.5)])
    (stroke,) = sheet.drawing().ops
    assert isinstance(stroke, Stroke)
    assert stroke.pts[0][0] / 16 == pytest.approx(448, abs=2)
    assert stroke.pts[-1][0] / 16 == pytest.approx(384, abs=2)
    assert sheet.checksum() == raster.checksum(sheet.drawing())
    sheet.page.keyboard.press("m")
    expect(sheet.page.locator("[data-spoken]")).to_have_text("Show the sheet mirrored: off.")
    assert sheet.page.locator("[data-sheet]").evaluate("sheet => sheet.style.transform") == ""


def test_on_a_phone_the_whole_screen_holds_sheet_tools_and_judge(phone: Sheet) -> None:
    page, button = phone.page, phone.page.get_by_role("button", name="Whole screen")
    button.click()
    expect(phone.root).to_have_attribute("data-full", "")
    expect(page.locator(".header")).to_be_hidden()
    expect(page.locator("[data-sheet]")).to_have_js_property("clientWidth", 390)
    expect(page.locator("[data-send]")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("radio", name="Brush", exact=True)).to_be_in_viewport()
    assert Axe().run(page).violations_count == 0
    phone.ready()
    phone.touch([(0.2, 0.2), (0.5, 0.5), (0.8, 0.8)])
    phone.expect_ops(1)
    button.click()
    expect(page.locator(".header")).to_be_visible()
    assert phone.checksum() == raster.checksum(phone.drawing())


def test_a_pen_may_be_told_not_to_press_and_fingers_not_to_draw(sheet: Sheet) -> None:
    switch(sheet.page, "Pen pressure sets the width")
    switch(sheet.page, "Only a pen draws, fingers move the sheet")
    sheet.touch([(0.3, 0.6), (0.5, 0.7), (0.7, 0.8)])
    sheet.expect_ops(0)
    sheet.pen([(0.1 + 0.02 * i, 0.5) for i in range(40)])
    sheet.expect_ops(1)
    (stroke,) = sheet.drawing().ops
    assert isinstance(stroke, Stroke)
    assert len({point[2] for point in stroke.pts}) == 1


def test_the_judge_looks_on_when_asked_to_and_keeps_nothing(sheet: Sheet, server: Server) -> None:
    page, asked = sheet.page, []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/glance") else None)
    meter = page.get_by_role("meter", name="The judge, so far")
    sheet.mouse(SWIRL)
    expect(meter).to_be_hidden()
    assert asked == []
    switch(page, "Let the judge look on while I draw")
    expect(meter).to_have_attribute("aria-valuetext", re.compile(r"^Beats \d+ of 100"), timeout=PATIENCE)
    assert 0 <= int(meter.get_attribute("aria-valuenow") or "-1") <= 100
    sheet.mouse([(0.1, 0.9), (0.9, 0.9)])
    expect(page.locator("[data-meter]")).to_have_attribute("data-trend", re.compile("same|warmer|colder"))
    assert Axe().run(page, "[data-meter]").violations_count == 0
    with server.app.app_context():
        assert prompts.get(sheet.prompt.id).entries == sheet.prompt.entries
    page.reload()
    sheet.ready()
    expect(meter).to_be_visible()
    switch(page, "Let the judge look on while I draw")
    expect(meter).to_be_hidden()
