"""Calls for administrators."""

import pytest

from tests.conftest import doodle
from tests.game.api.conftest import check_problem

CALLS = [
    ("POST", "/prompts", {"text": "a dog"}),
    ("PATCH", "/prompts/x", {"state": "closed"}),
    ("GET", "/reports", None),
    ("POST", "/entries/x/moderate", {"state": "hidden"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_others_are_refused_before_anything_is_looked_at(ann, app, method, path, body):
    check_problem(ann(method, path, json=body), 403)
    answer = app.test_client().open("/api/v1" + path, method=method, json=body, headers={"Authorization": "Bearer x"})
    check_problem(answer, 401)


def test_a_visitor_without_a_token_is_asked_for_one(nobody):
    check_problem(nobody.get("/reports"), 401)


def test_prompts_are_written_reworded_opened_and_closed(admin, ann):
    answer = admin.post("/prompts", {"text": "a green dog", "state": "closed"})
    assert answer.status_code == 201
    prompt = answer.get_json()["prompt"]
    check_problem(ann.post(f"/prompts/{prompt['id']}/drawings", doodle("green")), 409)
    changed = admin("PATCH", f"/prompts/{prompt['id']}", json={"text": "a blue dog", "state": "open"}).get_json()
    assert (changed["prompt"]["text"], changed["prompt"]["state"]) == ("a blue dog", "open")
    ann.draw(prompt["id"], "blue")
    ended = admin("PATCH", f"/prompts/{prompt['id']}", json={"closes_at": "2026-01-01T00:00:00+02:00"}).get_json()
    assert ended["prompt"]["closes_at"] == "2025-12-31T22:00:00Z"
    assert ended["prompt"]["state"] == "closed"
    assert ann.get("/prompts").get_json()["items"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/text"),
        ({"text": ""}, "#/text"),
        ({"text": "x", "closes_at": "tomorrow"}, "#/closes_at"),
        ({"text": "x", "closes_at": "2026-01-01T00:00:00"}, "#/closes_at"),
        ({"text": "x", "state": "ajar"}, "#/state"),
        ({"text": "x", "colour": 1}, "#/colour"),
        ([], "#"),
    ],
)
def test_a_wrong_prompt_is_refused(admin, body, pointer):
    check_problem(admin.post("/prompts", body), 422, pointer)


def test_the_same_prompt_twice_is_a_conflict(admin):
    admin.post("/prompts", {"text": "a dog"})
    check_problem(admin.post("/prompts", {"text": "a dog"}), 409)


def test_a_report_leads_to_a_decision(admin, ann, bob, red_cat):
    entry = ann.draw(red_cat)
    assert bob.post(f"/entries/{entry['id']}/reports", {"reason": "rude"}).status_code == 204
    check_problem(bob.post(f"/entries/{entry['id']}/reports", {"reason": ""}), 422, "#/reason")
    check_problem(bob.post("/entries/x/reports", {"reason": "rude"}), 404)
    (report,) = admin.get("/reports").get_json()["items"]
    assert (report["reason"], report["entry"]["id"]) == ("rude", entry["id"])
    hidden = admin.post(f"/entries/{entry['id']}/moderate", {"state": "hidden", "reason": "it is"}).get_json()["entry"]
    assert (hidden["state"], hidden["rank"]) == ("hidden", None)
    assert admin.get("/reports").get_json() == {"items": [], "next": None}


@pytest.mark.parametrize("state", ["held", "hidden"])
def test_what_does_not_hang_is_seen_by_its_author_and_administrators(admin, ann, bob, nobody, red_cat, state):
    entry = ann.draw(red_cat)
    admin.post(f"/entries/{entry['id']}/moderate", {"state": state})
    for tail in ("", "/picture.png", "/picture.png?size=64", "/seen.png", "/drawing.json", "/verdict", "/captions"):
        path = f"/entries/{entry['id']}{tail}"
        for caller in (ann, admin):
            answer = caller.get(path)
            assert answer.status_code == 200
            assert "public" not in answer.headers["Cache-Control"]
        for caller in (bob, nobody):
            check_problem(caller.get(path), 404)
    check_problem(bob.post(f"/entries/{entry['id']}/captions", {"text": "red"}), 404)
    assert bob.get(f"/prompts/{red_cat}/leaderboard").get_json()["items"] == []


def test_an_admins_key_is_kept_too(admin):
    answers = [admin.post("/prompts", {"text": "a dog"}, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[1].status_code == 201
