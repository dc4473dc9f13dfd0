"""A full room over the API: fifty people draw and see it all; somebody is taken out; a picture is reported."""

import pytest

from game.rules.rooms import SEATS
from tests.conftest import doodle
from tests.game.api.conftest import Caller, check_problem, player


@pytest.fixture
def room(ann: Caller, red_cat: str) -> str:
    """A room of Ann's that draws the red cat, without a timer."""
    answer = ann.post("/rooms", {"name": "Ann", "texts": ["a red cat"], "machines": False})
    return answer.get_json()["room"]["id"]


def act(caller: Caller, room: str, what: str):
    """What a host does; returns the room as it is then."""
    return caller.post(f"/rooms/{room}/acts", {"act": what}).get_json()["room"]


def test_fifty_people_draw_in_one_room_and_everything_is_revealed_to_all(app, ann, bob, room):
    guests = [player(app) for _ in range(SEATS - 1)]
    for number, guest in enumerate(guests):
        assert guest.post(f"/rooms/{room}/seats", {"name": f"Guest {number}"}).status_code == 201
    told = check_problem(bob.post(f"/rooms/{room}/seats", {"name": "Bob"}), 409)
    assert "50 seats" in told["detail"]
    assert len(act(ann, room, "start")["seats"]) == SEATS
    for number, caller in enumerate([ann, *guests]):
        answer = caller.post(f"/rooms/{room}/rounds/1/drawings", doodle("red", seed=number))
        assert answer.status_code == 201, answer.text
    assert all(seat["handed_in"] for seat in guests[0].get(f"/rooms/{room}").get_json()["room"]["seats"])
    (wall,) = act(ann, room, "reveal")["walls"]
    assert len(wall["works"]) == len({work["name"] for work in wall["works"]}) == SEATS
    (seen,) = guests[-1].get(f"/rooms/{room}").get_json()["room"]["walls"]
    assert [work["yours"] for work in seen["works"]].count(True) == 1


def test_somebody_is_taken_out_and_told_kindly(ann, bob, room):
    bob.post(f"/rooms/{room}/seats", {"name": "Bob"})
    check_problem(bob.post(f"/rooms/{room}/removals", {"name": "Ann"}), 403)
    told = ann.post(f"/rooms/{room}/removals", {"name": "Bob"}).get_json()["room"]
    assert [seat["name"] for seat in told["seats"]] == ["Ann"]
    assert bob.get(f"/rooms/{room}").get_json()["room"]["removed"] is True
    refused = check_problem(bob.post(f"/rooms/{room}/seats", {"name": "Bob"}), 403)
    assert "stays yours" in refused["detail"]
    check_problem(ann.post(f"/rooms/{room}/removals", {"name": "Bob"}), 404)


def test_a_picture_of_a_room_is_reported_and_taken_down_by_a_moderator(ann, bob, admin, room):
    bob.post(f"/rooms/{room}/seats", {"name": "Bob"})
    act(ann, room, "start")
    entry = ann.post(f"/rooms/{room}/rounds/1/drawings", doodle("red")).get_json()["entry"]["id"]
    report = f"/rooms/{room}/works/{entry}/reports"
    check_problem(bob.post(report, {"reason": "not seen yet"}), 404)
    act(ann, room, "reveal")
    assert bob.post(report, {"reason": "It is rude."}).status_code == 204
    (told,) = admin.get("/reports").get_json()["items"]
    assert (told["reason"], told["entry"]["id"]) == ("It is rude.", entry)
    assert admin.post(f"/entries/{entry}/moderate", {"state": "hidden", "reason": "rude"}).status_code == 200
    (wall,) = bob.get(f"/rooms/{room}").get_json()["room"]["walls"]
    assert wall["works"] == []
