"""Reasons over the API: for everybody who may see the entry, refused like any other call."""

from __future__ import annotations

from flask import Flask

from game.rules import explanations, moderation
from tests.game.api.conftest import Caller, check_problem


def test_a_drawing_is_explained(ann: Caller, bob: Caller, red_cat: str) -> None:
    entry = ann.draw(red_cat, "red", "blue", 0.6)
    told = bob.get(f"/entries/{entry['id']}/why").get_json()
    assert told["entry_id"] == entry["id"]
    assert told["judge"] == entry["judge"]
    assert told["similarity"] == entry["similarity"]
    assert {tuple(reason["ops"]) for reason in told["reasons"]} == {(0,), (1,)}
    by_stroke = {reason["number"]: reason for reason in told["reasons"]}
    assert by_stroke[1]["added"] > told["noise"]
    assert by_stroke[2]["added"] < -told["noise"]
    assert len(told["heat"]) == len(told["heat"][0]) == 8
    assert told["curve"][-1]["percentile"] == told["percentile"]
    assert told["sentence"].startswith("The red")


def test_a_caption_is_explained(ann: Caller, bob: Caller, red_cat: str) -> None:
    entry = ann.draw(red_cat, "red")
    caption = bob.post(f"/entries/{entry['id']}/captions", {"text": "red as blood"}).get_json()["caption"]
    told = ann.get(f"/captions/{caption['id']}/why").get_json()
    assert [word["word"] for word in told["words"]] == ["red", "as", "blood"]
    assert told["words"][0]["added"] > 0
    assert (told["tokens"], told["max_tokens"]) == (5, 77)
    assert told["similarity"] == caption["similarity"]
    assert told["warning"] is None


def test_nothing_that_is_not_there_or_not_to_be_seen_is_explained(
    app: Flask, ann: Caller, bob: Caller, red_cat: str
) -> None:
    check_problem(ann.get("/entries/nobody/why"), 404)
    check_problem(ann.get("/captions/nobody/why"), 404)
    entry = ann.draw(red_cat, "red")
    caption = ann.post(f"/entries/{entry['id']}/captions", {"text": "red"}).get_json()["caption"]
    with app.app_context():
        moderation.decide(entry["id"], "hidden", "not nice", None)
    check_problem(bob.get(f"/entries/{entry['id']}/why"), 404)
    check_problem(bob.get(f"/captions/{caption['id']}/why"), 404)
    assert ann.get(f"/entries/{entry['id']}/why").status_code == 200


def test_whoever_asks_while_others_are_served_may_come_back(ann: Caller, red_cat: str, monkeypatch) -> None:
    entry = ann.draw(red_cat, "red")
    monkeypatch.setattr(explanations, "PATIENCE", 1)
    with explanations._desk:
        answer = ann.get(f"/entries/{entry['id']}/why")
    check_problem(answer, 503)
    assert int(answer.headers["Retry-After"]) >= 1
    assert ann.get(f"/entries/{entry['id']}/why").status_code == 200
