"""The draw page's sheet for tests: touched with mouse, pen and fingers, and read back."""

import re
from collections.abc import Sequence
from math import cos, sin

from playwright.sync_api import Page, expect

from game.rules import drawing as drawings
from game.rules import prompts
from game.rules.drawing import Drawing
from tests.browser.stage import STORY, Server

Place = tuple[float, float]  # shares of the sheet's side
SWIRL = [(0.5 + 0.004 * i * cos(i / 6), 0.5 + 0.004 * i * sin(i / 6)) for i in range(70)]


class Sheet:
    """The draw page of an open prompt, with ways to touch its sheet."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        with server.app.app_context():
            self.prompt = next(one for one in iter(prompts.random, None) if one.text != STORY)
        page.goto(f"{server.url}/prompts/{self.prompt.id}/draw")
        self.root = page.locator("[data-draw]")
        self.ready()

    def ready(self) -> None:
        self.page.locator("[data-draw][data-ready]").wait_for()
        self.page.locator("[data-sheet]").scroll_into_view_if_needed()
        box = self.page.locator("[data-sheet]").bounding_box()
        assert box
        self.box = box
        self.cdp = self.page.context.new_cdp_session(self.page)

    def at(self, place: Place) -> Place:
        return self.box["x"] + place[0] * self.box["width"], self.box["y"] + place[1] * self.box["height"]

    def choose(self, name: str) -> None:
        self.page.locator("label", has=self.page.get_by_role("radio", name=name, exact=True)).first.click()

    def mouse(self, places: Sequence[Place]) -> None:
        self.page.mouse.move(*self.at(places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.at(place))
        self.page.mouse.up()

    def pen(self, places: Sequence[Place]) -> None:
        """A pen that presses harder and harder."""
        for i, place in enumerate(places):
            x, y = self.at(place)
            kind = "mouseMoved" if i else "mousePressed"
            force = 0.1 + 0.9 * i / len(places)
            event = {"type": kind, "x": x, "y": y, "force": force, "button": "left", "buttons": 1}
            self.cdp.send("Input.dispatchMouseEvent", {**event, "pointerType": "pen", "clickCount": 1})
        end = {"type": "mouseReleased", "x": x, "y": y, "button": "left", "buttons": 0, "clickCount": 1}
        self.cdp.send("Input.dispatchMouseEvent", {**end, "pointerType": "pen"})

    def touch(self, *fingers: Sequence[Place]) -> None:
        """Fingers that go down one after the other, move together and are lifted together."""
        points = [dict(zip("xy", self.at(finger[0]), strict=True), id=i) for i, finger in enumerate(fingers)]
        for i in range(len(points)):
            self.cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[: i + 1]})
        for places in list(zip(*fingers, strict=True))[1:]:
            moved = [dict(zip("xy", self.at(place), strict=True), id=i) for i, place in enumerate(places)]
            self.cdp.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": moved})
        self.cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def expect_ops(self, count: int) -> None:
        expect(self.root).to_have_attribute("data-ops", str(count))

    def drawing(self) -> Drawing:
        return drawings.parse(self.root.evaluate("root => root.drawing"))

    def checksum(self) -> int:
        expect(self.root).to_have_attribute("data-checksum", re.compile(r"^\d+$"))
        return int(self.root.get_attribute("data-checksum") or "")
