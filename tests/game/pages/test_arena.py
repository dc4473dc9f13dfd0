"""The arena, played with plain forms: a pair, a vote with guesses, who made the two, the boards."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from game.rules import arena_counting, arena_voters, drawing, entries, players
from game.rules.views import EntryView
from tests import doodles
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]


@pytest.fixture
def duel(app: Flask, prompt_id: str, hang: Hang) -> list[EntryView]:
    """A person's cat, by Ada, and a machine's house for one prompt."""
    with app.app_context():
        painted = entries.submit(prompt_id, drawing.parse(doodles.drawing("house")), players.machine("strokes"))
    return [hang(prompt_id, "cat", "Ada"), painted]  # type: ignore[list-item]


def vote_address(page: str) -> str:
    """Where the vote on the pair of a page goes."""
    found = re.search(r'action="(/arena/pairs/[^"]+)"', page)
    assert found
    return found[1]


def play(visitor: Visitor, **fields: str) -> str:
    """Votes on the pair that is offered and returns the page that tells."""
    address = vote_address(visitor.sees("/arena"))
    answer = visitor.sends("/arena", address, **fields)
    assert (answer.status_code, answer.location) == (303, address)
    return visitor.sees(address)


def test_without_pairs_there_is_an_invitation_to_draw(visitor: Visitor) -> None:
    assert "There is no pair left for you" in visitor.sees("/arena")


def test_a_pair_is_shown_blind(visitor: Visitor, duel: list[EntryView]) -> None:
    page = visitor.sees("/arena")
    main = page[page.index("<main") : page.index("</main>")]
    assert duel[0].prompt_text in main
    for secret in ("Ada", "strokes", "cosine", "percentile", *(each.id for each in duel)):
        assert secret not in main
    assert page.count('name="winner"') == 3


def test_a_vote_with_guesses_is_answered_with_who_made_them(visitor: Visitor, duel: list[EntryView]) -> None:
    page = play(visitor, winner="left", guess_left="human", guess_right="human")
    assert "You took the left one for the better" in page
    assert "Ada" in page
    assert "strokes" in page
    assert (page.count("You said person: right"), page.count("You said person: wrong")) == (1, 1)
    assert '<span class="figures">1</span> of <span class="figures">2</span> right' in page
    assert 'name="winner"' not in page, "nobody votes after they have been told"


def test_a_second_vote_changes_nothing_and_is_told_so(visitor: Visitor, duel: list[EntryView]) -> None:
    page = visitor.sees("/arena")
    address = vote_address(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    for winner in ("left", "right"):
        fields = {"winner": winner, "csrf_token": token[1]}
        assert visitor.client.post(address, data=fields).status_code == 303
    told = visitor.sees(address)
    assert "A vote stands" in told
    assert "You took the left one" in told


def test_the_script_gets_pieces_of_the_page(visitor: Visitor, duel: list[EntryView]) -> None:
    page = visitor.sees("/arena")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    headers = {"X-Fragment": "1", "X-CSRF-Token": token[1]}
    told = visitor.client.post(vote_address(page), data={"winner": "tie"}, headers=headers)
    assert (told.status_code, told.headers["X-Fragment"]) == (200, "more")
    assert "<main" not in told.text
    assert "Equally good, you say" in told.text
    none = visitor.client.get("/arena", headers=headers)
    assert "<main" not in none.text
    assert "no pair left" in none.text


def test_a_pair_is_nobody_elses(app: Flask, visitor: Visitor, duel: list[EntryView]) -> None:
    address = vote_address(visitor.sees("/arena"))
    Visitor(app.test_client()).sees(address, 404)


def test_a_vote_for_nothing_is_refused(visitor: Visitor, duel: list[EntryView]) -> None:
    address = vote_address(visitor.sees("/arena"))
    assert visitor.sends("/arena", address, winner="me").status_code == 422
    assert visitor.client.post(address, data={"winner": "left"}).status_code == 400, "without the token"


def test_after_a_days_votes_the_arena_rests(
    visitor: Visitor, duel: list[EntryView], hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arena_voters, "MOST_A_DAY", 1)
    assert "0 votes left for today" in play(visitor, winner="left")
    assert "That was your vote number 1 today" in visitor.sees("/arena")


def test_boards_by_votes(app: Flask, duel: list[EntryView]) -> None:
    prompt_id = duel[0].prompt_id
    somebody = Visitor(app.test_client())
    assert "No picture here has votes yet" in somebody.sees(f"/arena/boards/{prompt_id}")
    assert "Nobody has voted yet" in somebody.sees("/arena/boards")
    assert "No picture has enough votes yet" in somebody.sees("/arena/divided")
    for number in range(10):
        if number == 1:
            with app.app_context():
                arena_counting.count(prompt_id)
            assert "Too few votes" in somebody.sees(f"/arena/boards/{prompt_id}")
        voter = Visitor(app.test_client())
        page = voter.sees("/arena")
        prefers_ada = "left" if is_left(app, vote_address(page), duel[0].id) else "right"
        voter.sends("/arena", vote_address(page), winner=prefers_ada)
    with app.app_context():
        arena_counting.count(prompt_id)
    page = somebody.sees(f"/arena/boards/{prompt_id}")
    assert "10 votes so far" in page
    assert "Too few votes" not in page
    assert page.index("Ada") < page.index("the strokes machine")
    assert "the strokes machine" not in somebody.sees(f"/arena/boards/{prompt_id}?kind=human")
    assert duel[0].prompt_text in somebody.sees("/arena/boards")
    divided = somebody.sees("/arena/divided") + somebody.sees("/arena/divided?by=people")
    assert divided.count("100 %") >= 2
    for nowhere in ("/arena/boards/nowhere", f"/arena/boards/{prompt_id}?kind=cat", "/arena/divided?by=cat"):
        somebody.sees(nowhere, 404)


def is_left(app: Flask, address: str, entry_id: str) -> bool:
    """Whether an entry hangs on the left of the pair at an address."""
    from game.extensions import db
    from game.models import Vote

    with app.app_context():
        return db.session.get_one(Vote, address.split("/")[-1].split("?")[0]).left_id == entry_id
