"""When the first paint comes on a slow phone: Chromium with a slow line and a quarter of the processor, nothing kept.

The line is a slow one of a phone on the move: 1.6 Mbit/s, 150 ms a round trip. Held against the same page
without any of that.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import Figure

ONLY_IF_ASKED = True  # needs a browser: sh scripts/browser.sh
REPEATS = 3
PHONE = {"width": 390, "height": 844}
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4  # times
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def figures() -> Iterator[Figure]:
    """Yield the median milliseconds to the first contentful paint of the pages that people come to first."""
    from game.rules import prompts
    from tests.browser import stage

    with tempfile.TemporaryDirectory() as folder, stage.serve(Path(folder)) as server, stage.look() as browser:
        with server.app.app_context():
            wall = f"/prompts/{prompts.random().id}"
        for name, address in {"home": "/", "wall": wall, "draw": f"{wall}/draw", "about": "/about"}.items():
            first_paint(browser, server.url + address, slow)
            turns = [
                (first_paint(browser, server.url + address, slow), first_paint(browser, server.url + address, as_it_is))
                for _ in range(REPEATS)
            ]
            value, against = (statistics.median(times) for times in zip(*turns, strict=True))
            yield Figure(f"paint.{name}", round(value), "ms", round(against))


def slow(line: Any) -> None:
    """A slow line and a slow processor."""
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def as_it_is(_line: Any) -> None:
    """The machine as it is."""


def first_paint(browser: Any, address: str, prepare: Any) -> float:
    """Milliseconds from asking for a page to its first contentful paint, for a visitor who has kept nothing."""
    with browser.new_context(viewport=PHONE, service_workers="block") as context:
        page = context.new_page()
        prepare(context.new_cdp_session(page))
        page.goto(address, wait_until="load")
        page.wait_for_function(f"({PAINTED}) > 0")
        painted: float = page.evaluate(PAINTED)
        return painted
