"""A player's page and name."""

from collections.abc import Callable

from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]


def my_page(visitor: Visitor, entry: EntryView) -> str:
    """Becomes a player by a first act; returns the address of their page."""
    visitor.sends(f"/captions/{entry.id}", f"/captions/{entry.id}", text="a cat")
    return visitor.sees("/").split('<a href="/players/')[1].split('"')[0].join(("/players/", ""))


def test_a_player_has_a_page_with_their_entries(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    page = visitor.sees(f"/players/{entry.player['id']}")
    assert f"/entries/{entry.id}" in page
    assert entry.prompt_text in page
    assert "Name on the wall" not in page, "only you can rename yourself"


def test_you_can_take_a_name(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    mine = my_page(visitor, hang(prompt_id, "cat"))
    assert visitor.sends(mine, mine, name="  Grace   Hopper ").status_code == 303
    assert "<h1><bdi>Grace Hopper</bdi></h1>" in visitor.sees(mine)


def test_a_name_that_will_not_do_is_refused_with_the_reason(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    mine = my_page(visitor, hang(prompt_id, "cat"))
    visitor.sends(mine, mine, name="x" * 41)
    page = visitor.sees(mine)
    assert "at most 40 characters" in page
    assert "<h1><bdi>Nameless</bdi></h1>" in page


def test_nobody_renames_somebody_else(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat", "Ada")
    mine = my_page(visitor, entry)
    token = visitor.sees(mine).split('name="csrf_token" value="')[1].split('"')[0]
    answer = visitor.client.post(f"/players/{entry.player['id']}", data={"name": "Eve", "csrf_token": token})
    assert answer.status_code == 403
    assert "Ada" in visitor.sees(f"/players/{entry.player['id']}")
