"""Handing a drawing in: a bad connection loses nothing and enters nothing twice; what was drawn can be watched."""

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Request, Route, expect

from game.rules import drawing as drawings
from game.rules import prompts
from tests.browser.conftest import Visit
from tests.browser.sheet import SWIRL, Sheet
from tests.browser.stage import Server

HANDING = re.compile(r"/api/v1/prompts/[^/]+/drawings")
PATIENCE = 120_000  # ms for the judge to load on a busy machine


@pytest.fixture
def shaky(browser: Browser, server: Server) -> Iterator[Sheet]:
    """A draw page whose connection may fail, which the console then mentions."""
    with browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 1000}) as context:
        yield Sheet(context.new_page(), server)


class Line:
    """The line between page and judge: what goes over it, and whether anybody answers at the other end."""

    def __init__(self, sheet: Sheet, server: Server) -> None:
        self.page, self.server, self.prompt = sheet.page, server, sheet.prompt.id
        self.sent: list[Request] = []
        self.broken = 0  # how many of the next hand-ins get no answer
        self.arrives = False  # whether the server gets them all the same
        self.answers = True  # whether the server answers a knock
        self.knocks = 0
        self.page.route(HANDING, self._carry)
        self.page.route("**/readyz", self._knock)

    def _carry(self, route: Route) -> None:
        self.sent.append(route.request)
        if len(self.sent) > self.broken:
            route.continue_()
            return
        if self.arrives:
            route.fetch(timeout=PATIENCE)
        route.abort("connectionfailed")

    def _knock(self, route: Route) -> None:
        self.knocks += 1
        if self.answers:
            route.fulfill(status=200, body="{}")
        else:
            route.abort("connectionfailed")

    def keys(self) -> set[str]:
        return {request.headers["idempotency-key"] for request in self.sent}

    def entries(self) -> int:
        with self.server.app.app_context():
            return prompts.get(self.prompt).entries

    def alert(self) -> Locator:
        return self.page.get_by_role("alert")


def test_an_answer_that_is_lost_is_asked_for_once_more_and_enters_nothing_twice(shaky: Sheet, server: Server) -> None:
    line = Line(shaky, server)
    button, before = shaky.page.get_by_role("button", name="Show it to the judge"), line.entries()
    button.click()
    expect(line.alert()).to_contain_text("The sheet is blank")
    shaky.mouse(SWIRL)
    drawn = shaky.drawing()
    shaky.page.get_by_label("Artist").fill("Ada")
    line.broken, line.arrives = 1, True
    button.click()
    shaky.page.wait_for_url("**/verdict", timeout=PATIENCE)
    assert (len(line.sent), len(line.keys())) == (2, 1)
    assert all(request.headers["x-csrf-token"] and request.headers["x-artist"] == "Ada" for request in line.sent)
    assert drawings.parse(json.loads(line.sent[-1].post_data or "")) == drawn
    assert line.entries() == before + 1
    shaky.page.go_back()
    shaky.ready()
    shaky.expect_ops(0)


def test_what_is_lost_twice_is_kept_until_the_player_says_so(shaky: Sheet, server: Server) -> None:
    line = Line(shaky, server)
    line.broken = 2
    shaky.mouse(SWIRL)
    drawn = shaky.drawing()
    shaky.page.locator("[data-send]").click()
    expect(line.alert()).to_contain_text("Try again in a moment; it cannot be entered twice.")
    assert len(line.sent) == 2
    shaky.page.reload()
    shaky.ready()
    assert shaky.drawing() == drawn
    expect(shaky.page.locator("[data-answer]")).to_be_empty()
    assert len(line.sent) == 2, "a reload sends nothing once more by itself"
    shaky.page.locator("[data-send]").click()
    shaky.page.wait_for_url("**/verdict", timeout=PATIENCE)
    assert len(line.keys()) == 1


def test_a_page_that_was_left_on_the_way_sends_when_it_is_opened_again(shaky: Sheet, server: Server) -> None:
    line = Line(shaky, server)
    line.broken, line.arrives, line.answers = 1, True, False
    before = line.entries()
    shaky.mouse(SWIRL)
    shaky.page.locator("[data-send]").click()
    expect(line.alert()).to_contain_text("handed in once more by itself")
    line.answers = True
    shaky.page.reload()
    shaky.page.wait_for_url("**/verdict", timeout=PATIENCE)
    assert (len(line.sent), len(line.keys()), line.entries()) == (2, 1, before + 1)


def test_who_draws_on_is_not_sent_behind_their_back(shaky: Sheet, server: Server) -> None:
    line = Line(shaky, server)
    line.broken, line.answers = 1, False
    shaky.mouse([(0.2, 0.2), (0.8, 0.2)])
    shaky.page.locator("[data-send]").click()
    expect(line.alert()).to_contain_text("handed in once more by itself")
    shaky.mouse([(0.2, 0.4), (0.8, 0.4)])
    expect(line.alert()).to_have_text(
        "You drew on, so nothing is handed in by itself. Show it to the judge when it is done."
    )
    line.answers, knocked = True, line.knocks
    shaky.page.evaluate("dispatchEvent(new Event('online'))")
    shaky.page.locator("[data-send]").click()
    shaky.page.wait_for_url("**/verdict", timeout=PATIENCE)
    assert (len(line.sent), len(line.keys())) == (2, 2), "another drawing is another entry"
    assert line.knocks <= knocked + 1


def test_a_refusal_is_told_and_the_next_drawing_gets_a_new_key(shaky: Sheet) -> None:
    keys: list[str] = []

    def refuse(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        problem = {"title": "Refused", "status": 422, "detail": "The drawing was refused.", "errors": []}
        route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(problem))

    shaky.page.route(HANDING, refuse)
    for y in (0.2, 0.4):
        shaky.mouse([(0.2, y), (0.8, y)])
        with shaky.page.expect_response(HANDING):  # the first refusal's words still stand there at the second click
            shaky.page.locator("[data-send]").click()
        expect(shaky.page.get_by_role("alert")).to_have_text("The drawing was refused. Your drawing is kept here.")
    assert len(set(keys)) == 2


def test_an_entry_shows_how_it_was_drawn(visit: Visit, server: Server) -> None:
    page = visit()
    sheet = Sheet(page, server)
    sheet.choose("Tomato")
    sheet.choose("Broom")
    sheet.mouse([(0.2, 0.5), (0.8, 0.5)])
    sheet.mouse([(0.2, 0.9), (0.8, 0.9)])
    page.get_by_role("button", name="Show it to the judge").click()
    page.wait_for_url("**/verdict", timeout=PATIENCE)
    page.goto(page.url.removesuffix("/verdict"))
    slider = page.get_by_role("slider", name="Moment of the drawing")
    slider.fill("0")
    canvas = page.locator("[data-replay] canvas")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^stroke 1 of 2, percentile "))
    pixel = "canvas => canvas.getContext('2d').getImageData(512, 512, 1, 1).data[1]"
    assert canvas.evaluate(pixel) == 255
    page.get_by_role("button", name="Watch it being drawn").click()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^stroke 2 of 2, percentile "))
    expect(page.get_by_role("button", name="Watch it being drawn")).to_be_visible()
    assert canvas.evaluate(pixel) == 0x36
    assert Axe().run(page, "[data-replay]").violations_count == 0
