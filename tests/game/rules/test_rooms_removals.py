"""Taking somebody out of a room: their seat and what nobody has seen of theirs; they do not come back."""

import pytest
from sqlalchemy import select

from game.extensions import db
from game.models import Entry, RoomWork
from game.rules import drawing, players, rooms, rooms_removals, rooms_sheets, rooms_views
from game.rules.refusals import Conflict, Forbidden, Missing
from game.rules.rooms import Terms
from tests.conftest import doodle


@pytest.fixture
def room(ann, bob, red_cat):
    """A room of Ann's with two prompts, in which Bob sits."""
    room_id = rooms.open_room(ann, Terms(name="Ann", texts=["a red cat", "our lunch"], seconds=None))
    rooms.come_in(room_id, bob, "Bob")
    return room_id


def hand_in(room_id, player, number=1):
    return rooms_sheets.hand_in(room_id, number, drawing.parse(doodle("red")), player)


def works(room_id):
    rows = select(RoomWork.round, RoomWork.player_id).where(RoomWork.room_id == room_id)
    return {(number, player_id) for number, player_id in db.session.execute(rows)}


def test_the_seat_goes_and_what_is_covered_but_nothing_that_was_revealed(room, ann, bob):
    rooms.act(room, ann, "start")
    hand_in(room, bob)
    rooms.act(room, ann, "reveal")
    rooms.act(room, ann, "next")
    hand_in(room, ann, 2)
    covered = hand_in(room, bob, 2)
    rooms_removals.remove(room, ann, " bob ")
    assert works(room) == {(1, bob.id), (2, ann.id)}
    assert db.session.get(Entry, covered).player_id == bob.id, "the drawing stays its maker's"
    assert [seat.name for seat in rooms_views.view(room, ann).seats] == ["Ann"]


def test_who_was_taken_out_is_told_and_cannot_come_back_nor_hand_in(room, ann, bob):
    rooms.act(room, ann, "start")
    rooms_removals.remove(room, ann, "Bob")
    told = rooms_views.view(room, bob)
    assert (told.removed, told.you) == (True, None)
    assert rooms_views.view(room, ann).removed is False
    for again in (lambda: rooms.come_in(room, bob, "Bob"), lambda: rooms.come_in(room, bob, "Rob")):
        with pytest.raises(Forbidden, match="stays yours"):
            again()
    with pytest.raises(Forbidden, match="stays yours"):
        hand_in(room, bob)
    assert works(room) == set()


def test_a_drawing_under_the_judges_eyes_when_its_maker_is_taken_out_does_not_hang(room, ann, bob, monkeypatch):
    rooms.act(room, ann, "start")
    judged = rooms_sheets.entries.hand_in

    def slow(*given, **more):
        entry = judged(*given, **more)
        rooms_removals.remove(room, ann, "Bob")
        return entry

    monkeypatch.setattr(rooms_sheets.entries, "hand_in", slow)
    with pytest.raises(Forbidden):
        hand_in(room, bob)
    assert works(room) == set()


def test_only_the_host_takes_out_and_not_themselves(room, ann, bob):
    with pytest.raises(Forbidden):
        rooms_removals.remove(room, bob, "Ann")
    with pytest.raises(Conflict):
        rooms_removals.remove(room, ann, "Ann")
    with pytest.raises(Missing):
        rooms_removals.remove(room, ann, "Cleo")
    assert len(rooms_views.view(room, ann).seats) == 2


def test_the_seat_is_free_for_somebody_else(room, ann, monkeypatch):
    monkeypatch.setattr(rooms, "SEATS", 2)
    cleo = players.anonymous()[0]
    with pytest.raises(Conflict):
        rooms.come_in(room, cleo, "Cleo")
    rooms_removals.remove(room, ann, "Bob")
    rooms.come_in(room, cleo, "Cleo")
    assert [seat.name for seat in rooms_views.view(room, ann).seats] == ["Ann", "Cleo"]
