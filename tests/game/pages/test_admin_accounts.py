"""Signing in, roles at every door, invitations, sessions."""

import re

import pytest
from flask import Flask

from game.rules import accounts, players
from tests.game.pages.conftest import Visitor

PASSWORD = "seven purple ducks"


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little work."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    accounts._nobodys.cache_clear()


@pytest.fixture
def moderator(app: Flask, admin: Visitor) -> Visitor:
    """Somebody whom the administrator invited as a moderator."""
    token = admin.sees("/admin/people").split('name="csrf_token" value="')[1].split('"')[0]
    page = admin.client.post("/admin/people/invitations", data={"csrf_token": token, "role": "moderator"}).text
    found = re.search(r"/admin/login\?key=[\w-]+", page)
    assert found
    guest = Visitor(app.test_client())
    assert guest.sends(found[0], "/admin/login").location == "/admin/review"
    return guest


def test_a_name_and_a_password_open_the_door(app: Flask, admin: Visitor) -> None:
    admin.sends("/admin/account", "/admin/account", login="Ann", password=PASSWORD)
    other = Visitor(app.test_client())
    answer = other.sends("/admin/login", "/admin/sign-in", login="ann", password="wrong and long enough")
    unknown = other.sends("/admin/login", "/admin/sign-in", login="nobody", password=PASSWORD)
    told = [re.sub(r'value="[^"]*"|content="[^"]*"', "", each.text) for each in (answer, unknown)]
    assert (answer.status_code, unknown.status_code) == (403, 403)
    assert told[0] == told[1]
    assert other.client.get("/admin/prompts").location == "/admin/login"
    assert other.sends("/admin/login", "/admin/sign-in", login="ann", password=PASSWORD).location == "/admin/review"
    other.sees("/admin/prompts")


def test_a_moderator_reviews_and_does_nothing_else(app: Flask, moderator: Visitor) -> None:
    moderator.sees("/admin/review")
    moderator.sees("/admin/review/captions")
    page = moderator.sees("/admin/account")
    assert "a moderator" in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    shut = [rule for rule in app.url_map.iter_rules() if str(rule).startswith("/admin")]
    theirs = {"/admin/", "/admin/logout", "/admin/login", "/admin/sign-in"}
    shut = [
        rule
        for rule in shut
        if str(rule) not in theirs and not str(rule).startswith(("/admin/review", "/admin/account"))
    ]
    shut = [rule for rule in shut if not str(rule).startswith("/admin/oidc")]
    assert len(shut) > 10
    for rule in shut:
        path = re.sub(r"<[^>]*>", "1", str(rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = moderator.client.open(path, method=method, data={"csrf_token": token})
            assert answer.status_code == 403, (method, path)
    for method, path in (("POST", "/prompts"), ("GET", "/runs"), ("GET", "/acts")):
        answer = moderator.client.open(f"/api/v1{path}", method=method, headers={"X-CSRF-Token": token})
        assert answer.status_code == 403, path
    assert moderator.client.get("/api/v1/reports").status_code == 200


def test_a_session_can_be_ended_from_another_one(app: Flask, admin: Visitor) -> None:
    admin.sends("/admin/account", "/admin/account", login="Ann", password=PASSWORD)
    lost = Visitor(app.test_client())
    lost.sends("/admin/login", "/admin/sign-in", login="ann", password=PASSWORD)
    lost.sees("/admin/prompts")
    page = admin.sees("/admin/account")
    rows = re.findall(r"<li>.*?</li>", page, re.DOTALL)
    theirs = next(row for row in rows if "this one" not in row)
    found = re.search(r"/admin/account/sessions/\w+", theirs)
    assert found
    admin.sends("/admin/account", found[0])
    assert lost.client.get("/admin/prompts").location == "/admin/login"
    admin.sees("/admin/prompts")


def test_a_cookie_without_a_session_of_ours_opens_nothing(app: Flask, admin: Visitor) -> None:
    with app.app_context():
        keeper = accounts.keepers()[0].id
    forged = app.test_client()
    with forged.session_transaction() as kept:
        kept["player"] = keeper
    assert forged.get("/admin/prompts").location == "/admin/login"
    with forged.session_transaction() as kept:
        assert kept.get("player") != keeper


def test_logging_out_ends_the_session(app: Flask, admin: Visitor) -> None:
    admin.sends("/admin/prompts", "/admin/logout")
    with app.app_context():
        assert accounts.keepers()[0].sessions == 0


def test_roles_and_accounts_change_from_the_page(app: Flask, admin: Visitor, moderator: Visitor) -> None:
    with app.app_context():
        guest = next(one.id for one in accounts.keepers() if one.role == "moderator")
        owner = next(one.id for one in accounts.keepers() if one.role == "admin")
    assert admin.sends("/admin/people", f"/admin/people/{owner}", act="close").status_code == 409
    admin.sends("/admin/people", f"/admin/people/{guest}", act="admin")
    moderator.sees("/admin/prompts")
    admin.sends("/admin/people", f"/admin/people/{guest}", act="close")
    assert moderator.client.get("/admin/prompts").status_code == 403
    assert "Player" in admin.sees("/admin/order/log")


def test_an_invitation_can_be_taken_back(app: Flask, admin: Visitor) -> None:
    with app.app_context():
        link = players.one_time_link("moderator")
    found = re.search(r"/admin/people/invitations/\w+", admin.sees("/admin/people"))
    assert found
    admin.sends("/admin/people", found[0])
    assert "refused" in Visitor(app.test_client()).sends(link, "/admin/login").location


def test_signing_in_is_limited(prepared: object, tmp_path: object, app: Flask) -> None:
    from game import create_app

    strict = create_app({"DATA": app.config["PAINTOFF"].data, "RATE_LIMITS": "on"})
    guest = Visitor(strict.test_client())
    codes = [
        guest.sends("/admin/login", "/admin/sign-in", login="ann", password="guess").status_code for _ in range(12)
    ]
    assert codes[:10] == [403] * 10
    assert codes[10:] == [429] * 2
