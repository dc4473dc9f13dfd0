"""One session of play: home, a drawing, its verdict, a caption, and a machine that takes its place on the board."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from game.rules import players
from tests import doodles
from tests.browser.hand import Hand
from tests.browser.stage import STORY, Server, Visit

PROMPT = STORY
PATIENCE = 240_000  # ms for the machine to load its guide and paint a few steps, however busy the cores are


def test_a_round_from_the_front_door_to_the_board(visit: Visit, server: Server, worker: None, tmp_path: Path) -> None:
    player = visit()
    prompt_url = find_prompt(player)
    draw(player, prompt_url)
    read_verdict(player)
    player.screenshot(path=tmp_path / "verdict.png", full_page=True)
    write_caption(visit())

    admin = visit()
    log_in(admin, server)
    queue_and_publish(admin)
    admin.screenshot(path=tmp_path / "run.png", full_page=True)

    player.goto(prompt_url)
    hung = player.locator("li.hung[id]")
    expect(hung).to_have_count(2)
    expect(hung.locator(".side", has_text="Person")).to_have_count(1)
    expect(hung.locator(".side", has_text="Machine")).to_have_count(1)
    expect(hung.filter(has_text="Machine")).to_contain_text("strokes, 8 steps")
    expect(hung.filter(has_text="Ada").get_by_text("you", exact=True)).to_be_visible()
    player.screenshot(path=tmp_path / "board.png", full_page=True)


def find_prompt(page: Page) -> str:
    """Comes in by the front door and looks through the open prompts until the one of the story shows up."""
    page.goto("/")
    link = page.get_by_role("heading", name=PROMPT).get_by_role("link")
    more = page.get_by_role("link", name="More prompts")
    while not link.is_visible():
        shown = page.locator("li.duel").count()
        more.click()
        expect(page.locator("li.duel").nth(shown)).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PROMPT)
    return page.url


def draw(page: Page, prompt_url: str) -> None:
    """Draws the scene with the mouse, signs it and hands it in."""
    page.get_by_role("link", name="Draw this").click()
    expect(page).to_have_url(prompt_url + "/draw")
    Hand(page).draw(doodles.drawing(PROMPT))
    page.get_by_label("Artist").fill("Ada")
    page.get_by_role("button", name="Show it to the judge").click()
    page.wait_for_url(re.compile("/entries/.+/verdict$"))


def read_verdict(page: Page) -> None:
    """The verdict says the rank, the percentile, a reason and what else the picture looks like."""
    expect(page.locator(".stamp")).to_have_text(re.compile(r"rank\s*1\s*of\s*1"))
    expect(page.locator(".reason")).to_have_text(re.compile(r"\w+ \w+"))
    expect(page.locator(".needle-figure figcaption")).to_have_text(re.compile(r"\d.*percentile"))
    expect(page.locator(".readings tbody tr")).to_have_count(4)
    seen = page.get_by_role("img", name=re.compile("as the judge saw it"))
    assert seen.evaluate("image => image.complete && image.naturalWidth") > 0


def write_caption(page: Page) -> None:
    """Another player captions the only picture there is."""
    page.goto("/captions")
    page.get_by_label("Your caption").fill("a raccoon on a red tractor")
    page.get_by_role("button", name="Ask the judge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“a raccoon on a red tractor”")
    expect(page.locator(".number-rank")).to_have_text(re.compile(r"1\s*of\s*1"))


def log_in(page: Page, server: Server) -> None:
    """Uses a one-time link; a second use of it must not work."""
    with server.app.app_context():
        link = players.one_time_link()
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    expect(page).to_have_url(re.compile("/admin/prompts$"))
    with page.context.browser.new_context(base_url=server.url) as stranger:
        door = stranger.new_page()
        door.goto(link)
        door.get_by_role("button", name="Come in").click()
        expect(door.get_by_text("has been used")).to_be_visible()


def queue_and_publish(page: Page) -> None:
    """Queues a short run, watches it paint, and hangs what it painted on the wall."""
    page.get_by_role("link", name=re.compile("^Runs")).click()
    page.get_by_role("link", name="Let a machine paint").click()
    page.get_by_role("checkbox", name=PROMPT, exact=True).check()
    page.get_by_role("checkbox", name=re.compile("^A picture")).uncheck()
    page.get_by_role("checkbox", name=re.compile("^A sketch")).check()
    page.get_by_label("First seed").fill("5")
    page.get_by_text("Every setting, explained").click()
    page.locator("#set-all-steps").fill("8")
    page.locator("#set-strokes-strokes").fill("16")
    page.get_by_label("Hang each on the wall when it is done").uncheck()
    page.get_by_role("button", name="Queue it").click()
    expect(page.get_by_text("step 8 of 8")).to_be_visible(timeout=PATIENCE)
    publish = page.get_by_role("button", name="Hang it on the wall")
    expect(publish).to_be_visible(timeout=PATIENCE)
    publish.click()
    expect(page.get_by_role("link", name="See it on the wall")).to_be_visible()
