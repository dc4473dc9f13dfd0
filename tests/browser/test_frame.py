"""The frame around every page on a phone: one row of navigation, each link within reach, without JavaScript, too."""

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Visit

PHONE = {"width": 390, "height": 800}
TOPS = "(links) => [...new Set(links.map((link) => Math.round(link.getBoundingClientRect().top)))]"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_navigation_is_one_row_on_a_phone(visit: Visit, scripts: bool) -> None:
    page = visit(viewport=PHONE, java_script_enabled=scripts)
    page.goto("/about")
    links = page.locator(".nav a")
    assert len(links.evaluate_all(TOPS)) == 1
    heights = links.evaluate_all("(links) => links.map((link) => link.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_every_link_of_the_navigation_can_be_reached_by_keyboard(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.goto("/about")
    links = page.locator(".nav a")
    links.first.focus()
    expect(links.first).to_be_in_viewport(ratio=0.9)
    for _ in range(links.count() - 1):
        page.keyboard.press("Tab")
    expect(links.last).to_be_focused()
    expect(links.last).to_be_in_viewport(ratio=0.9)


def test_where_one_is_comes_into_sight(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.goto("/about")
    expect(page.locator('.nav [aria-current="page"]')).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("scrollY") == 0
