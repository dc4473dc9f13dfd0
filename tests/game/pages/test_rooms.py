"""A room's pages, without JavaScript: open, come in, be the host, look at the walls, take them home."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from game.extensions import db
from game.models import Report, Room, RoomSeat
from game.rules import drawing, players, rooms, rooms_sheets
from game.rules.rooms import Terms
from tests import doodles
from tests.game.pages.conftest import Visitor

FORM = {"name": "Ann", "title": "Team lunch", "source": "own", "texts": "a cat\nour Monday meeting", "seconds": "",
        "hangs": "room", "machines": "on"}  # fmt: skip


@pytest.fixture
def guest(app: Flask) -> Visitor:
    """Somebody who was sent the link."""
    return Visitor(app.test_client())


@pytest.fixture
def room(visitor: Visitor) -> str:
    """The address of a room that the visitor has opened."""
    answer = visitor.sends("/rooms/new", "/rooms", **FORM)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.fixture
def hand_in(app: Flask) -> Callable[..., str]:
    """Lets the player of a name hand a doodle in."""

    def _hand_in(address: str, name: str, word: str, number: int = 1) -> str:
        room_id = address.rsplit("/", 1)[1]
        with app.app_context():
            seat = select(RoomSeat.player_id).where(RoomSeat.room_id == room_id, RoomSeat.name == name)
            player = players.get(db.session.scalars(seat).one())
            return rooms_sheets.hand_in(room_id, number, drawing.parse(doodles.drawing(word)), player)

    return _hand_in


def test_a_room_is_opened_with_a_form_and_shows_its_link(visitor, room):
    page = visitor.sees(room)
    assert "Team lunch" in page
    assert f'value="http://localhost{room}"' in page
    assert "2 prompts, no timer, machines may join" in page
    assert "What is drawn here stays here" in page
    assert "our Monday meeting" not in page
    assert visitor.client.get(room).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_room_form_is_reached_from_home_and_from_every_page(visitor):
    assert visitor.sees("/").count('href="/rooms/new"') >= 2


def test_a_prompt_can_be_taken_into_a_room(visitor, prompt_id):
    text = re.search(r"<h1[^>]*><bdi[^>]*>(.*?)</bdi></h1>", visitor.sees(f"/prompts/{prompt_id}"))
    assert text
    assert f">{text[1]}</textarea>" in visitor.sees(f"/rooms/new?prompt={prompt_id}")


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"texts": " \n"}, "at least one prompt"), ({"name": " "}, "at least one letter"), ({"title": "t" * 61}, "60")],
)
def test_what_will_not_do_is_told_and_nothing_typed_is_lost(app, visitor, fields, says):
    answer = visitor.sends("/rooms/new", "/rooms", **{**FORM, "texts": "my very own words", **fields})
    assert answer.status_code == 422
    assert says in answer.text
    assert fields.get("texts") or "my very own words" in answer.text
    with app.app_context():
        from game.extensions import db

        assert db.session.query(Room).count() == 0


def test_who_has_the_link_comes_in_under_a_name(visitor, guest, room):
    page = guest.sees(room)
    assert "Come in" in page
    assert "Start" not in page
    refused = guest.sends(room, f"{room}/seat", name="ann")
    assert refused.status_code == 422
    assert "Add a letter" in refused.text
    assert guest.sends(room, f"{room}/seat", name="Bob").status_code == 303
    assert "Ann starts when everybody is here" in guest.sees(room)
    assert ">Bob</span>" in visitor.sees(room)
    assert guest.sends(room, f"{room}/leave").status_code == 303
    assert "Come in" in guest.sees(room)


def test_a_full_room_says_so_kindly(monkeypatch, guest, room):
    monkeypatch.setattr(rooms, "SEATS", 1)
    answer = guest.sends(room, f"{room}/seat", name="Bob")
    assert answer.status_code == 409
    assert "seats of this room are taken" in answer.text


def test_the_host_leads_a_room_from_the_lobby_to_its_walls(visitor, guest, room, hand_in):
    guest.sends(room, f"{room}/seat", name="Bob")
    assert guest.client.get(f"{room}/draw").status_code == 303
    assert visitor.sends(room, f"{room}/act", act="start").status_code == 303
    page = guest.sees(room)
    assert f'href="{room}/draw"' in page
    sheet = guest.sees(f"{room}/draw")
    assert f'data-post="/api/v1{room}/rounds/1/drawings"' in sheet
    assert f'data-then="{room}"' in sheet
    assert f'data-kept="room-{room.rsplit("/", 1)[1]}-1"' in sheet
    assert ">Bob</strong>" in sheet
    hand_in(room, "Ann", "cat")
    hand_in(room, "Bob", "duck")
    assert "Yours is in" in guest.sees(room)
    assert "picture.png" not in guest.sees(room)
    assert visitor.client.get(f"{room}/page").status_code == 303
    visitor.sends(room, f"{room}/act", act="reveal")
    page = guest.sees(room)
    assert page.count("/picture.png") == 2
    assert "Rank </span>1" in page
    assert "Rank </span>2" in page
    visitor.sends(room, f"{room}/act", act="next")
    assert "our Monday meeting" in guest.sees(room)
    visitor.sends(room, f"{room}/act", act="end")
    page = guest.sees(room)
    assert "The room has ended" in page
    assert "Over all prompts" in page
    assert "Nobody handed anything in" in page


def test_a_live_piece_of_the_room_is_sent_alone(visitor, room):
    answer = visitor.client.get(room, headers={"X-Fragment": "1"})
    assert answer.headers["X-Fragment"] == "more"
    assert "<html" not in answer.text
    assert "Who is here" in answer.text


def test_the_walls_are_one_file_that_needs_nothing_else(visitor, room, hand_in):
    visitor.sends(room, f"{room}/act", act="start")
    hand_in(room, "Ann", "cat")
    visitor.sends(room, f"{room}/act", act="reveal")
    shown = visitor.sees(f"{room}/page")
    assert "Drawn by Ann" in shown
    saved = visitor.client.get(f"{room}/page?save=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    sources = re.findall(r'(?:src|href)="([^"]*)"', saved.text)
    assert len(sources) == 2
    assert all(source.startswith("data:") for source in sources)
    assert "<script" not in saved.text


def test_a_host_comes_back_with_their_session_and_another_takes_over_only_when_they_are_gone(visitor, guest, room):
    guest.sends(room, f"{room}/seat", name="Bob")
    assert "Be the host" not in guest.sees(room)
    again = Visitor(visitor.client)  # a new tab of the same browser
    assert 'value="start"' in again.sees(room)


def test_a_room_that_is_gone_says_how_long_rooms_last(visitor):
    assert "a month after" in visitor.sees("/rooms/0123456789", 404)


def test_public_rooms_say_so_before_anybody_comes_in(visitor, guest):
    answer = visitor.sends("/rooms/new", "/rooms", **{**FORM, "hangs": "wall"})
    assert "hangs on the public walls, too" in guest.sees(answer.headers["Location"])


def test_the_terms_of_a_form_are_those_of_the_rules():
    assert Terms("Ann").hangs == "room"


def test_the_host_takes_somebody_out_who_is_told_kindly(visitor, guest, room):
    guest.sends(room, f"{room}/seat", name="Bob")
    assert "Take out Bob" not in guest.sees(room), "it is the host's to do"
    assert "Take out Bob" in visitor.sees(room)
    assert visitor.sends(room, f"{room}/remove", name="Bob").status_code == 303
    page = visitor.sees(room)
    assert "Bob is no longer in the room" in page
    assert "Take somebody out" not in page
    page = guest.sees(room)
    assert "the jury holds nothing against you" in page
    assert f'action="{room}/seat"' not in page
    token = guest.sees("/").split('name="csrf-token" content="')[1].split('"')[0]
    refused = guest.client.post(f"{room}/seat", data={"name": "Bob", "csrf_token": token})
    assert refused.status_code == 403


def test_a_picture_of_a_room_is_reported_where_it_hangs(app, visitor, guest, room, hand_in):
    guest.sends(room, f"{room}/seat", name="Bob")
    visitor.sends(room, f"{room}/act", act="start")
    entry = hand_in(room, "Ann", "cat")
    visitor.sends(room, f"{room}/act", act="reveal")
    address = f"{room}/works/{entry}/report"
    assert address not in visitor.sees(room), "nobody reports themselves"
    assert guest.sends(room, address, reason="It is rude.").status_code == 303
    assert "A person will look at it" in guest.sees(room)
    with app.app_context():
        (report,) = db.session.scalars(select(Report))
        assert (report.entry_id, report.reason) == (entry, "It is rude.")
