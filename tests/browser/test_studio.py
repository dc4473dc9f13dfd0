"""The studio with a real worker: a form that answers while it is filled in, a run led by the hand, by keyboard too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Server, Visit
from tests.browser.test_story import PATIENCE, PROMPT, log_in

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 1000}


@pytest.fixture
def admin(visit: Visit, server: Server) -> Page:
    """An administrator at a phone, whose lights are dim."""
    page = visit(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    log_in(page, server)
    return page


def fits(page: Page) -> bool:
    """Whether nothing sticks out of the window to the side."""
    width: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return width


def choose(page: Page, prompt: str) -> None:
    """Ticks a prompt on the form, by keyboard."""
    box = page.get_by_role("checkbox", name=prompt, exact=True)
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()


def test_the_form_answers_while_it_is_filled_in(admin: Page) -> None:
    admin.goto("/admin/runs/new")
    assert fits(admin)
    choose(admin, PROMPT)
    plan = admin.locator("#plan")
    expect(plan).to_contain_text("1 run for 1 prompt")
    admin.get_by_label("Pictures of each").fill("3")
    admin.get_by_role("checkbox", name=re.compile("^A mosaic")).check()
    expect(plan).to_contain_text("6 runs for 1 prompt")
    line = admin.get_by_label("Text, if not the prompt")
    line.fill("a cat | | a dog")
    read = admin.locator("#line-read")
    expect(read.locator("mark")).to_have_text("|")
    expect(read).to_contain_text("Character 9")
    expect(plan).to_contain_text("cannot be queued yet")
    line.fill("a cat:2 | rain:-1")
    expect(read).to_contain_text("Away from rain")
    expect(plan).to_contain_text("6 runs")
    admin.get_by_text("Every setting, explained").click()
    admin.get_by_label("steps", exact=True).first.fill("0")
    wrong = plan.get_by_role("link", name=re.compile("^steps must be"))
    wrong.first.click()
    expect(admin.locator("#set-all-steps")).to_be_focused()
    assert fits(admin)


def test_a_run_is_led_by_the_hand_from_the_form_to_the_wall(admin: Page, worker: None) -> None:
    admin.goto("/admin/runs/new")
    choose(admin, PROMPT)
    admin.get_by_role("checkbox", name=re.compile("^A sketch")).check()
    admin.get_by_role("checkbox", name=re.compile("^A picture")).uncheck()
    admin.get_by_text("Every setting, explained").click()
    settings = {"steps": "400", "candidates": "2", "cull_at": "3", "cutouts": "2", "size": "64"}
    for name, value in settings.items():
        admin.locator(f"#set-all-{name}").fill(value)
    admin.locator("#set-strokes-strokes").fill("8")
    admin.get_by_label("Seconds for a person to choose candidates").fill("600")
    admin.get_by_label("Hang each on the wall when it is done").uncheck()
    admin.get_by_role("button", name="Queue it").click()

    expect(admin.get_by_role("heading", name="Which go on?")).to_be_visible(timeout=PATIENCE)
    first = admin.locator(".candidates input").first
    first.focus()
    admin.keyboard.press("Space")
    admin.wait_for_timeout(4000)  # several times the page has been renewed meanwhile
    expect(first).to_be_checked()
    admin.get_by_role("button", name="Go on with these").press("Enter")
    expect(admin.get_by_role("heading", name="Which go on?")).to_be_hidden(timeout=PATIENCE)

    admin.get_by_role("button", name="Pause").press("Enter")
    expect(admin.locator(".run-state")).to_contain_text("paused", timeout=PATIENCE)
    assert fits(admin)
    admin.get_by_role("button", name="Go on").press("Enter")
    admin.get_by_label("Paint this instead").fill("a red tractor")
    admin.get_by_role("button", name="Steer").click()
    expect(admin.locator(".orders")).to_contain_text(re.compile("a red tractor.*from step"), timeout=PATIENCE)
    admin.get_by_role("button", name="End here, keep the picture").press("Enter")
    publish = admin.get_by_role("button", name="Hang it on the wall")
    expect(publish).to_be_visible(timeout=PATIENCE)
    expect(admin.locator(".log")).to_contain_text("A person chose")
    admin.set_viewport_size(DESKTOP)
    assert fits(admin)
    publish.press("Enter")
    admin.get_by_role("link", name="See the verdict").click()
    admin.goto(admin.url.replace("/verdict", ""))
    expect(admin.locator(".declared")).to_contain_text("a red tractor")


def test_the_queue_is_a_page_for_a_thumb(admin: Page) -> None:
    admin.goto("/admin/runs")
    expect(admin.get_by_role("heading", name="Machines at work")).to_be_visible()
    assert fits(admin)
    admin.get_by_role("link", name="Let a machine paint").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Let a machine paint")
