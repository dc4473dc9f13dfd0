"""A painting, made without strokes, replays in a real browser: by button, by slider, by keys, with its score."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from game import storage
from game.extensions import db
from game.models import Run, RunEvent
from game.rules import paintings, players, prompts
from tests.browser.stage import PATIENCE, Server, Visit

COLOUR = "(canvas) => [...canvas.getContext('2d').getImageData(256, 256, 1, 1).data].slice(0, 3).join()"


@pytest.fixture(scope="module")
def painted(server: Server) -> str:
    """The id of a painting that was grey after 20 steps, blue after 60 and red in the end, after 100."""
    with server.app.app_context():
        prompt, machine = prompts.add("a red square that was not always red"), players.machine("pixels")
        run = Run(
            prompt_id=prompt.id, player_id=machine.id, settings={"prior": "pixels"}, state="done", step=100, steps=100
        )
        db.session.add(run)
        db.session.flush()
        for step, colour in ((20, "grey"), (60, "blue")):
            kept = storage.put(storage.png(Image.new("RGB", (64, 64), colour)), ".png")
            data = {"step": step, "preview": "", "object": kept}
            db.session.add(RunEvent(run_id=run.id, kind="preview", data=data))
        db.session.commit()
        name = storage.put(storage.png(Image.new("RGB", (512, 512), "red")), ".png")
        entry = paintings.hand_in(prompt.id, name, machine, run.id)
        prompts.update(prompt.id, state="closed")
    return entry.id


def test_a_painting_is_gone_through_with_the_slider(visit: Visit, painted: str) -> None:
    page = visit(reduced_motion="reduce")
    page.goto(f"/entries/{painted}")
    slider = page.get_by_label("Moment of the painting")
    slider.focus()
    slider.press("Home")
    expect(page.locator(".replay-score")).to_be_visible()
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^step 100 of 100, percentile [\d.]+$"))
    shows(page, "255,0,0")
    slider.fill("700")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 60 of 100"))
    shows(page, "0,0,255")
    assert Axe().run(page, "[data-replay]").violations_count == 0


def test_a_painting_plays_to_its_end(visit: Visit, painted: str) -> None:
    page = visit(viewport={"width": 390, "height": 800})
    page.goto(f"/entries/{painted}")
    page.get_by_role("button", name="Watch it being painted").press("Enter")
    expect(page.get_by_label("Moment of the painting")).to_have_value("1000")
    shows(page, "255,0,0")
    expect(page.get_by_role("button", name="Watch it being painted")).to_be_visible()


def shows(page: Page, colour: str) -> None:
    """The sheet has this colour in its middle, now or soon: a look may have to come first."""
    sheet = page.locator("[data-replay] canvas")
    until = time.monotonic() + PATIENCE / 1000
    while (seen := sheet.evaluate(COLOUR)) != colour:  # asked from here: the page's policy lets nobody evaluate a text
        assert time.monotonic() < until, f"it shows {seen}"
        page.wait_for_timeout(50)
