"""What holds for every page: nothing comes from elsewhere, nothing is inline, nobody needs a script to read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from game.rules import captions, drawing, entries, players, prompts, rooms
from game.tables import new_id
from tests import doodles
from tests.browser.stage import Server, Visit
from tests.browser.walk import kinds, walk

LIVES_BY_SCRIPTS = {"play.draw", "rooms.draw"}  # where something is drawn
# Comes about only after play, or for who has played, and has tests of its own: a revealed room, a pair once met, a
# room's sheet, what somebody owns, a climb; and what no link leads to.
LATER = {"arena.pair", "explore_painting.watch", "offline.show", "opening.show", "rooms.draw", "rooms.page",
         "yours.arrive", "yours.export", "yours.show"}  # fmt: skip


@pytest.fixture(scope="module")
def pages(server: Server) -> Iterator[dict[str, str]]:
    """An address of each kind of page, in a game in which Ann and others have drawn, written and opened a room."""
    with server.app.app_context():
        prompt = prompts.add("a heron that lost its glasses in the reeds")
        ann, bob = players.ensure(new_id()), players.ensure(new_id())
        entry = entries.submit(prompt.id, drawing.parse(doodles.drawing("cat")), ann, "Ann")
        entries.submit(prompt.id, drawing.parse(doodles.drawing("house")), bob)
        machine = players.machine("strokes")
        entries.submit(prompt.id, drawing.parse(doodles.drawing("duck")), machine)
        captions.submit(entry.id, "a grey bird that squints", bob)
        room = rooms.open_room(ann, rooms.Terms(name="Ann", texts=("a swirl",)))
        starts = [
            "/",
            f"/rooms/{room}",
            f"/entries/{entry.id}",
            f"/entries/{entry.id}/verdict",
            f"/players/{machine.id}",
        ]
        starts += [f"/prompts/{prompt.id}/draw", f"/captions/{entry.id}"]
    found = walk(server.app, server.app.test_client(), starts)
    yield found
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


def test_links_lead_to_every_page_there_is(server: Server, pages: dict[str, str]) -> None:
    assert kinds(server.app) - set(pages) <= LATER


def test_every_page_gets_along_with_this_server_alone_and_nothing_inline(
    visit: Visit, server: Server, pages: dict[str, str]
) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in pages.values():
        answer = page.goto(address)
        assert answer
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        inline = page.evaluate(INLINE)
        assert inline == [], f"{address} would need unsafe-inline"
    elsewhere = [url for url in asked if not url.startswith((f"{server.url}/", "data:", "blob:"))]
    assert elsewhere == []
    assert len(asked) > 5 * len(pages), "requests were seen"


# Read from the answer as it was sent: what a script of ours has set since is no inline style.
INLINE = """async () => {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const has = (element) => [...element.attributes].some(({ name }) => name === "style" || name.startsWith("on"));
  const all = [...page.querySelectorAll("*")];
  const inline = all.filter((element) => element.matches("style, script:not([src])") || has(element));
  return inline.filter(({ type }) => type !== "application/json").map((element) => element.outerHTML.slice(0, 200));
}"""


def test_every_page_can_be_read_without_a_script(visit: Visit, pages: dict[str, str]) -> None:
    page = visit(java_script_enabled=False)
    for name, address in pages.items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1), address).to_be_visible()
        text = page.get_by_role("main").inner_text()
        assert len(text) > 40, f"{address} has hardly a word: {text!r}"
        if name in LIVES_BY_SCRIPTS:
            assert "JavaScript" in text, f"{address} does not say what it needs"
