"""How much the first visit of the draw page takes over the wire, as Chromium counts it: headers and all."""

import pytest

from game.rules import prompts
from tests.browser.stage import Server, Visit

BUDGET = 80_000  # bytes


@pytest.mark.parametrize("language", ["en-GB", "de-DE", "ar"])
def test_the_first_visit_of_the_draw_page_stays_within_its_budget(visit: Visit, server: Server, language: str) -> None:
    with server.app.app_context():
        prompt = prompts.random()
    page = visit(locale=language)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    line.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    line.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(f"/prompts/{prompt.id}/draw", wait_until="networkidle")
    page.locator("[data-draw][data-ready]").wait_for()
    weights = sorted(((round(size), addresses[key]) for key, size in sizes.items()), reverse=True)
    assert any(address.endswith("/draw/raster.js") for _, address in weights), "the sheet's modules were counted"
    listed = "\n".join(f"{size:>7} {address}" for size, address in weights)
    assert sum(size for size, _ in weights) <= BUDGET, f"{len(weights)} answers:\n{listed}"
