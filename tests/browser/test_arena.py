"""The arena in a real browser: by buttons, by keys, by thumbs, without a script, and nothing that jumps."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from game.extensions import db
from game.models import Vote
from game.rules import arena_counting, drawing, entries, players, prompts
from game.tables import new_id, now
from tests import doodles
from tests.browser.stage import Server, Visit

PHONE = {"width": 390, "height": 844}
PICTURES = "[...document.querySelectorAll('.bout-pair img')].map((one) => one.getBoundingClientRect().toJSON())"


@pytest.fixture(scope="module")
def prompt_id(server: Server) -> Iterator[str]:
    """A prompt with two drawings by people and one by a machine, that somebody has voted on."""
    with server.app.app_context():
        prompt = prompts.add("a cat that guards a lighthouse")
        for word, player in (("cat", players.ensure(new_id())), ("house", players.ensure(new_id()))):
            entries.submit(prompt.id, drawing.parse(doodles.drawing(word)), player, "Somebody with a long name to wrap")
        entries.submit(prompt.id, drawing.parse(doodles.drawing("duck")), players.machine("strokes"))
    yield prompt.id
    with server.app.app_context():
        prompts.update(prompt.id, state="closed")


def enter(page: Page, prompt_id: str) -> None:
    """Comes to a pair of the prompt."""
    page.goto(f"/arena?prompt={prompt_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("a cat that guards a lighthouse")


def pictures(page: Page) -> list[dict[str, Any]]:
    """Where both pictures of a pair are."""
    return page.evaluate(PICTURES)  # type: ignore[no-any-return]


def kept(server: Server) -> Vote:
    """The vote of the last visitor, who has cast one."""
    with server.app.app_context():
        player_id = db.session.query(Vote.player_id).order_by(Vote.created_at.desc()).limit(1).scalar()
        return db.session.query(Vote).filter(Vote.player_id == player_id, Vote.winner.is_not(None)).one()


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 640}, {"width": 1440, "height": 900}])
def test_nothing_moves_when_the_makers_appear(visit: Visit, prompt_id: str, size: dict[str, int]) -> None:
    page = visit(viewport=size)
    enter(page, prompt_id)
    before = pictures(page)
    page.get_by_role("button", name="Equally good").click()
    expect(page.get_by_role("link", name="Next pair")).to_be_visible()
    assert pictures(page) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_thumb_reaches_the_vote_without_scrolling(visit: Visit, prompt_id: str) -> None:
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    enter(page, prompt_id)
    for name in ("Left is better", "Equally good", "Right is better"):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        assert box["y"] > PHONE["height"] / 2, "in the lower half, where the thumb is"
    for side in pictures(page):
        assert side["bottom"] <= PHONE["height"], "both pictures are seen at once"
    page.locator("input[name=guess_right][value=ai]").tap()
    page.get_by_role("button", name="Right is better").tap()
    expect(page.get_by_text("You said machine")).to_have_count(1)


def test_a_pair_is_decided_by_keys_alone(visit: Visit, server: Server, prompt_id: str) -> None:
    page = visit()
    enter(page, prompt_id)
    for key in ("1", "4", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Next pair")).to_be_focused()
    vote = kept(server)
    assert (vote.winner, vote.guess_left, vote.guess_right) == ("right", "human", "ai")
    expect(page.locator("#bout-said")).to_contain_text("The judge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Left is better")).to_be_visible()
    expect(page.locator("#bout")).to_be_focused()


def test_arrows_in_a_choice_choose_and_do_not_vote(visit: Visit, prompt_id: str) -> None:
    page = visit()
    enter(page, prompt_id)
    person = page.get_by_role("radio", name="Person").first
    person.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Machine").first).to_be_checked()
    expect(page.get_by_role("button", name="Left is better")).to_be_visible()


def test_without_a_script_it_is_forms_and_links(visit: Visit, prompt_id: str) -> None:
    page = visit(java_script_enabled=False)
    enter(page, prompt_id)
    page.get_by_role("button", name="Left is better").click()
    expect(page.get_by_text("You took the left one for the better")).to_be_visible()
    assert "/arena/pairs/" in page.url
    page.reload()
    expect(page.get_by_text("You took the left one for the better")).to_be_visible()
    page.get_by_role("link", name="Next pair").click()
    expect(page.get_by_role("button", name="Left is better")).to_be_visible()


def test_a_vote_that_does_not_arrive_can_be_cast_again(browser: Browser, server: Server, prompt_id: str) -> None:
    context = browser.new_context(base_url=server.url)  # not watched: a broken line is complained about
    page = context.new_page()
    enter(page, prompt_id)
    page.route("**/arena/pairs/**", lambda route: route.abort("connectionfailed"))
    page.get_by_role("radio", name="Person").first.check(force=True)
    page.get_by_role("button", name="Left is better").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not arrive")
    expect(page.get_by_role("radio", name="Person").first).to_be_checked()
    page.unroute("**/arena/pairs/**")
    page.get_by_role("button", name="Left is better").click()
    expect(page.get_by_text("You took the left one for the better")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(("size", "light"), [({"width": 320, "height": 640}, "dark"), (PHONE, "light")])
def test_nobody_is_kept_out(visit: Visit, server: Server, prompt_id: str, size: dict[str, int], light: str) -> None:
    with server.app.app_context():
        hung = entries.leaderboard(prompt_id, "all", None, 3).items
        for _ in range(10):
            db.session.add(Vote(
                player_id=players.ensure(new_id()).id, prompt_id=prompt_id, left_id=hung[0].id, right_id=hung[1].id,
                pair=":".join(sorted((hung[0].id, hung[1].id))), winner="right", voted_at=now(),
            ))  # fmt: skip
        db.session.commit()
        arena_counting.count(prompt_id)
    page = visit(viewport=size, color_scheme=light, bypass_csp=True)  # the checker is a script of its own
    rooms = ["/arena/boards", f"/arena/boards/{prompt_id}", "/arena/divided", f"/captions/{hung[0].id}"]
    for address in [f"/arena?prompt={prompt_id}", *rooms]:
        page.goto(address)
        check(page, address)
    page.get_by_label("Your caption").fill("a cat")
    page.get_by_role("button", name="Ask the judge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“a cat”")
    check(page, "how a caption did")
    page.goto(f"/arena?prompt={prompt_id}")
    page.get_by_role("button", name="Left is better").click()
    expect(page.get_by_role("link", name="Next pair")).to_be_visible()
    check(page, "who made them")


def check(page: Page, where: str) -> None:
    """Nothing keeps anybody out of this page, and it is not wider than its window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
