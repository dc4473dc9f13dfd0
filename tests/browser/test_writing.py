"""What a player sees who wrote instead of drawing: where, what it scores without, and what to do about a mistake."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import drawing, entries, players, prompts
from tests.browser.stage import Server
from tests.doodles.sheet import Sheet
from tests.handwriting import write


def test_the_page_boxes_what_was_read(page: Page, server: Server) -> None:
    sheet = Sheet()
    sheet.pen = 2
    write(sheet, "HAMBURGER", (60, 300), 32)
    with server.app.app_context():
        prompt = prompts.add("a hamburger in a library")
        player, _ = players.anonymous()
        entry = entries.submit(prompt.id, drawing.parse(sheet.drawing()), player, "Scribe")
    for address in (f"/entries/{entry.id}/verdict", f"/entries/{entry.id}"):
        page.goto(address)
        section = page.get_by_role("region", name="Words do not count")
        expect(section).to_contain_text("words do not count. Without that ink it is")
        boxes = section.locator("rect").all()
        assert boxes
        shown = section.locator("svg").bounding_box()
        drawn = [box.bounding_box() for box in boxes]
        assert shown
        low = min(box["y"] for box in drawn if box) - shown["y"]
        high = max(box["y"] + box["height"] for box in drawn if box) - shown["y"]
        assert 0.5 < low / shown["height"] < 0.62
        assert 0.62 < high / shown["height"] < 0.74
        without = section.get_by_role("img", name="The same drawing without that ink")
        assert without.evaluate("image => image.decode().then(() => image.naturalWidth)") == 512
        assert Axe().run(page, ".written").violations_count == 0
    page.goto(f"/entries/{entry.id}/verdict")
    expect(page.locator(".reason")).to_contain_text("found something to read")
    section = page.get_by_role("region", name="Words do not count")
    section.get_by_role("link", name="the entry's page").click()
    expect(page).to_have_url(re.compile(f"/entries/{entry.id}$"))
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")
