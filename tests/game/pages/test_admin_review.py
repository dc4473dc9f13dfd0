"""The queue without JavaScript, what authors are told, bans at every door, the log, filters."""

from collections.abc import Callable

import pytest
from flask import Flask

from game.rules import bans, moderation, players, traces
from game.rules.views import EntryView
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]


@pytest.fixture
def drawn(visitor: Visitor, prompt_id: str) -> str:
    """The address of an entry by `visitor`."""
    import json

    from tests import doodles

    token = visitor.sees("/").split('name="csrf_token" value="')[1].split('"')[0]
    answer = visitor.client.post(
        f"/api/v1/prompts/{prompt_id}/drawings",
        data=json.dumps(doodles.drawing("cat")),
        content_type="application/json",
        headers={"X-CSRF-Token": token},
    )
    return "/entries/" + answer.get_json()["entry"]["id"]


def test_an_entry_is_reviewed_with_a_button_and_the_next_one_comes(
    app: Flask, admin: Visitor, visitor: Visitor, prompt_id: str, hang: Hang
) -> None:
    first, second = hang(prompt_id, "cat"), hang(prompt_id, "house")
    with app.app_context():
        for entry in (first, second):
            moderation.decide(entry.id, "held", "look at it", None)
    page = admin.sees("/admin/review")
    assert f"/admin/review/{first.id}" in page
    assert "2 entries wait" in page
    assert "look at it" in page
    answer = admin.sends("/admin/review", f"/admin/review/{first.id}", state="visible")
    assert answer.location == f"/admin/review?after={first.id}"
    assert f"/admin/review/{second.id}" in admin.sees(answer.location)
    visitor.sees(f"/entries/{first.id}")
    reason = "It tells who somebody is."
    answer = admin.sends(answer.location, f"/admin/review/{second.id}", reason=reason)
    assert "Nothing waits" in admin.sees(answer.location)
    with app.app_context():
        assert moderation.decisions(second.id)[-1].reason == reason


def test_a_key_is_answered_with_the_next_one_alone(app: Flask, admin: Visitor, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    with app.app_context():
        moderation.decide(entry.id, "held", "", None)
    token = admin.sees("/admin/review").split('name="csrf_token" value="')[1].split('"')[0]
    answer = admin.client.post(
        f"/admin/review/{entry.id}", data={"csrf_token": token, "state": "visible"}, headers={"X-Fragment": "1"}
    )
    assert answer.headers["X-Fragment"] == "more"
    assert "Hung:" in answer.text
    assert "<html" not in answer.text


def test_an_author_reads_the_reason_and_appeals_once(app: Flask, visitor: Visitor, admin: Visitor, drawn: str) -> None:
    entry_id = drawn.rsplit("/", 1)[1]
    with app.app_context():
        moderation.decide(entry_id, "hidden", "It shouts.", None)
    assert "It shouts." in visitor.sees(drawn)
    with app.app_context():
        from game.rules import entries

        author = entries.row(entry_id).player_id
    assert "It shouts." in visitor.sees(f"/players/{author}")
    assert "It shouts." not in Visitor(app.test_client()).sees(f"/players/{author}")
    visitor.sends(drawn, f"{drawn}/appeal", text="It whispers.")
    assert "It whispers." in visitor.sees(drawn)
    assert f'action="{drawn}/appeal"' not in visitor.sees(drawn)
    assert "It whispers." in admin.sees("/admin/review")
    admin.sends("/admin/review", f"/admin/review/{entry_id}", state="visible")
    assert "It shouts." not in visitor.sees(drawn)


def test_a_banned_visitor_looks_but_writes_nowhere(app: Flask, visitor: Visitor, admin: Visitor, drawn: str) -> None:
    with app.app_context():
        from game.rules import entries

        author = entries.row(drawn.rsplit("/", 1)[1]).player_id
        assert traces.of(author)
    admin.sends("/admin/order/bans", "/admin/order/bans", player=author, reason="Too loud.", days="2", range="yes")
    token = visitor.sees(drawn).split('name="csrf_token" value="')[1].split('"')[0]
    doors = [str(rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and "<" not in str(rule)]
    free = {"/theme", "/language", "/admin/login", "/admin/sign-in", "/admin/logout"}
    for who in (visitor, Visitor(app.test_client())):
        told = token if who is visitor else who.sees("/").split('name="csrf_token" value="')[1].split('"')[0]
        shut = [door for door in doors if door not in free and not door.startswith("/you")]
        assert shut
        for door in shut:
            answer = who.client.post(door, data={"csrf_token": told}, headers={"X-CSRF-Token": told})
            assert answer.status_code == 403, door
        assert "Too loud." in who.client.post("/rooms", data={"csrf_token": told}).text
    admin.sees("/admin/review")
    page = admin.sees("/admin/order/bans")
    for ban_id in [part.split('"')[0] for part in page.split('action="/admin/order/bans/')[1:]]:
        admin.sends("/admin/order/bans", f"/admin/order/bans/{ban_id}")
    visitor.sends(drawn, f"{drawn}/report", reason="I changed my mind.")
    with app.app_context():
        assert moderation.reports(None, 9).items


def test_a_ban_that_will_not_do_comes_back_with_the_reason(admin: Visitor) -> None:
    answer = admin.sends("/admin/order/bans", "/admin/order/bans", network="everywhere", reason="Spam.", days="2")
    assert answer.status_code == 422
    assert "203.0.113.0/24" in answer.text
    assert 'value="Spam."' in answer.text


def test_the_lists_of_filters_are_kept(app: Flask, admin: Visitor) -> None:
    admin.sends("/admin/order/filters", "/admin/order/filters", text="a gun", word="brute")
    page = admin.sees("/admin/order/filters")
    assert ">a gun</textarea>" in page
    assert ">brute</textarea>" in page
    assert admin.sends("/admin/order/filters", "/admin/order/filters", text="", word="...").status_code == 422


def test_the_log_tells_who_did_what(admin: Visitor, prompt_id: str) -> None:
    assert "Every act" in admin.sees("/admin/order/log")
    admin.sends("/admin/prompts", f"/admin/prompts/{prompt_id}", state="closed")
    page = admin.sees("/admin/order/log")
    assert "admin.change_prompt" in page
    assert "<del>open</del> <ins>closed</ins>" in page


def test_held_captions_are_hung_or_taken_down(
    app: Flask, admin: Visitor, visitor: Visitor, prompt_id: str, hang: Hang
) -> None:
    from game.rules import filters

    entry = hang(prompt_id, "cat")
    with app.app_context():
        filters.write("word", "brute")
    answer = visitor.sends(f"/captions/{entry.id}", f"/captions/{entry.id}", text="a brute of a cat")
    assert "a person looks at first" in visitor.sees(answer.location)
    page = admin.sees("/admin/review/captions")
    caption_id = page.split('action="/admin/review/captions/')[1].split('"')[0]
    admin.sends("/admin/review/captions", f"/admin/review/captions/{caption_id}", state="visible")
    assert "No words wait" in admin.sees("/admin/review/captions")
    assert "a person looks at first" not in visitor.sees(answer.location)


def test_those_who_keep_order_are_never_shut_out(app: Flask, admin: Visitor) -> None:
    with app.app_context():
        bans.ban_network("127.0.0.0/8", "Everybody here.", 1, players.by_token(players.admin_token()))
    page = admin.sees("/admin/order/bans")
    ban_id = page.split('action="/admin/order/bans/')[1].split('"')[0]
    assert admin.sends("/admin/order/bans", f"/admin/order/bans/{ban_id}").status_code == 303
