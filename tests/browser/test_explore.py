"""The lessons in a real browser: one walk through all of them, by pointer, by keyboard, and without JavaScript."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import drawing, entries, players, prompts
from tests import doodles
from tests.browser.stage import Server, Visit

PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def prompt_id(server: Server) -> Iterator[str]:
    """A prompt with four drawings, closed again in the end."""
    with server.app.app_context():
        prompt = prompts.add("a lesson in cats and houses")
        for word in ("cat", "duck", "house", "tree"):
            entries.submit(prompt.id, drawing.parse(doodles.drawing(word)), players.anonymous()[0])
    yield prompt.id
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


def addresses(prompt_id: str) -> list[str]:
    """Every lesson with something in it."""
    return [
        "/explore",
        "/explore/angle?a=10&b=200",
        "/explore/cosine?text=a+cat",
        "/explore/words",
        "/explore/search?q=a+cat",
        f"/explore/map?prompt={prompt_id}",
        "/explore/latent",
        "/explore/climb",
    ]


@pytest.mark.parametrize(("width", "light"), [(320, "dark"), (1280, "light")])
def test_no_lesson_keeps_anybody_out(visit: Visit, prompt_id: str, width: int, light: str) -> None:
    page = visit(viewport={"width": width, "height": 800}, color_scheme=light, bypass_csp=True)
    for address in addresses(prompt_id):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found = Axe().run(page)
        assert found.response["passes"], "the checker has looked"
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


def test_arrows_are_turned_by_hand_and_by_keys(page: Page) -> None:
    page.goto("/explore/angle?a=0&b=90")
    expect(page.locator("[data-angle][data-ready]")).to_be_visible()
    expect(page.locator("[data-cosine-shown]")).to_have_text("0.000")
    page.get_by_label("Direction in degrees").nth(1).press("ArrowLeft")
    expect(page.locator("[data-angle-shown]")).to_have_text("89")
    grip, circle = page.locator('[data-arm="b"] [data-grip]'), page.locator(".angle-circle")
    page.locator(".angle-figure").scroll_into_view_if_needed()
    start, around = grip.bounding_box(), circle.bounding_box()
    assert start is not None
    assert around is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(around["x"], around["y"] + around["height"] / 2, steps=3)
    page.mouse.up()
    expect(page.locator("[data-cosine-shown]")).to_have_text("−1.000")


def test_the_temperature_changes_the_shares_at_once(page: Page, prompt_id: str) -> None:
    page.goto("/explore/cosine?text=a+cat")
    shares = page.locator("[data-share]")
    before = shares.all_inner_texts()
    page.get_by_label("Temperature of the softmax").press("End")
    expect(page.locator("[data-warmth]")).to_have_text("0.100")
    after = shares.all_inner_texts()
    assert max(map(float, after)) < max(map(float, before))
    ticked = page.get_by_role("checkbox", checked=True)
    assert ticked.count() <= 4


def test_a_drawing_made_by_keys_is_named(page: Page) -> None:
    page.goto("/explore/words")
    sheet = page.locator("[data-easel][data-ready] [data-sheet]")
    page.get_by_label("Words to choose from").first.fill("a line, a cow")
    sheet.focus()
    for key in (" ", "ArrowRight", "ArrowRight", "ArrowDown", " "):
        page.keyboard.press(key)
    expect(page.get_by_text("The best 2 of 2 words")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Ask the judge").first.click()
    expect(page.get_by_text("Draw something first.")).to_be_visible()


def test_a_climb_is_watched_and_scrubbed(page: Page) -> None:
    page.goto("/explore/climb")
    page.get_by_label("Text", exact=True).fill("a red fish")
    page.get_by_role("radio", name="Pixels").check()
    page.get_by_label("Steps").select_option("20")
    page.get_by_role("button", name="Climb").click()
    slider = page.get_by_role("slider", name="Step")
    expect(slider).to_be_visible(timeout=120_000)
    slider.press("Home")
    expect(page.locator("[data-picture]")).to_have_attribute(
        "src", page.url.removeprefix(origin(page)) + "/1-picture.webp"
    )
    page.wait_for_function("document.querySelector('[data-seen]').naturalWidth === 256")


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def test_lessons_work_without_javascript(visit: Visit, prompt_id: str) -> None:
    page = visit(java_script_enabled=False, viewport=PHONE)
    page.goto("/explore")
    page.get_by_role("link", name="Search by meaning").click()
    page.get_by_label("Words to look for").fill("a house")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hung").first).to_be_visible()
    page.goto("/explore/angle")
    page.get_by_role("button", name="Turn them").click()
    expect(page.locator(".angle-figure")).to_be_visible()
    page.goto("/explore/words")
    expect(page.locator("noscript .note")).to_be_visible()
    page.get_by_role("button", name="Ask the judge").click()
    expect(page.locator(".beliefs")).to_be_visible()
