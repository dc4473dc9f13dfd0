"""Boards and numbers in a real browser: plots that fit, stretches that follow in place, files that come."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from game import storage
from game.extensions import db
from game.models import Entry
from game.rules import drawing, keeping, players, prompts, raster
from tests import doodles
from tests.browser.stage import Server, Visit
from tests.game.rules.rows import hang, run, tell

INSIDE = """plot => {
  const box = plot.getBoundingClientRect();
  const marks = [...plot.querySelectorAll("circle, path, line")].map((mark) => mark.getBoundingClientRect());
  return marks.length && marks.every((mark) => mark.left >= box.left - 8 && mark.right <= box.right + 8);
}"""


@pytest.fixture(scope="module")
def played(server: Server) -> Iterator[str]:
    """Six prompts that people and two machines have drawn; returns a machine's id. They are closed in the end."""
    with server.app.app_context():
        one, other = players.machine("strokes"), players.machine("siren")
        person = players.anonymous()[0]
        ids = []
        sheet = raster.picture(drawing.parse(doodles.drawing("cat")))
        seen = {"judge": "embedded:main", "picture": storage.put(storage.png(sheet), ".png")}
        for i in range(6):
            prompt = prompts.add(f"{i} very small elephants in a bathtub that is much too large for all of them")
            ids.append(prompt.id)
            for similarity in (0.1, 0.2 + i / 50, 0.3):
                hang(prompt, person, similarity, **seen)
            for machine, lead in ((one, 0.1), (other, 0.2)):
                painted = run(prompt, machine, prior=machine.prior)
                tell(painted, (1, 0.1), (10, 0.2 + lead), (300, 0.3 + lead))
                hang(prompt, machine, 0.2 + lead + i / 100, run_id=painted.id, **seen)
        keeping.forget()
        machine_id = one.id
    yield machine_id
    with server.app.app_context():
        for prompt_id in ids:  # nobody has looked at these pictures: no search may find them
            db.session.execute(update(Entry).where(Entry.prompt_id == prompt_id).values(state="hidden"))
            prompts.update(prompt_id, state="closed")


@pytest.fixture
def numbers(visit: Visit, played: str) -> Page:
    """The numbers on a small telephone."""
    page = visit(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page.goto("/numbers")
    return page


def test_plots_fit_the_narrowest_window_and_have_a_table_each(numbers: Page) -> None:
    plots = numbers.locator(".plot-wide")
    assert plots.count() >= 4
    for plot in plots.all():
        assert plot.evaluate(INSIDE), plot.get_attribute("aria-labelledby")
    assert numbers.evaluate("document.documentElement.scrollWidth") <= 320
    assert numbers.locator("table").count() >= plots.count()


def test_the_full_numbers_keep_nobody_out(numbers: Page, played: str) -> None:
    for address in ("/numbers", f"/players/{played}"):
        numbers.goto(address)
        for summary in numbers.locator("summary").all():
            summary.press("Enter")
        found = Axe().run(numbers)
        assert found.violations_count == 0, found.generate_report()


def test_the_files_hold_what_the_page_shows(numbers: Page) -> None:
    with numbers.expect_download() as coming:
        numbers.get_by_role("link", name="This table as CSV").first.click()
    assert coming.value.suggested_filename == "paintoff-contests.csv"
    with numbers.expect_download() as coming:
        numbers.get_by_role("link", name="All numbers as JSON").first.click()
    told = json.loads(coming.value.path().read_text())
    shown = numbers.locator("table").first.locator("tbody tr").first
    expect(shown).to_contain_text(f"{told['contests'][0]['best_ai']:.3f}")


def test_a_board_goes_on_in_place(visit: Visit, played: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.pages.players.RUNS", 4)
    page = visit()
    page.goto(f"/players/{played}")
    expect(page.locator(".runs tbody tr")).to_have_count(5)
    page.get_by_role("link", name="Older runs").click()
    expect(page.get_by_role("link", name="Older runs")).to_have_count(0)
    expect(page.locator(".runs tbody tr")).to_have_count(6)
    assert page.url.endswith(played), "the page stayed"
