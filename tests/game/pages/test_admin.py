"""The studio: who gets in, prompts, entries."""

from collections.abc import Callable

import pytest
from flask import Flask

from game.rules import players
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]
ROOMS = ("/admin/", "/admin/prompts", "/admin/entries", "/admin/runs", "/admin/runs/any")


def test_a_stranger_is_led_to_the_door(visitor: Visitor) -> None:
    for room in ROOMS:
        assert visitor.client.get(room).location == "/admin/login", room


def test_a_player_is_not_let_in(visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    visitor.sends(f"/captions/{entry.id}", f"/captions/{entry.id}", text="a cat")
    for room in ROOMS:
        assert "This door is closed" in visitor.sees(room, 403)


def test_nobody_else_changes_anything(visitor: Visitor) -> None:
    token = visitor.sees("/").split('name="csrf_token" value="')[1].split('"')[0]
    for deed in ("prompts", "prompts/any", "entries/any", "runs", "runs/any/cancel", "runs/any/publish"):
        assert visitor.client.post(f"/admin/{deed}", data={"csrf_token": token}).status_code == 403, deed


def test_a_link_lets_one_person_in_once(app: Flask, visitor: Visitor) -> None:
    with app.app_context():
        link = players.one_time_link()
    visitor.sees(link)  # looking at it, as a preview does, does not spend it
    assert visitor.sends(link, "/admin/login").location == "/admin/prompts"
    assert "Studio" in visitor.sees("/")
    late = Visitor(app.test_client())
    answer = late.sends(link, "/admin/login")
    assert "has been used or is too old" in late.sees(answer.location)
    assert late.client.get("/admin/prompts").location == "/admin/login"


def test_the_door_can_be_closed_again(admin: Visitor) -> None:
    admin.sends("/admin/prompts", "/admin/logout")
    assert admin.client.get("/admin/prompts").location == "/admin/login"


def test_a_prompt_is_written_and_opened(admin: Visitor, visitor: Visitor) -> None:
    admin.sends("/admin/prompts", "/admin/prompts", text="a bus full of owls")
    assert "a bus full of owls" in visitor.sees("/")


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_a_prompt_that_will_not_do_comes_back_with_the_reason(admin: Visitor, text: str) -> None:
    answer = admin.sends("/admin/prompts", "/admin/prompts", text=text)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_prompt_is_closed_and_opened(admin: Visitor, visitor: Visitor, prompt_id: str) -> None:
    admin.sends("/admin/prompts", f"/admin/prompts/{prompt_id}", state="closed")
    assert "closed for drawing" in visitor.sees(f"/prompts/{prompt_id}")
    admin.sends("/admin/prompts", f"/admin/prompts/{prompt_id}", state="open")
    assert "closed for drawing" not in visitor.sees(f"/prompts/{prompt_id}")


def test_an_entry_is_hidden_and_shown(admin: Visitor, visitor: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    admin.sends("/admin/entries", f"/admin/entries/{entry.id}", state="hidden", reason="rude")
    visitor.sees(f"/entries/{entry.id}", 404)
    assert entry.id in admin.sees("/admin/entries?state=hidden")
    admin.sends("/admin/entries?state=hidden", f"/admin/entries/{entry.id}", state="visible", reason="it was a cat")
    visitor.sees(f"/entries/{entry.id}")
