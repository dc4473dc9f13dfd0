"""The first minute, in a real browser: a new game that begins by itself, and a visitor who is shown around."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, expect

from game import storage
from game.extensions import db
from game.models import Run
from game.rules import drawing, entries, first_entries, players
from tests import doodles
from tests.browser import stage
from tests.browser.stage import Server, Visit

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1440, "height": 900}
LONG = 540_000  # ms; two cores that have nothing else to do need less than a tenth


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Server]:
    """A new game that nobody has played and no machine has painted for, with what it does by itself turned on."""
    with stage.serve(tmp_path / "bare", FIRST_ENTRIES="on") as server:
        yield server


def test_home_follows_the_first_picture_until_it_hangs(browser: Browser, bare: Server) -> None:
    page = browser.new_context(base_url=bare.url, viewport=DESK).new_page()
    page.goto("/")
    told = page.locator(".opening")
    expect(told).to_contain_text("A machine is unpacking its brushes")
    page.evaluate("globalThis.same = true")
    with bare.app.app_context():
        first_entries.queue_next()
        run = db.session.get_one(Run, first_entries.IDS[0])
        run.state, run.step = "running", 60
        run.preview = storage.put(storage.png(Image.new("RGB", (128, 128), "red")), ".png")
        db.session.commit()
        text, prompt_id = run.prompt.text, run.prompt_id
    expect(told.get_by_role("progressbar")).to_have_attribute("value", "60")
    expect(told).to_contain_text(text)
    expect(told.locator("img")).to_have_js_property("naturalWidth", 128)
    with bare.app.app_context():
        hung = entries.submit(prompt_id, drawing.parse(doodles.drawing("cat")), players.machine("strokes"))
        entries.row(hung.id).state = "visible"
        db.session.commit()
    expect(told.get_by_role("heading")).to_have_text("The first picture hangs")
    assert page.evaluate("globalThis.same"), "the page was not loaded again"


def test_a_new_game_paints_and_hangs_its_first_picture_before_ones_eyes(browser: Browser, bare: Server) -> None:
    page = browser.new_context(base_url=bare.url, viewport=PHONE).new_page()
    page.goto("/")
    told = page.locator(".opening")
    expect(told.get_by_role("heading")).to_have_text("Being painted right now")
    page.evaluate("globalThis.same = true")
    with stage.work(bare.data, FIRST_ENTRIES="on"):
        expect(told.get_by_role("progressbar")).to_be_visible(timeout=LONG)
        expect(told.get_by_role("heading")).to_have_text("The first picture hangs", timeout=LONG)
    assert page.evaluate("globalThis.same"), "the page was not loaded again"
    expect(told.get_by_text("Machine")).to_be_visible()
    told.get_by_role("link", name="Beat it").click()
    example = page.get_by_text("How a machine would begin")
    example.click()
    picture = page.locator(".beginning img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 512)
    expect(page.get_by_text("Example by a machine")).to_be_visible()


@pytest.mark.parametrize(("size", "light"), [(PHONE, "dark"), (DESK, "light")])
def test_the_tour_is_gone_through_by_keyboard_and_stays_away(visit: Visit, size: dict[str, int], light: str) -> None:
    page = visit(viewport=size, color_scheme=light, bypass_csp=True)
    page.goto("/")
    tour = page.get_by_role("region", name="New here? Four things")
    steps = tour.get_by_role("listitem")
    expect(steps).to_have_count(1)
    assert Axe().run(page, ".tour").violations_count == 0
    following = tour.get_by_role("button", name="Next")
    following.focus()
    for number in (2, 3, 4):
        page.keyboard.press("Enter")
        expect(tour.get_by_role("status")).to_contain_text(f"Step {number} of 4")
    expect(tour.get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(tour.get_by_role("status")).to_contain_text("Step 3 of 4")
    with page.expect_response("**/tour"):
        page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    page.reload()
    expect(tour).to_have_count(0)
    page.goto("/about")
    page.get_by_role("link", name="Show me around again").click()
    expect(tour).to_be_visible()


def test_without_javascript_the_tour_is_a_list_that_can_be_put_away(visit: Visit) -> None:
    page = visit(java_script_enabled=False, viewport=PHONE)
    page.goto("/")
    steps = page.locator(".tour-steps li")
    expect(steps).to_have_count(4)
    for step in steps.all():
        expect(step).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_hidden()
    page.get_by_role("button", name="Got it, put this away").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(steps).to_have_count(0)


def test_the_tour_is_never_in_the_way(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.goto("/")
    page.get_by_role("link", name="Draw something", exact=True).click()
    expect(page.locator("[data-sheet]")).to_be_visible()
