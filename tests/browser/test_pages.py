"""How the pages look and behave in a real browser: for everyone, at every width, in both lights."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import drawing, entries, players, prompts
from game.rules.views import EntryView
from tests import doodles
from tests.browser.stage import Server, Visit

LONG = "a very surprised teapot that meets a shark in a small hat at the edge of a swimming pool on a rainy Tuesday"
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def entry(server: Server) -> Iterator[EntryView]:
    """One of two drawings by somebody with a long name for a long prompt, which is closed again in the end."""
    with server.app.app_context():
        prompt = prompts.add(LONG)
        player, _ = players.anonymous()
        entries.submit(prompt.id, drawing.parse(doodles.drawing("cat")), player, "W" * 40)
        entry = entries.submit(prompt.id, drawing.parse(doodles.drawing("duck")), player)
    yield entry
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


def addresses(entry: EntryView) -> list[str]:
    """The pages that everybody sees."""
    wall, own = f"/prompts/{entry.prompt_id}", f"/entries/{entry.id}"
    player = f"/players/{entry.player['id']}"
    return [
        "/",
        wall,
        f"{wall}?kind=ai",
        own,
        f"{own}/verdict",
        f"/captions/{own[9:]}",
        player,
        "/boards",
        "/today",
        "/numbers",
        "/about",
        "/admin/login",
    ]


def enter_studio(page: Page, server: Server) -> list[str]:
    """Comes in through a one-time link; returns the rooms there are."""
    with server.app.app_context():
        link = players.one_time_link()
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prompts")
    return ["/admin/prompts", "/admin/runs", "/admin/runs/new", "/admin/runs/orders", "/admin/entries"]


@pytest.mark.parametrize(("size", "light"), [(PHONE, "dark"), (DESK, "light")])
def test_no_page_keeps_anybody_out(
    visit: Visit, server: Server, entry: EntryView, size: dict[str, int], light: str
) -> None:
    page = visit(viewport=size, color_scheme=light, bypass_csp=True)  # the checker is a script of its own
    for address in addresses(entry) + enter_studio(page, server):
        page.goto(address)
        found = Axe().run(page)
        assert found.response["passes"], "the checker has looked"
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


@pytest.mark.parametrize("width", [320, 768, 2560])
def test_no_page_is_wider_than_its_window(visit: Visit, server: Server, entry: EntryView, width: int) -> None:
    page = visit(viewport={"width": width, "height": 900})
    for address in addresses(entry) + enter_studio(page, server):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_lamp_changes_the_light_at_once_and_for_good(visit: Visit) -> None:
    page = visit(color_scheme="light")
    page.goto("/about")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    with page.expect_response("**/theme"):
        page.get_by_role("button", name="Lights: switch to dim").click()
    dim = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dim != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dim
    expect(page.get_by_role("button", name="Lights: switch to bright")).to_be_visible()


def test_tokens_are_counted_while_a_caption_is_written(visit: Visit, entry: EntryView) -> None:
    page = visit()
    page.goto(f"/captions/{entry.id}")
    page.get_by_label("Your caption").press_sequentially("a duck")
    expect(page.locator("#tokens")).to_contain_text("4 of 77 tokens")


def test_the_stamp_does_not_move_for_those_who_asked_for_stillness(visit: Visit, entry: EntryView) -> None:
    page = visit(reduced_motion="reduce")
    page.goto(f"/entries/{entry.id}/verdict")
    assert page.locator(".stamp").evaluate("stamp => stamp.getAnimations().length") == 0
