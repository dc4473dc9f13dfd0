"""The canvas with mouse, pen, finger and keys: the page shows what the server renders, and a reload loses nothing."""

from math import sin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from game.rules import raster
from game.rules.drawing import Fill, Stroke
from tests.browser.conftest import Visit
from tests.browser.sheet import SWIRL, Sheet
from tests.browser.stage import Server


@pytest.fixture
def sheet(visit: Visit, server: Server) -> Sheet:
    """An open draw page that feels fingers, too."""
    return Sheet(visit(has_touch=True), server)


def test_mouse_finger_pen_and_fill_give_the_servers_bytes(sheet: Sheet) -> None:
    sheet.mouse(SWIRL)
    sheet.choose("Broom")
    sheet.choose("Sunflower")
    sheet.touch([(0.1, 0.1), (0.2, 0.12), (0.5, 0.06), (0.9, 0.1)])
    sheet.choose("Marker")
    sheet.choose("Violet")
    sheet.pen([(0.1 + 0.02 * i, 0.85 + 0.04 * sin(i)) for i in range(40)])
    for tool in ("Rectangle", "Ellipse", "Line"):
        sheet.choose(tool)
        sheet.mouse([(0.15, 0.2), (0.5, 0.7), (0.85, 0.75)])
    sheet.choose("Fill")
    sheet.choose("Sky")
    sheet.mouse([(0.98, 0.5)])
    sheet.expect_ops(7)
    drawn = sheet.drawing()
    mouse, finger, pen = [op for op in drawn.ops if isinstance(op, Stroke)][:3]
    assert [len({point[2] for point in stroke.pts}) for stroke in (mouse, finger)] == [1, 1], "no sensor, one width"
    assert pen.pts[-1][2] > 2 * pen.pts[0][2], "the pen was pressed harder and harder"
    assert isinstance(drawn.ops[-1], Fill)
    assert sheet.checksum() == raster.checksum(drawn)


def test_the_canvas_shows_the_master_in_its_colours(sheet: Sheet) -> None:
    sheet.choose("Tomato")
    sheet.choose("Broom")
    sheet.mouse([(0.2, 0.5), (0.8, 0.5)])
    sheet.checksum()
    pixel = "canvas => [...canvas.getContext('2d').getImageData(512, 512, 1, 1).data]"
    assert sheet.page.locator("[data-sheet]").evaluate(pixel) == [0xEF, 0x36, 0x12, 255]


def test_undo_redo_and_clear_by_button_and_key(sheet: Sheet) -> None:
    page = sheet.page
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    sheet.mouse([(0.2, 0.2), (0.8, 0.8)])
    first = sheet.checksum()
    sheet.mouse([(0.8, 0.2), (0.2, 0.8)])
    second = sheet.checksum()
    page.keyboard.press("Control+z")
    assert sheet.checksum() == first
    page.get_by_role("button", name="Redo").click()
    assert sheet.checksum() == second
    page.get_by_role("button", name="Clear").click()
    sheet.expect_ops(0)
    page.get_by_role("button", name="Undo").click()
    assert sheet.checksum() == second == raster.checksum(sheet.drawing())


def test_a_reload_brings_everything_back(sheet: Sheet) -> None:
    page = sheet.page
    page.get_by_label("Mix a colour of your own").fill("#3a7f00")
    sheet.mouse(SWIRL)
    sheet.mouse([(0.1, 0.9), (0.9, 0.9)])
    sheet.mouse([(0.1, 0.1), (0.9, 0.1)])
    page.keyboard.press("Control+z")
    before, drawn = sheet.checksum(), sheet.drawing()
    page.reload()
    sheet.ready()
    expect(page.get_by_text("Your drawing is back.")).to_be_visible()
    assert (sheet.checksum(), sheet.drawing()) == (before, drawn)
    assert drawn.palette[drawn.ops[-1].color] == "#3a7f00"
    page.keyboard.press("Control+Shift+z")
    sheet.expect_ops(3)


def test_two_tabs_do_not_overwrite_each_other(sheet: Sheet) -> None:
    sheet.mouse(SWIRL)
    drawn = sheet.drawing()
    other = sheet.page.context.new_page()
    other.goto(sheet.page.url)
    expect(other.get_by_text("open in another tab")).to_be_visible()
    other.mouse.move(600, 500)
    other.mouse.down()
    other.mouse.move(700, 600)
    other.mouse.up()
    expect(other.locator("[data-draw]")).to_have_attribute("data-ops", "1")
    other.close()
    sheet.page.reload()
    sheet.ready()
    assert sheet.drawing() == drawn


def test_two_fingers_move_the_sheet_and_a_palm_does_not_draw(sheet: Sheet) -> None:
    apart = [(0.6 + 0.03 * i, 0.6) for i in range(12)], [(0.4 - 0.03 * i, 0.4) for i in range(12)]
    sheet.touch(*apart)
    sheet.expect_ops(0)
    whole = sheet.page.get_by_role("button", name="Whole sheet")
    expect(whole).to_be_visible()
    whole.click()
    expect(whole).to_be_hidden()
    sheet.pen([(0.2, 0.2), (0.5, 0.25), (0.8, 0.2)])
    expect(sheet.page.get_by_role("status").filter(has_text="A pen.")).to_be_visible()
    sheet.touch([(0.3, 0.6), (0.5, 0.7), (0.7, 0.8)])
    sheet.expect_ops(1)
    assert sheet.checksum() == raster.checksum(sheet.drawing())


def test_drawing_with_the_keyboard_alone(sheet: Sheet) -> None:
    keys = sheet.page.keyboard
    sheet.page.locator("[data-sheet]").focus()
    keys.press("Space")
    for _ in range(5):
        keys.press("ArrowRight")
    keys.press("Space")
    sheet.expect_ops(1)
    (stroke,) = sheet.drawing().ops
    assert isinstance(stroke, Stroke)
    assert [(x // 16, y // 16) for x, y, *_ in (stroke.pts[0], stroke.pts[-1])] == [(256, 256), (296, 256)]
    spoken = sheet.page.locator("[data-spoken]")
    expect(spoken).to_have_text("Pen up. Middle centre: 296 across, 256 down, on Ink.")
    keys.press("PageUp")
    expect(spoken).to_have_text("Upper centre: 296 across, 0 down, on Paper.")
    keys.press("Control+z")
    expect(spoken).to_have_text("Taken back. The sheet is blank.")
    keys.press("4")
    expect(spoken).to_have_text("Silver")
    keys.press("w")
    expect(spoken).to_have_text(
        "Upper centre: 296 across, 0 down, on Paper. Brush, Silver, Pencil. The sheet is blank."
    )
    keys.press("?")
    expect(sheet.page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    keys.press("e")
    expect(sheet.page.get_by_role("radio", name="Eraser")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(visit: Visit, server: Server, scheme: str) -> None:
    sheet = Sheet(visit(color_scheme=scheme), server)
    sheet.page.get_by_text("Your hand").click()
    found = Axe().run(sheet.page)
    assert found.violations_count == 0, found.generate_report()
