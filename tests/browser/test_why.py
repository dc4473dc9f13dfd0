"""The reasons in a real browser: they come after the score, light up strokes, and are there for everyone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import captions, drawing, entries, players, prompts
from tests import doodles
from tests.browser.stage import Server, Visit

PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def entry_id(server: Server) -> Iterator[str]:
    """A drawing of a cat for a prompt of its own, which is closed again in the end."""
    with server.app.app_context():
        prompt = prompts.add("a cat that waits for its reasons")
        found = entries.submit(prompt.id, drawing.parse(doodles.drawing("cat")), players.anonymous()[0])
    yield found.id
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


@pytest.fixture(scope="module")
def caption_id(server: Server, entry_id: str) -> str:
    """A caption of that drawing."""
    with server.app.app_context():
        return captions.submit(entry_id, "a furry cat", players.anonymous()[0]).id


def reasons(page: Page, address: str) -> None:
    """Opens a page and goes to the reasons, which come when they are seen."""
    page.goto(address)
    page.get_by_role("heading", name="Why this score").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="What each part did")).to_be_visible()


def test_reasons_come_after_the_score_and_light_their_strokes(visit: Visit, entry_id: str) -> None:
    page = visit()
    reasons(page, f"/entries/{entry_id}/verdict")
    reason = page.locator(".why-reason").first
    part = page.locator(f"#{reason.get_attribute('data-part')}")
    expect(part).to_be_hidden()
    reason.hover()
    expect(part).to_be_visible()
    page.mouse.move(0, 0)
    expect(part).to_be_hidden()
    reason.press("Shift")  # focused by the keyboard
    expect(part).to_be_visible()


def test_the_heat_map_is_shown_when_asked_for(visit: Visit, entry_id: str) -> None:
    page = visit()
    reasons(page, f"/entries/{entry_id}")
    heat = page.locator(".why-heat")
    expect(heat).to_be_hidden()
    page.get_by_label("Show where the judge looked").check()
    expect(heat).to_be_visible()
    expect(page.get_by_text("hide this, and the score falls")).to_be_visible()


def test_all_of_it_works_without_javascript(visit: Visit, entry_id: str) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"/entries/{entry_id}/verdict")
    page.get_by_role("link", name="Ask the judge for reasons").click()
    expect(page.get_by_role("heading", name="What each part did")).to_be_visible()
    reason = page.locator(".why-reason").first
    part = page.locator(f"#{reason.get_attribute('data-part')}")
    expect(part).to_be_hidden()
    reason.click()
    expect(part).to_be_visible()
    page.get_by_label("Show where the judge looked").check()
    expect(page.locator(".why-heat")).to_be_visible()
    page.get_by_text("The same as numbers").click()
    expect(page.get_by_role("row", name="nothing yet")).to_be_visible()


@pytest.mark.parametrize(("size", "light"), [(PHONE, "dark"), (DESK, "light")])
def test_the_reasons_keep_nobody_out(
    visit: Visit, entry_id: str, caption_id: str, size: dict[str, int], light: str
) -> None:
    page = visit(viewport=size, color_scheme=light, bypass_csp=True)  # the checker is a script of its own
    for address in (f"/entries/{entry_id}/why", f"/captions/{entry_id}/{caption_id}/why"):
        page.goto(address)
        for more in page.locator("summary").all():
            more.click()
        found = Axe().run(page)
        assert found.response["passes"], "the checker has looked"
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
