"""The drawing page in other languages: what it says aloud, and which way it runs."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.sheet import Sheet
from tests.browser.stage import Server


def test_drawing_by_keyboard_speaks_german_to_a_german(visit: Visit, server: Server) -> None:
    sheet = Sheet(visit(locale="de-DE"), server)
    keys, spoken = sheet.page.keyboard, sheet.page.locator("[data-spoken]")
    sheet.page.locator("[data-sheet]").focus()
    keys.press("Space")
    expect(spoken).to_have_text("Stift unten. Genau in der Mitte: 256 nach rechts, 256 nach unten, Stift unten.")
    for _ in range(5):
        keys.press("ArrowRight")
    keys.press("Space")
    expect(spoken).to_have_text("Stift oben. Genau in der Mitte: 296 nach rechts, 256 nach unten, auf Tinte.")
    expect(sheet.page.locator("[data-medium]")).to_have_text("Pfeiltasten, 1 Strich")
    keys.press("Control+z")
    expect(spoken).to_have_text("Zurückgenommen. Das Blatt ist leer.")
    keys.press("?")
    expect(sheet.page.locator("[data-keys]")).to_contain_text("Leertaste")


@pytest.mark.parametrize(("locale", "way"), [("ar", "rtl"), ("de", "ltr")])
def test_the_sheet_is_the_same_way_round_in_every_language(visit: Visit, server: Server, locale: str, way: str) -> None:
    sheet = Sheet(visit(locale=locale), server)
    expect(sheet.page.locator("html")).to_have_attribute("dir", way)
    sheet.page.locator("[data-sheet]").focus()
    sheet.page.keyboard.press("Home")
    sheet.page.keyboard.press("Space")
    sheet.page.keyboard.press("ArrowRight")
    sheet.page.keyboard.press("Space")
    sheet.expect_ops(1)
    (stroke,) = sheet.drawing().ops
    assert [point[0] for point in stroke.pts] == sorted(point[0] for point in stroke.pts), "right is right"
    assert stroke.pts[0][0] == 0, "Home is the left edge, also where writing runs to the left"
