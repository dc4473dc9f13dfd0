"""The installed game: what a device is told, and that nothing drawn is lost or entered twice without a line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from game.rules import prompts
from tests.browser.sheet import SWIRL, Sheet
from tests.browser.stage import Server

PATIENCE = 120_000  # ms for the judge to load on a busy machine
KEPT = "import('/static/draw/keeping.js').then(({ openStore }) => openStore()).then((store) => store.list())"
CACHED = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return all.flat().map(({ url }) => new URL(url).pathname);
}"""


@pytest.fixture
def device(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A device on which the game has been opened once, so that its service worker is there."""
    with browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.close()
        yield context


def test_a_device_may_install_the_game(device: BrowserContext) -> None:
    page = device.new_page()
    page.goto("/about")
    line = device.new_cdp_session(page)
    told = line.send("Page.getAppManifest")
    assert told["url"].endswith("/manifest.webmanifest")
    assert told["errors"] == []
    found = line.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in found} <= {"in-incognito"}, "what a test's own window cannot do"


def test_without_a_line_the_drawings_kept_are_named_and_the_page_comes_back_by_itself(
    device: BrowserContext, server: Server
) -> None:
    sheet = Sheet(device.new_page(), server)
    sheet.mouse(SWIRL)
    sheet.page.wait_for_function(f"{KEPT}.then((kept) => kept.length === 1)")
    device.set_offline(True)
    sheet.page.goto("/boards")
    expect(sheet.page.get_by_role("heading", level=1)).to_have_text("The line is down")
    expect(sheet.page.get_by_role("link", name=sheet.prompt.text)).to_be_visible()
    expect(sheet.page.get_by_text("Not handed in yet.")).to_be_visible()
    cached = sheet.page.evaluate(CACHED)
    assert "/offline" in cached
    assert {path for path in cached if not path.startswith("/static/v-")} == {"/offline"}, "nobody's page is kept"
    device.set_offline(False)
    expect(sheet.page.get_by_role("heading", level=1)).not_to_have_text("The line is down")
    assert sheet.page.url.endswith("/boards")
    sheet.page.goto(f"/prompts/{sheet.prompt.id}/draw")
    sheet.ready()
    sheet.expect_ops(1)


def test_what_is_handed_in_without_a_line_is_sent_once_when_it_is_back(device: BrowserContext, server: Server) -> None:
    sheet = Sheet(device.new_page(), server)
    with server.app.app_context():
        before = prompts.get(sheet.prompt.id).entries
    sheet.mouse(SWIRL)
    device.set_offline(True)
    sheet.page.locator("[data-send]").click()
    expect(sheet.page.get_by_role("alert")).not_to_be_empty()
    sheet.expect_ops(1)
    device.set_offline(False)
    sheet.page.wait_for_url("**/verdict", timeout=PATIENCE)
    with server.app.app_context():
        assert prompts.get(sheet.prompt.id).entries == before + 1
