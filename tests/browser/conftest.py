"""A real server and a real Chromium for the tests in this folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser import stage
from tests.browser.stage import Server, Visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, so that `-m "not browser"` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real application with the embedded judge, seeded, on a free port of this machine."""
    with stage.serve(tmp_path_factory.mktemp("paintoff")) as server:
        yield server


@pytest.fixture
def worker(server: Server) -> Iterator[None]:
    """A real worker process that paints what is queued."""
    with stage.work(server.data):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests are skipped, but in CI they fail."""
    if stage.CHROMIUM is None:
        reason = "no Chromium here; on Debian and Ubuntu: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with stage.look() as browser:
        yield browser


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether the page is to blame: that a line is down is what a test wanted that cut it."""
    return message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text


def watch(page: Page, complaints: list[str]) -> None:
    """Collects what a page complains about: console errors (a broken policy is one), exceptions, server errors."""
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response", lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
    )


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Opens the game for a new visitor, 1280 px wide unless told otherwise, with no service worker between page and
    server; no page may have complained by the end."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def come(**how: Any) -> Page:
        usual = {"viewport": {"width": 1280, "height": 1000}, "service_workers": "block"}
        context = browser.new_context(base_url=server.url, **{**usual, **how})
        context.on("page", lambda page: watch(page, complaints))
        contexts.append(context)
        return context.new_page()

    yield come
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """A player's first tab."""
    return visit()
