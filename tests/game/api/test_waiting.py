"""What the API and the pages say of a drawing that waits for the judge, and to whom."""

from __future__ import annotations

import pytest

from game import judging
from game.judging import JudgeAway
from game.rules import pending, prompts
from tests.conftest import doodle


def answer_away(*_given: object) -> object:
    raise JudgeAway("the judge at http://gpu:8100 is away", 5)


@pytest.fixture
def away(monkeypatch):
    """The judge is away; undone, it is back."""
    with monkeypatch.context() as patch:
        patch.setattr(judging, "judge_picture", answer_away)
        yield patch


@pytest.fixture
def red_cat(app):
    """An open prompt."""
    with app.app_context():
        return prompts.add("a red cat")


def bearer(client):
    """A new player's header."""
    return {"Authorization": f"Bearer {client.post('/api/v1/players').get_json()['token']}"}


def test_the_author_sees_it_and_nobody_else(app, client, away, red_cat):
    ann, bob = bearer(client), bearer(client)
    answer = client.post(f"/api/v1/prompts/{red_cat.id}/drawings", json=doodle(), headers=ann)
    told = answer.get_json()["entry"]
    assert answer.status_code == 201
    assert (told["state"], told["similarity"], told["percentile"], told["rank"], told["judge"]) == (
        "pending", None, None, None, None,
    )  # fmt: skip
    address = f"/api/v1/entries/{told['id']}"
    assert client.get(address, headers=ann).get_json() == told
    assert client.get(address + "/drawing.json", headers=ann).get_json()["ops"] == doodle()["ops"]
    picture = client.get(told["picture"], headers=ann)
    assert (picture.status_code, picture.headers["Cache-Control"]) == (200, "private, no-store")
    for path in ("", "/drawing.json", "/picture.png", "/verdict"):
        assert client.get(address + path, headers=bob).status_code == 404
    refused = client.get(address + "/verdict", headers=ann)
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    assert "kept" in refused.get_json()["detail"]
    assert client.get(f"/api/v1/prompts/{red_cat.id}/leaderboard").get_json()["items"] == []


def test_it_keeps_its_address_when_it_is_judged(app, client, away, red_cat):
    ann = bearer(client)
    told = client.post(f"/api/v1/prompts/{red_cat.id}/drawings", json=doodle(), headers=ann).get_json()["entry"]
    away.undo()
    with app.app_context():
        assert pending.settle() == 1
    entry = client.get(f"/api/v1/entries/{told['id']}").get_json()
    assert (entry["state"], entry["rank"], entry["created_at"]) == ("visible", 1, told["created_at"])
    assert client.get(f"/api/v1/entries/{told['id']}/verdict").status_code == 200


def test_the_pages_say_it_kindly_and_lead_to_the_verdict(app, client, away, red_cat):
    client.get("/")
    with client.session_transaction() as session:
        player = session["player"]
    page = client.get(f"/prompts/{red_cat.id}")
    csrf = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    told = client.post(f"/api/v1/prompts/{red_cat.id}/drawings", json=doodle(), headers={"X-CSRF-Token": csrf})
    address = f"/entries/{told.get_json()['entry']['id']}"
    for path in (address, address + "/verdict"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Your drawing is kept" in page.text
        assert 'data-every="5000"' in page.text
    assert "has yet to see" in client.get(f"/players/{player}").text
    assert app.test_client().get(address + "/verdict").status_code == 404
    asked = {"X-Fragment": "1"}
    assert client.get(address + "/verdict", headers=asked).headers["X-Fragment"] == "more"
    away.undo()
    with app.app_context():
        assert pending.settle() == 1
    verdict = client.get(address + "/verdict", headers=asked)
    assert "X-Fragment" not in verdict.headers, "a whole page, to which the browser goes"
    assert "rank" in verdict.text
    assert "has yet to see" not in client.get(f"/players/{player}").text


def test_what_waits_is_counted(app, client, away, red_cat):
    client.post(f"/api/v1/prompts/{red_cat.id}/drawings", json=doodle(), headers=bearer(client))
    assert "paintoff_pending 1.0" in client.get("/metrics").text
