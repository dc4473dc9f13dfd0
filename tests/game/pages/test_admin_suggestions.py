"""The curation queue as a page."""

import re
from datetime import timedelta

from game.tables import now
from tests.game.pages.conftest import Visitor

ROOM = "/admin/suggestions"


def first(admin: Visitor) -> tuple[str, str]:
    """The address and the text of the first suggestion."""
    page = admin.sees(ROOM)
    found = re.search(rf'action="({ROOM}/\w+)".*?name="text"[^>]*value="([^"]*)"', page, re.DOTALL)
    assert found
    return found[1], found[2]


def test_a_suggestion_is_approved_and_another_put_aside(admin: Visitor, visitor: Visitor) -> None:
    assert "Nothing waits" in admin.sees(ROOM)
    admin.sends(ROOM, ROOM, source="grammar")
    address, text = first(admin)
    assert text not in visitor.sees("/")
    admin.sends(ROOM, address, act="approve", text=text)
    assert text in visitor.sees("/")
    address, text = first(admin)
    admin.sends(ROOM, address, act="refuse")
    assert text not in admin.sees(ROOM)
    log = admin.sees("/admin/order/log")
    assert "admin_suggestions.decide" in log
    assert "refused" in log


def test_a_day_is_planned_and_a_bad_time_comes_back_with_the_reason(admin: Visitor) -> None:
    admin.sends(ROOM, ROOM, source="grammar")
    address, text = first(admin)
    day = (now().date() + timedelta(days=3)).isoformat()
    bad = admin.sends(ROOM, address, act="approve", text=text, opens_at="soon")
    assert bad.status_code == 422
    assert "is no time" in bad.text
    admin.sends(ROOM, address, act="approve", text=text, day=day)
    assert day in admin.sees(ROOM)


def test_a_prompt_is_written_with_a_time(admin: Visitor, visitor: Visitor) -> None:
    room, later = "/admin/prompts", (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    admin.sends(room, room, text="a cat in a zeppelin", opens_at=later)
    assert f"from {later.replace('T', ' ')}" in admin.sees(room)
    assert "zeppelin" not in visitor.sees("/")
    bad = admin.sends(room, room, text="a cat", opens_at=later, closes_at=later)
    assert bad.status_code == 422
    assert "closes after it opens" in bad.text
