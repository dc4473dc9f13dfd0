"""Glances over the API: gzipped or not, refused kindly, counted apart from everything else."""

import gzip
import json
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from game.rules import glances
from tests.conftest import doodle
from tests.game.api.conftest import API, Caller, check_problem, player


def test_a_drawing_under_way_is_looked_at_and_does_not_hang(ann: Caller, red_cat: str) -> None:
    told = ann.post(f"/prompts/{red_cat}/glance", doodle("red")).get_json()
    assert told.keys() == {"judge", "similarity", "percentile", "noise"}
    worse = ann.post(f"/prompts/{red_cat}/glance", doodle("blue")).get_json()
    assert worse["similarity"] < told["similarity"]
    assert ann.get(f"/prompts/{red_cat}").get_json()["entries"] == 0
    assert ann.draw(red_cat, "red")["similarity"] == told["similarity"]


def test_a_long_drawing_may_come_gzipped(ann: Caller, red_cat: str) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = ann.post(f"/prompts/{red_cat}/glance", data=gzip.compress(json.dumps(doodle()).encode()), headers=headers)
    assert answer.get_json()["similarity"] > 0


def test_a_busy_judge_says_when_to_come_back(ann: Caller, red_cat: str) -> None:
    with glances._desk, glances._desk:
        answer = ann.post(f"/prompts/{red_cat}/glance", doodle())
    told = check_problem(answer, 503)
    assert "Nothing of yours is lost" in told["detail"]
    assert int(answer.headers["Retry-After"]) >= 1


def test_what_cannot_be_handed_in_is_not_looked_at(ann: Caller, red_cat: str) -> None:
    check_problem(ann.post(f"/prompts/{red_cat}/glance", {**doodle(), "ops": []}), 422, "#/ops")
    check_problem(ann.post(f"/prompts/{red_cat}/glance", {"format": 2}), 422)
    check_problem(ann.post("/prompts/nothing/glance", doodle()), 404)


def test_a_visitor_without_the_pages_token_gets_none(
    client: FlaskClient, red_cat: str, csrf: Callable[[FlaskClient], str]
) -> None:
    path = f"{API}/prompts/{red_cat}/glance"
    check_problem(client.post(path, json=doodle()), 400)
    assert client.post(path, json=doodle(), headers={"X-CSRF-Token": csrf(client)}).status_code == 200


def test_looking_too_often_does_not_keep_a_drawing_from_being_handed_in(
    make_app: Callable[..., Flask], red_cat: str
) -> None:
    ann = player(make_app(RATE_LIMITS="on"))
    answers = [ann.post(f"/prompts/{red_cat}/glance", doodle()) for _ in range(61)]
    assert [answer.status_code for answer in answers[:60]] == [200] * 60
    check_problem(answers[-1], 429)
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert ann.draw(red_cat)["state"] == "visible"
