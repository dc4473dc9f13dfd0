"""A walk through the game by its links, as somebody without a script takes it: one address of each kind of page."""

import re
from collections import deque
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
# Not pages: what a page shows, what is shared with other sites, pieces that a script asks for.
NO_PAGES = frozenset({
    "captions.tokens", "feeds.best", "marks.show", "offline.manifest", "offline.worker", "opening.preview",
    "play.random", "sharing.card", "sharing.embed", "sharing.film", "sharing.follow", "sharing.oembed", "static",
    "words.module", "why.caption", "why.entry",
})  # fmt: skip


def kind(app: Flask, address: str) -> str | None:
    """The endpoint that answers an address with a page for players; None for all else."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path)
    except HTTPException:
        return None
    is_page = "api" not in endpoint and not endpoint.startswith(("admin", "operating")) and endpoint not in NO_PAGES
    return endpoint if is_page else None


def kinds(app: Flask) -> set[str]:
    """All kinds of pages that the game has for players."""
    found = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    addresses = {rule.endpoint: re.sub(r"<[^>]+>", "x", rule.rule) for rule in found}
    return {endpoint for endpoint, address in addresses.items() if kind(app, address) == endpoint}


def walk(app: Flask, client: FlaskClient, starts: list[str]) -> dict[str, str]:
    """An address of each kind of page that links lead to from `starts`, by kind; AssertionError where one is broken."""
    found: dict[str, str] = {}
    ahead = deque((start, "the start") for start in starts)
    while ahead:
        address, origin = ahead.popleft()
        here = kind(app, address)
        if here is None or here in found:
            continue
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{origin} leads to {address}: {answer.status}"
        if answer.mimetype != "text/html":
            continue
        found[here] = address
        links = (unescape(link) for link in LINK.findall(answer.text))
        ahead.extend((link, address) for link in links if link.startswith("/"))
    return found
