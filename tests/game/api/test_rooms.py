"""Rooms over the API: opened, entered, drawn in, followed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from game.extensions import db
from game.models import RoomRound
from game.rules.rooms_sheets import GRACE
from game.tables import now
from tests.conftest import doodle
from tests.game.api.conftest import Caller, check_problem


@pytest.fixture
def room(ann: Caller, red_cat: str) -> str:
    """A room of Ann's that draws the red cat; Bob is not in it."""
    answer = ann.post("/rooms", {"name": "Ann", "texts": ["a red cat"], "seconds": 60})
    assert answer.status_code == 201, answer.text
    return answer.get_json()["room"]["id"]


def act(caller: Caller, room: str, what: str):
    """What a host does."""
    return caller.post(f"/rooms/{room}/acts", {"act": what})


def test_a_team_draws_and_sees_everything_at_the_reveal(ann, bob, room):
    assert bob.post(f"/rooms/{room}/seats", {"name": "Bob"}).status_code == 201
    told = act(ann, room, "start").get_json()["room"]
    assert told["round"]["text"] == "a red cat"
    assert 0 < told["round"]["seconds_left"] <= 60
    for caller, colour in ((ann, "red"), (bob, "blue")):
        answer = caller.post(f"/rooms/{room}/rounds/1/drawings", doodle(colour))
        assert answer.status_code == 201
        assert list(answer.get_json()["entry"]) == ["id"]
    seen = bob.get(f"/rooms/{room}").get_json()["room"]
    assert [(seat["name"], seat["handed_in"], seat["you"]) for seat in seen["seats"]] == [
        ("Ann", True, False),
        ("Bob", True, True),
    ]
    assert seen["walls"] == []
    (wall,) = act(ann, room, "reveal").get_json()["room"]["walls"]
    assert [(work["name"], work["rank"], work["of"]) for work in wall["works"]] == [("Ann", 1, 2), ("Bob", 2, 2)]
    picture = bob.get(wall["works"][0]["picture"].removeprefix("/api/v1"))
    assert picture.mimetype == "image/png"
    assert "public" not in picture.headers["Cache-Control"]
    check_problem(bob.get(f"/entries/{wall['works'][0]['entry_id']}"), 404)


def test_a_drawing_that_is_sent_twice_arrives_once(ann, room):
    act(ann, room, "start")
    path, key = f"/rooms/{room}/rounds/1/drawings", {"Idempotency-Key": "k1"}
    first, second = (ann.post(path, doodle("red"), headers=key) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.get_json() == second.get_json()


def test_what_is_too_late_is_refused_and_told(app, ann, room):
    act(ann, room, "start")
    with app.app_context():
        db.session.execute(update(RoomRound).values(ends_at=now() - GRACE - timedelta(seconds=1)))
        db.session.commit()
    assert ann.get(f"/rooms/{room}").get_json()["room"]["round"]["seconds_left"] == 0
    told = check_problem(ann.post(f"/rooms/{room}/rounds/1/drawings", doodle("red")), 409)
    assert "still on your sheet" in told["detail"]


def test_a_room_refuses_strangers_guesses_and_those_who_are_not_its_host(ann, bob, nobody, room):
    act(ann, room, "start")
    check_problem(bob.post(f"/rooms/{room}/rounds/1/drawings", doodle("red")), 403)
    check_problem(act(bob, room, "reveal"), 403)
    check_problem(ann.post(f"/rooms/{room}/rounds/9/drawings", doodle("red")), 404)
    check_problem(nobody.get(f"/rooms/{room[:-1]}"), 404)
    check_problem(nobody.get(f"/rooms/{room[:-1]}/events"), 404)
    check_problem(act(bob, room, "lead"), 403)
    check_problem(bob.post(f"/rooms/{room}/seats", {"name": " ann "}), 422, "#/name")
    check_problem(act(ann, room, "start"), 409)
    check_problem(act(ann, room, "dance"), 422, "#/act")
    check_problem(ann.post("/rooms", {"name": "Ann", "seconds": 3}), 422, "#/seconds")


def test_who_leaves_has_no_seat(ann, bob, room):
    bob.post(f"/rooms/{room}/seats", {"name": "Bob"})
    assert act(bob, room, "leave").status_code == 200
    told = bob.get(f"/rooms/{room}").get_json()["room"]
    assert told["you"] is None
    assert len(told["seats"]) == 1


def test_changes_are_heard_as_they_happen_and_after_a_broken_line(app, ann, nobody, room):
    stream = iter(nobody.get(f"/rooms/{room}/events").response)
    assert next(stream).startswith(b"retry:")
    first = next(stream).decode()
    assert first.startswith("id: ")
    assert "event: room" in first
    act(ann, room, "start")
    second = next(stream).decode()
    known = int(first.split("\n")[0].removeprefix("id: "))
    assert int(second.split("\n")[0].removeprefix("id: ")) > known
    again = iter(nobody.get(f"/rooms/{room}/events", headers={"Last-Event-ID": str(known)}).response)
    next(again)
    assert next(again).decode() == second


def test_where_too_many_listen_the_rest_is_told_to_ask(app, nobody, room, monkeypatch):
    from game.api.streams import ROOM_TAIL

    monkeypatch.setattr(app.extensions[ROOM_TAIL], "_capacity", 0)
    assert nobody.get(f"/rooms/{room}/events").status_code == 204
