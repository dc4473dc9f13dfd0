"""Who is asking: sessions, tokens, forged calls, keys that are sent twice, limits."""

import pytest

from tests.conftest import doodle
from tests.game.api.conftest import API, Caller, check_problem


def cookie_of(answer):
    """The session's cookie in an answer, None without one."""
    return next((value for value in answer.headers.getlist("Set-Cookie") if value.startswith("paintoff=")), None)


def test_the_first_request_sets_a_signed_cookie_that_scripts_cannot_read(nobody):
    cookie = cookie_of(nobody.get("/prompts"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert cookie_of(nobody.get("/prompts")) is None


def test_cookies_are_secure_where_asked_for(make_app):
    app = make_app(SECURE_COOKIES="on")
    assert "Secure" in cookie_of(app.test_client().get(API + "/prompts"))


def test_bearers_and_machines_get_no_cookie(ann, client):
    assert cookie_of(ann.get("/prompts")) is None
    for path in ("/healthz", "/readyz", "/metrics"):
        assert cookie_of(client.get(path)) is None


def test_a_visitor_who_only_looks_is_no_player_yet(app, nobody):
    from game.extensions import db
    from game.models import Player

    assert nobody.get("/me").get_json() == {"player": None, "is_admin": False}
    with app.app_context():
        assert db.session.query(Player).count() == 0


def test_a_session_draws_with_its_token_and_stays_the_same_player(client, csrf, red_cat):
    headers = {"X-CSRF-Token": csrf(client)}
    answers = [client.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers=headers) for _ in range(2)]
    players = {answer.get_json()["entry"]["player"]["id"] for answer in answers}
    assert players == {client.get(API + "/me").get_json()["player"]["id"]}


def test_a_forged_call_is_refused(client, csrf, red_cat):
    csrf(client)
    for headers in ({}, {"X-CSRF-Token": "invented"}):
        check_problem(client.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers=headers), 400)
    check_problem(client.patch(API + "/me", json={"name": "Eve"}), 400)
    assert client.get(f"{API}/prompts/{red_cat}/leaderboard").get_json()["items"] == []


def test_another_sessions_token_is_refused(app, csrf, red_cat):
    one, other = app.test_client(), app.test_client()
    csrf(one)
    headers = {"X-CSRF-Token": csrf(other)}
    check_problem(one.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers=headers), 400)


def test_an_empty_bearer_is_nobody_and_does_not_get_around_the_csrf_token(client, csrf, red_cat):
    csrf(client)
    for authorization in ("Bearer ", "Bearer invented"):
        answer = client.post(
            f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers={"Authorization": authorization}
        )
        assert answer.status_code in {400, 401}
    assert client.get(f"{API}/prompts/{red_cat}/leaderboard").get_json()["items"] == []


def test_a_token_nobody_has_is_refused(app):
    answer = Caller(app, "invented").get("/me")
    check_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_forged_cookie_is_nobody(app):
    client = app.test_client()
    client.set_cookie("paintoff", "eyJwbGF5ZXIiOiJhIn0.aaaa.bbbb")
    assert client.get(API + "/me").get_json()["player"] is None


def test_cookies_outlive_a_restart(app, make_app, csrf, red_cat):
    client = app.test_client()
    client.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers={"X-CSRF-Token": csrf(client)})
    me = client.get(API + "/me").get_json()
    later = make_app().test_client()
    later.set_cookie("paintoff", client.get_cookie("paintoff").value)
    assert later.get(API + "/me").get_json() == me


def test_the_secret_is_its_owners_only(app):
    path = app.config["PAINTOFF"].data / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(app.config["SECRET_KEY"]) == 32


def test_the_same_key_and_body_are_answered_with_the_first_result(ann, bob, red_cat, judge):
    key = {"Idempotency-Key": "once"}
    first = ann.post(f"/prompts/{red_cat}/drawings", doodle(), headers=key)
    again = ann.post(f"/prompts/{red_cat}/drawings", doodle(), headers=key)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert judge.looks == 1
    check_problem(ann.post(f"/prompts/{red_cat}/drawings", doodle("blue"), headers=key), 422)
    assert bob.post(f"/prompts/{red_cat}/drawings", doodle(), headers=key).get_json() != first.get_json()
    entry = first.get_json()["entry"]["id"]
    words = [
        ann.post(f"/entries/{entry}/captions", {"text": "red"}, headers={"Idempotency-Key": "c"}) for _ in range(2)
    ]
    assert words[0].get_json() == words[1].get_json()


def test_a_session_may_use_keys_before_it_is_a_player(client, csrf, red_cat):
    headers = {"X-CSRF-Token": csrf(client), "Idempotency-Key": "once"}
    answers = [client.post(f"{API}/prompts/{red_cat}/drawings", json=doodle(), headers=headers) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()


def test_a_refused_drawing_may_be_mended_under_the_same_key(ann, red_cat):
    key = {"Idempotency-Key": "mend"}
    check_problem(ann.post(f"/prompts/{red_cat}/drawings", {**doodle(), "ops": []}, headers=key), 422)
    assert ann.post(f"/prompts/{red_cat}/drawings", doodle(), headers=key).status_code == 201


def test_too_much_is_refused_with_when_to_come_back(make_app):
    app = make_app(RATE_LIMITS="on")
    answers = [app.test_client().post(API + "/players") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    check_problem(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_players_are_limited_one_by_one(make_app, red_cat):
    app = make_app(RATE_LIMITS="on")
    with app.app_context():
        from game.rules import players

        tokens = [players.anonymous()[1] for _ in range(2)]
    first, second = (Caller(app, token) for token in tokens)
    body = {**doodle(), "ops": []}
    answers = [first.post(f"/prompts/{red_cat}/drawings", body).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]
    assert second.post(f"/prompts/{red_cat}/drawings", body).status_code == 422


def test_limits_can_be_off(ann):
    assert {ann.get("/me").status_code for _ in range(70)} == {200}


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_only_trusted_proxies_say_who_is_calling(make_app, proxies, address):
    from flask import request

    app = make_app(PROXIES=proxies)
    seen = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    assert seen == [address]
