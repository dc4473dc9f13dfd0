"""The game in Arabic and German on a phone, in a real browser: within the window, open to everyone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from game.rules import drawing, entries, players, prompts
from game.rules.views import EntryView
from tests import doodles
from tests.browser.sheet import Sheet
from tests.browser.stage import Server, Visit

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def entry(server: Server) -> Iterator[EntryView]:
    """The better of two drawings for a prompt, which is closed again in the end."""
    with server.app.app_context():
        prompt = prompts.add("a walrus in a waistcoat waits for the last tram")
        for word in ("cat", "duck"):
            player, _ = players.anonymous()
            entry = entries.submit(prompt.id, drawing.parse(doodles.drawing(word)), player, "Grace Hopper")
    yield entry
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


def addresses(entry: EntryView) -> list[str]:
    """The pages of a round."""
    wall, own = f"/prompts/{entry.prompt_id}", f"/entries/{entry.id}"
    return ["/", f"{wall}/draw", wall, own, f"{own}/verdict", "/boards", "/about"]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", "ltr")])
def test_no_page_of_a_round_is_wider_than_a_phone_or_keeps_anybody_out(
    visit: Visit, entry: EntryView, language: str, direction: str
) -> None:
    page = visit(viewport=PHONE, locale=language, bypass_csp=True)  # the checker is a script of its own
    for address in addresses(entry):
        page.goto(address)
        assert page.evaluate("[document.documentElement.lang, document.dir]") == [language, direction], address
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


def test_a_language_is_chosen_in_the_footer_and_stays(visit: Visit) -> None:
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto("/boards")
    page.get_by_role("button", name="العربية").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("لوحة الترتيب العامة")
    page.goto("/about")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The judge")


def test_a_sheet_has_its_left_on_the_left_where_words_run_from_the_right(visit: Visit, server: Server) -> None:
    sheet = Sheet(visit(viewport=PHONE, locale="ar"), server)
    sheet.mouse([(0.1, 0.1), (0.1, 0.3)])
    sheet.expect_ops(1)
    (stroke,) = sheet.drawing().ops
    assert {point[0] for point in stroke.pts} <= set(range(500, 1200)), "a tenth of 512 px, in sixteenths"


def test_left_and_right_of_a_pair_stay_where_they_are(visit: Visit, entry: EntryView) -> None:
    page = visit(viewport=PHONE, locale="ar")
    page.goto(f"/arena?prompt={entry.prompt_id}")
    left, right = (page.locator(f'button[value="{side}"]').bounding_box() for side in ("left", "right"))
    assert left
    assert right
    assert left["x"] < right["x"]
