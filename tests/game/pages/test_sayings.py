"""Sentences made in Python: a page says them in its reader's language, the API in English, the database in none."""

import json
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from game.extensions import db
from game.models import Entry, Explanation
from game.rules import part_words, writing
from game.rules.views import EntryView, called
from game.sayings import figure, say, several
from tests.game.pages.conftest import Visitor

Hang = Callable[..., EntryView]
GERMAN, ARABIC = {"Accept-Language": "de-AT,de;q=0.9"}, {"Accept-Language": "ar"}
NOWHERE = "/entries/0000000000000000"


@pytest.fixture
def client(visitor: Visitor) -> FlaskClient:
    """Somebody's browser."""
    return visitor.client


def text_of(client: FlaskClient, address: str, headers: dict[str, str]) -> str:
    """A page as it reads."""
    return unescape(client.get(address, headers=headers).text)


def test_the_verdict_and_its_reasons_are_german_for_a_german(client: FlaskClient, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "house")
    assert "Die Jury" in text_of(client, f"/entries/{entry.id}/verdict", GERMAN)
    why = text_of(client, f"/entries/{entry.id}/why", GERMAN)
    assert "Alles in Schwarz" in why
    assert "everything in black" not in why


def test_reasons_that_were_kept_are_said_in_another_language(
    app: Flask, client: FlaskClient, prompt_id: str, hang: Hang
) -> None:
    entry = hang(prompt_id, "house")
    address = f"/entries/{entry.id}/why"
    assert "Alles in Schwarz" in text_of(client, address, GERMAN)
    with app.app_context():
        made = db.session.get_one(Explanation, entry.id)
        kept, when = json.dumps(made.told), made.made_at
    assert "Schwarz" not in kept
    assert "everything" not in kept
    assert "Everything in black" in text_of(client, address, {})
    assert "كل ما هو باللون الأسود" in text_of(client, address, ARABIC)
    with app.app_context():
        assert db.session.get_one(Explanation, entry.id).made_at == when, "worked out once"


def test_a_page_refuses_in_german_and_the_api_in_english(client: FlaskClient) -> None:
    page = client.get(NOWHERE, headers=GERMAN)
    assert page.status_code == 404
    assert "Diesen Beitrag gibt es nicht." in page.text
    for language in (GERMAN, ARABIC):
        answer = client.get(f"/api/v1{NOWHERE}", headers=language)
        assert answer.get_json()["detail"] == "There is no such entry."


def test_the_api_gives_its_reasons_in_english_whoever_asks(client: FlaskClient, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "house")
    text_of(client, f"/entries/{entry.id}/why", GERMAN)
    told = client.get(f"/api/v1/entries/{entry.id}/why", headers=GERMAN).get_json()
    assert "everything in black" in [reason["words"] for reason in told["reasons"]]
    assert "Jury" not in client.get(f"/api/v1/entries/{entry.id}/verdict", headers=GERMAN).get_json()["reason"]


def test_a_kept_penalty_is_said_to_whoever_reads_it(app: Flask, prompt_id: str, hang: Hang) -> None:
    entry = hang(prompt_id, "cat")
    read = {"kind": writing.KIND, "factor": 0.5, "read": "“cat”", "similarity": 0.1234}
    old = read | {"detail": "In the words of an older version."}
    with app.app_context():
        db.session.get_one(Entry, entry.id).penalties = [old]
        db.session.commit()
    with app.test_request_context("/entries", headers=GERMAN):
        told = writing.told(old, 0.25)
        assert told.startswith("In dieser Zeichnung steht “cat”")
        assert "0,123 statt 0,250" in told
        assert writing.told({"kind": "late", "factor": 0.5, "detail": "It came late."}, 0.25) == "It came late."
    page = app.test_client().get(f"/entries/{entry.id}", headers=GERMAN)
    assert "und Worte zählen nicht" in page.text


def test_machines_have_a_name_in_every_language(app: Flask) -> None:
    from game.rules import players

    with app.app_context():
        machine = players.machine("strokes")
        assert called(machine) == "the strokes machine", "English outside of a request"
    with app.test_request_context("/", headers=GERMAN):
        assert called(machine) == "die strokes-Maschine"


def test_without_a_server_everything_is_english() -> None:
    look = part_words.Look("long line", 1, ("black",), "top left", 2)
    assert part_words.words(look) == "the second long black line at the top left"
    assert say("%(name)s’s room", name="Ann") == "Ann’s room"
    assert several("%(num)s prompt", "%(num)s prompts", 1) == "1 prompt"
    assert (figure(1234.5, 1), figure(0.1235, 3)) == ("1,234.5", "0.123")


def test_parts_of_a_drawing_are_called_right_in_german_and_arabic(app: Flask) -> None:
    line = part_words.Look("long line", 1, ("black",), "top left", 2)
    lot = part_words.Look("strokes", 3, ("black", "red"), "middle")
    with app.test_request_context("/", headers=GERMAN):
        assert part_words.words(line) == "die lange Linie in Schwarz oben links (Nr. 2)"
        assert part_words.words(lot) == "die 3 Striche in Schwarz und Rot in der Mitte"
    with app.test_request_context("/", headers=ARABIC):
        assert part_words.words(line) == "الخط الطويل باللون الأسود في أعلى اليسار (رقم 2)"
        assert part_words.words(lot) == "الضربات الـ3 باللون الأسود والأحمر في الوسط"


def test_a_room_without_a_name_is_its_hosts_in_the_readers_language(app: Flask, visitor: Visitor) -> None:
    form = {"name": "Ann", "title": "", "source": "own", "texts": "a red cat", "seconds": "", "hangs": "room"}
    room = visitor.sends("/rooms/new", "/rooms", **form).location
    assert "Ann’s room" in text_of(visitor.client, room, {})
    assert "Raum von Ann" in text_of(visitor.client, room, GERMAN)
    told = visitor.client.get(f"/api/v1{room[room.index('/rooms') :]}", headers=GERMAN).get_json()
    assert told["room"]["title"] == "Ann’s room"
