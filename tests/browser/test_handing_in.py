"""Handing a drawing in: a bad connection loses nothing and enters nothing twice; what was drawn can be watched."""

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Request, Route, expect

from game.rules import drawing as drawings
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


def test_a_lost_connection_loses_nothing_and_enters_nothing_twice(shaky: Sheet) -> None:
    page = shaky.page
    sent: list[Request] = []

    def answer(route: Route) -> None:
        sent.append(route.request)
        if len(sent) < 3:
            route.abort("connectionfailed")
        else:
            route.fulfill(status=201, content_type="application/json", body='{"entry": {"id": "e1"}}')

    page.route(HANDING, answer)
    page.route("**/entries/e1/verdict", lambda route: route.fulfill(body="the verdict", content_type="text/html"))
    button = page.get_by_role("button", name="Show it to the judge")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("The sheet is blank")
    shaky.mouse(SWIRL)
    drawn = shaky.drawing()
    page.get_by_label("Artist").fill("Ada")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Your drawing is kept here")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_contain_text("Your drawing is kept here")
    page.reload()
    shaky.ready()
    assert shaky.drawing() == drawn
    button.click()
    page.wait_for_url("**/entries/e1/verdict")

    assert len(sent) == 3
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert all(request.headers["x-csrf-token"] and request.url.endswith("?name=Ada") for request in sent)
    assert drawings.parse(json.loads(sent[-1].post_data or "")) == drawn
    page.go_back()
    shaky.ready()
    shaky.expect_ops(0)


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
    expect(slider).to_have_attribute("aria-valuetext", "stroke 1 of 2")
    pixel = "canvas => canvas.getContext('2d').getImageData(512, 512, 1, 1).data[1]"
    assert canvas.evaluate(pixel) == 255
    page.get_by_role("button", name="Watch it being drawn").click()
    expect(slider).to_have_attribute("aria-valuetext", "stroke 2 of 2")
    expect(page.get_by_role("button", name="Watch it being drawn")).to_be_visible()
    assert canvas.evaluate(pixel) == 0x36
    assert Axe().run(page, "[data-replay]").violations_count == 0
