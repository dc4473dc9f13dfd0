"""The verdict as it is shown, a replay with its score, and what is passed on, in a real browser."""

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from game.rules import drawing, entries, players, prompts
from tests import doodles
from tests.browser.stage import Server, Visit

PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# What the stamp showed, at every frame, from the first on.
WATCH = """new MutationObserver(() => {
  const number = document.querySelector(".rising .stamp strong");
  if (number?.dataset.shown) (globalThis.shown ??= []).push(number.dataset.shown);
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-shown"] });"""


@pytest.fixture(scope="module")
def hung(server: Server) -> Iterator[list[str]]:
    """The ids of four entries for one prompt, best first."""
    with server.app.app_context():
        prompt = prompts.add("a cat that is passed on")
        for word in ("cat", "house", "key", "duck"):
            entries.submit(prompt.id, drawing.parse(doodles.drawing(word)), players.anonymous()[0], word.title())
        best = [entry.id for entry in entries.leaderboard(prompt.id, "all", None, 10).items]
    yield best
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


def stamp_of(page: Page) -> str:
    """What the stamp says."""
    return " ".join(page.locator(".stamp-words").inner_text().split())


def test_the_verdict_counts_up_from_the_last_place_once(visit: Visit, hung: list[str]) -> None:
    page = visit()
    page.add_init_script(WATCH)
    page.goto(f"/entries/{hung[0]}/verdict")
    expect(page.locator(".moment")).to_have_class(re.compile("risen"))
    shown = page.evaluate("globalThis.shown")
    assert shown[0] == "4"
    assert [int(each) for each in shown] == sorted((int(each) for each in shown), reverse=True)
    assert stamp_of(page).startswith("rank 1 of 4")
    page.reload()
    expect(page.locator(".stamp")).to_be_visible()
    assert page.evaluate("globalThis.shown") is None, "the same verdict is no surprise a second time"


def test_whoever_asked_for_stillness_sees_the_rank_at_once(visit: Visit, hung: list[str]) -> None:
    page = visit(reduced_motion="reduce")
    page.add_init_script(WATCH)
    page.goto(f"/entries/{hung[0]}/verdict")
    assert stamp_of(page).startswith("rank 1 of 4")
    assert page.evaluate("globalThis.shown") is None
    assert page.locator(".stamp").evaluate("stamp => stamp.getAnimations().length") == 0


def test_the_judge_marks_the_picture_and_says_what_the_marks_mean(visit: Visit, hung: list[str]) -> None:
    page = visit()
    page.goto(f"/entries/{hung[0]}/verdict")
    expect(page.locator(".seen .ring").first).to_be_visible()
    picture, ring = page.locator(".seen img").bounding_box(), page.locator(".seen .ring").first.bounding_box()
    assert picture["x"] <= ring["x"]
    assert ring["x"] + ring["width"] <= picture["x"] + picture["width"]
    assert page.locator(".ring-list li").count() == page.locator(".seen .ring").count()
    expect(page.locator(".ring-list")).to_contain_text(re.compile("helped|cost something"))


def test_the_verdict_leads_on(visit: Visit, hung: list[str]) -> None:
    page = visit()
    page.goto(f"/entries/{hung[1]}/verdict")
    expect(page.get_by_role("heading", name="Hanging next to it")).to_be_visible()
    assert page.locator(".neighbours li").count() == 3
    expect(page.get_by_role("table", name="The three other prompts")).to_be_visible()
    page.get_by_role("link", name="Beat this").click()
    expect(page).to_have_url(re.compile("/draw$"))


def test_the_line_is_copied_and_its_link_leads_back(visit: Visit, hung: list[str]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/entries/{hung[0]}/verdict")
    page.get_by_role("button", name="Copy the line").click()
    expect(page.locator("[data-said]")).to_have_text("Copied.")
    line = page.evaluate("navigator.clipboard.readText()")
    assert "rank 1 of 4" in line
    page.goto(line.split()[-1])
    expect(page).to_have_url(re.compile(f"/entries/{hung[0]}$"))


def test_where_nothing_can_be_copied_the_line_is_selected(visit: Visit, hung: list[str]) -> None:
    page = visit()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"/entries/{hung[0]}")
    page.get_by_role("button", name="Copy the line").press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("selected")
    assert "rank 1 of 4" in page.evaluate("getSelection().toString()")


def test_the_system_shares_where_it_can(visit: Visit, hung: list[str]) -> None:
    page = visit()
    page.add_init_script("navigator.share = async (what) => { globalThis.told = what; }")
    page.goto(f"/entries/{hung[0]}/verdict")
    page.get_by_role("button", name="Share", exact=True).click()
    told = page.evaluate("globalThis.told")
    assert told["title"] == "a cat that is passed on"
    assert told["text"].endswith("Beat that:")
    assert "/s/" in told["url"]


def test_a_replay_shows_the_score_as_it_was_made(visit: Visit, hung: list[str]) -> None:
    page = visit(reduced_motion="reduce")
    page.goto(f"/entries/{hung[0]}")
    slider = page.get_by_label("Moment of the drawing")
    slider.focus()
    slider.press("Home")
    expect(page.locator(".replay-score")).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^stroke 0 of \d+, percentile [\d.]+$"))
    blank = page.locator(".replay-score p").inner_text()
    slider.press("End")
    expect(page.locator(".replay-score p")).not_to_have_text(blank)
    whole = page.locator(".number-rank + div dd").inner_text()
    expect(page.locator(".replay-score p")).to_have_text(f"So far, percentile {whole}")


@pytest.mark.parametrize(("size", "light"), [(PHONE, "dark"), (DESK, "light")])
def test_marks_replay_and_frame_are_there_for_everyone(
    visit: Visit, hung: list[str], size: dict[str, int], light: str
) -> None:
    page = visit(viewport=size, color_scheme=light, bypass_csp=True, reduced_motion="reduce")
    for address, shown in (("/verdict", ".ring-list"), ("", ".replay-score"), ("/embed", ".replay-bar")):
        page.goto(f"/entries/{hung[0]}{address}")
        if not address:
            page.get_by_label("Moment of the drawing").press("Home")
        expect(page.locator(shown)).to_be_visible()
        found = Axe().run(page)
        assert found.response["passes"], "the checker has looked"
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The address of another site, whose pages are the files of this test's folder."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}"
        other.shutdown()


def test_an_entry_is_shown_in_a_frame_on_another_site(
    visit: Visit, hung: list[str], server: Server, elsewhere: str, tmp_path: Path
) -> None:
    frame = f'<iframe src="{server.url}/entries/{hung[0]}/embed" width="420" height="560"></iframe>'
    (tmp_path / "page.html").write_text(f"<!doctype html><title>Elsewhere</title>{frame}")
    (tmp_path / "favicon.ico").touch()
    page = visit()
    page.goto(f"{elsewhere}/page.html")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("a cat that is passed on").first).to_be_visible()
    assert inside.locator("img").first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 512
