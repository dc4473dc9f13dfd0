"""A hand at the mouse: plays a doodle on the draw page as a person would, tool by tool and stroke by stroke."""

from math import log
from typing import Any

from playwright.sync_api import Page

from tests.doodles.sheet import COLOURS

UNIT = 16
RADII = (1, 2.5, 6, 14, 32)  # px; the widths on the page, by their place
NAMES = {
    "white": "Paper",
    "black": "Ink",
    "red": "Tomato",
    "orange": "Orange",
    "yellow": "Sunflower",
    "green": "Leaf",
    "blue": "Blue",
    "sky": "Sky",
    "purple": "Violet",
    "pink": "Pink",
    "brown": "Clay",
    "tan": "Sand",
    "grey": "Silver",
}


class Hand:
    """Draws on the sheet of an open draw page; positions are given in px of the 512 px sheet."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator("[data-draw][data-ready]").wait_for()
        sheet = page.locator("[data-sheet]")
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        assert box
        self.left, self.top, self.scale = box["x"], box["y"], box["width"] / 512

    def draw(self, drawing: dict[str, Any]) -> None:
        """Plays every stroke and fill of a drawing made on `tests.doodles.sheet.Sheet`."""
        names = list(COLOURS)
        for op in drawing["ops"]:
            self.choose(f'label.swatch[title="{NAMES[names[op["color"]]]}"]')
            if op["op"] == "fill":
                self.choose('label:has(input[name="tool"][value="fill"])')
                self.page.mouse.click(*self.place(op["x"], op["y"]))
            else:
                self.choose('label:has(input[name="tool"][value="brush"])')
                self.take_width(op["pts"][0][2] / UNIT)
                self.stroke(op["pts"])

    def choose(self, selector: str) -> None:
        """Chooses a tool, width or colour unless it is the one in hand."""
        label = self.page.locator(selector)
        if not label.locator("input").is_checked():
            label.click()

    def take_width(self, radius: float) -> None:
        """Takes the width on the page that is nearest to a radius in px."""
        nearest = min(range(len(RADII)), key=lambda i: abs(log(RADII[i] / radius)))
        self.choose(f'label:has(input[name="size"][value="{nearest}"])')

    def stroke(self, points: list[list[int]]) -> None:
        """Drags from the first point to the last."""
        mouse = self.page.mouse
        mouse.move(*self.place(*points[0][:2]))
        mouse.down()
        for x, y, *_ in points[1:]:
            mouse.move(*self.place(x, y))
        mouse.up()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the drawing (1/16 px) lies in the window."""
        return self.left + x / UNIT * self.scale, self.top + y / UNIT * self.scale
