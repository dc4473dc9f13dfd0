"""The queue of what waits, by keys alone; the rooms of keeping order at every width and in both lights."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import curation, drawing, entries, filters, moderation, players, prompts
from tests import doodles
from tests.browser.stage import PATIENCE, STORY, Server, Visit

expect.set_options(timeout=PATIENCE)
ROOMS = ("review", "review/captions", "suggestions", "order/filters", "order/bans", "order/log", "people", "account")


def come_in(page: Page, server: Server) -> None:
    """Becomes an administrator."""
    with server.app.app_context():
        link = players.one_time_link()
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prompts")


def hold(server: Server, *words: str) -> list[str]:
    """Draws something for each word, lets it wait, and returns the entries' ids."""
    with server.app.app_context():
        made = []
        for word in words:
            player, _ = players.anonymous()
            prompt = next(one for one in prompts.listing("new", None, 5).items if one.text != STORY)
            entry = entries.submit(prompt.id, drawing.parse(doodles.drawing(word)), player)
            moderation.decide(entry.id, "held", f"It may be a {word}.", None)
            made.append(entry.id)
        return made


def state_of(server: Server, entry_id: str) -> tuple[str, str]:
    """An entry's state, and the reason of the last decision about it."""
    with server.app.app_context():
        return entries.get(entry_id).state, moderation.decisions(entry_id)[-1].reason


def test_one_key_decides_and_the_next_picture_comes_without_a_new_page(page: Page, server: Server) -> None:
    first, second, third = hold(server, "cat", "duck", "house")
    come_in(page, server)
    page.goto("/admin/review")
    page.evaluate("window.here = true")
    expect(page.locator("#review")).to_contain_text("It may be a cat.")
    page.keyboard.press("h")
    expect(page.locator("#review")).to_contain_text("It may be a duck.")
    expect(page.get_by_role("status")).to_contain_text("Hung:")
    page.keyboard.press("n")
    expect(page.locator("#review")).to_contain_text("It may be a house.")
    page.keyboard.press("r")
    page.keyboard.type("hold on, no")
    assert state_of(server, third)[0] == "held"
    page.get_by_role("heading", name="Review").click()
    page.keyboard.press("2")
    expect(page.locator("#review")).to_contain_text("That was the last one")
    page.keyboard.press("n")
    expect(page.locator("#review")).to_contain_text("It may be a duck.")
    assert page.url.endswith("/admin/review")
    page.locator("#do-o").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Held:")
    assert state_of(server, first) == ("visible", "")
    assert state_of(server, second)[0] == "held"
    assert state_of(server, third) == ("hidden", "It hurts somebody, or is meant to.")
    with server.app.app_context():
        moderation.decide(second, "hidden", "", None)


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_rooms_of_keeping_order_are_for_everyone(visit: Visit, server: Server, width: int, light: str) -> None:
    (waits,) = hold(server, "cat")
    with server.app.app_context():
        filters.write("word", "brute")
        curation.suggest(3, "grammar")
    page = visit(viewport={"width": width, "height": 900}, color_scheme=light)
    come_in(page, server)
    for room in ROOMS:
        page.goto(f"/admin/{room}")
        found = Axe().run(page)
        assert found.violations_count == 0, (room, found.generate_report())
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (room, over)
    with server.app.app_context():
        moderation.decide(waits, "hidden", "", None)
        filters.write("word", "")
