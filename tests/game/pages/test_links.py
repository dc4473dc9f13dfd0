"""Every link, picture, style, script and form on every page leads somewhere."""

from collections import Counter, deque
from collections.abc import Callable
from html.parser import HTMLParser

from flask import request

from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]
MOST_OF_A_KIND = 6


class Page(HTMLParser):
    """What a page points to, and the ids in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.parts: set[str] = set()
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        if tag == "a":
            self.links.add(found["href"])
        elif tag in ("link", "script", "img"):
            self.parts.add(found.get("href") or found.get("src") or "an inline script")


def crawl(visitor: Visitor, start: str) -> dict[str, Page]:
    """The pages that can be reached by links, by their addresses; of each kind of page the first few."""
    found: dict[str, Page] = {}
    kinds: Counter[str | None] = Counter()
    waiting = deque([start])
    while waiting:
        address = waiting.popleft().split("#")[0]
        if address in found or not address:
            continue
        with visitor.client.application.test_request_context(address):
            kinds[request.endpoint] += 1
            if kinds[request.endpoint] > MOST_OF_A_KIND:
                continue
        answer = visitor.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        found[address] = Page(answer.text)
        waiting += sorted(found[address].links, key=lambda link: (len(link), link))
    return found


def test_every_link_leads_somewhere(admin: Visitor, prompt_id: str, hang: Hang) -> None:
    for word in ("cat", "house"):
        entry = hang(prompt_id, word, "Ada")
    admin.sends("/captions/" + entry.id, "/captions/" + entry.id, text="a cat")
    pages = crawl(admin, "/")
    assert {"/about", "/captions", f"/entries/{entry.id}/verdict", "/admin/runs"} <= set(pages)
    for address, page in pages.items():
        assert page.inline == [], f"{address} has inline style or script, which the policy forbids"
        assert len(page.ids) == len(set(page.ids)), f"{address} uses an id twice"
        for path, _, anchor in (link.partition("#") for link in page.links):
            target = pages.get(path) if path else page
            assert not anchor or target is None or anchor in target.ids, f"{address} points to {path}#{anchor}"
    for part in set().union(*(page.parts for page in pages.values())):
        assert admin.client.get(part).status_code == 200, part


def test_pages_carry_the_policy_that_forbids_inline_code(visitor: Visitor) -> None:
    policy = visitor.client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
