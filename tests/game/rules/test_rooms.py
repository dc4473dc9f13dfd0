"""Rooms: a team draws together, under a host, against the server's clock, and sees everything at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from game.extensions import db
from game.models import Entry, Player, Prompt, Room, RoomRound, RoomSeat, RoomWork
from game.pending import Pending
from game.rules import (
    drawing,
    entries,
    imports,
    pending,
    players,
    prompts,
    rooms,
    rooms_news,
    rooms_sheets,
    rooms_views,
    rooms_walls,
)
from game.rules.refusals import Conflict, Forbidden, Invalid, Missing
from game.rules.rooms import Terms
from game.tables import new_id, now
from tests.conftest import doodle
from tests.fakes import ColourJudge

Opens = Callable[..., str]


@pytest.fixture
def opens(ann: Player, red_cat) -> Opens:
    """Ann opens a room that draws the red cat, unless told otherwise."""

    def open_room(**terms: object) -> str:
        return rooms.open_room(ann, Terms(**{"name": "Ann", "texts": ["a red cat"], "seconds": None, **terms}))

    return open_room


def hand_in(room_id: str, player: Player, *colours: object, number: int = 1) -> str:
    """Hands a doodle in."""
    return rooms_sheets.hand_in(room_id, number, drawing.parse(doodle(*colours)), player)


def move(room_id: str, **columns: timedelta) -> None:
    """Lets a round's moments lie somewhere else than now."""
    moments = {name: now() + by for name, by in columns.items()}
    db.session.execute(update(RoomRound).where(RoomRound.room_id == room_id).values(**moments))
    db.session.commit()


def test_a_room_has_a_long_key_a_host_and_rounds(opens, ann):
    room_id = opens(texts=["a red cat", "a red cat", " our  Monday meeting ", ""], title="Team lunch")
    told = rooms_views.view(room_id, ann)
    assert len(room_id) == 26
    assert (told.title, told.state, told.rounds, told.round) == ("Team lunch", "lobby", 2, None)
    assert [(seat.name, seat.host, seat.you) for seat in told.seats] == [("Ann", True, True)]
    own = db.session.scalars(select(RoomRound.own).where(RoomRound.room_id == room_id).order_by(RoomRound.number)).all()
    assert own == [False, True]


def test_own_words_are_no_public_prompt(opens):
    opens(texts=["our Monday meeting"])
    assert [prompt.text for prompt in prompts.listing("new", None, 10).items] == ["a red cat"]


def test_the_jury_picks_open_prompts_first_those_a_machine_has_painted(opens, machine, enter):
    for i in range(6):
        prompts.add(f"a blue thing {i}")
    painted = prompts.add("a green cat")
    enter(painted, machine, "green")
    room_id = opens(texts=[], picked=2)
    drawn = db.session.scalars(select(RoomRound.prompt_id).where(RoomRound.room_id == room_id)).all()
    assert len(drawn) == 2
    assert painted.id in drawn


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        ({"texts": [f"thing {i}" for i in range(11)]}, "#/texts"),
        ({"texts": ["a \x07 bell"]}, "#/text"),
        ({"texts": [], "picked": 0}, "#/picked"),
        ({"seconds": 5}, "#/seconds"),
        ({"hangs": "everywhere"}, "#/hangs"),
        ({"title": "t" * 61}, "#/title"),
        ({"name": " "}, "#/name"),
    ],
)
def test_terms_that_will_not_do_are_refused_and_open_nothing(opens, terms, pointer):
    with pytest.raises(Invalid) as refusal:
        opens(**terms)
    db.session.rollback()
    assert refusal.value.pointer == pointer
    assert db.session.scalars(select(Room.id)).all() == []


def test_without_open_prompts_there_is_nothing_to_pick(opens):
    db.session.execute(update(Prompt).values(state="closed"))
    with pytest.raises(Missing, match="words of your own"):
        opens(texts=[])


def test_fifty_people_have_room_and_a_free_seat_is_taken_again(opens, bob):
    room_id = opens()
    guests = [players.ensure(new_id()) for _ in range(rooms.SEATS - 1)]
    for i, guest in enumerate(guests):
        rooms.come_in(room_id, guest, f"Guest {i}")
    with pytest.raises(Conflict, match="50 seats"):
        rooms.come_in(room_id, bob, "Bob")
    rooms.come_in(room_id, guests[3], "Guest three")  # who has a seat may still change their name
    rooms.leave(room_id, guests[0])
    rooms.come_in(room_id, bob, "Bob")
    assert len(rooms_views.view(room_id, bob).seats) == rooms.SEATS


def test_a_name_sits_once_in_a_room_and_is_not_the_name_on_public_walls(opens, ann, bob):
    room_id = opens()
    with pytest.raises(players.NameRefused, match="Add a letter"):
        rooms.come_in(room_id, bob, "ANN")
    rooms.come_in(room_id, bob, "Robert from sales")
    assert players.get(bob.id).name == "Bob"


def test_only_the_host_goes_on_and_asking_twice_does_nothing_twice(opens, ann, bob):
    prompts.add("a blue dog")
    room_id = opens(texts=["a red cat", "a blue dog"])
    rooms.come_in(room_id, bob, "Bob")
    with pytest.raises(Forbidden):
        rooms.act(room_id, bob, "start")
    rooms.act(room_id, ann, "start")
    for too_late in ("start", "next"):
        with pytest.raises(Conflict):
            rooms.act(room_id, ann, too_late)
    rooms.act(room_id, ann, "reveal")
    rooms.act(room_id, ann, "next")
    told = rooms_views.view(room_id, bob)
    assert told.round is not None
    assert (told.state, told.round.number, told.round.text) == ("drawing", 2, "a blue dog")
    rooms.act(room_id, ann, "reveal")
    with pytest.raises(Conflict, match="last prompt"):
        rooms.act(room_id, ann, "next")
    rooms.act(room_id, ann, "end")
    assert rooms_views.view(room_id, bob).state == "ended"
    with pytest.raises(Conflict):
        rooms.come_in(room_id, players.ensure(new_id()), "Late")


def test_nothing_is_shown_before_the_reveal_and_then_everything_with_ranks(opens, ann, bob, machine, enter, red_cat):
    painted = enter(red_cat, machine, "red", "blue", 0.5)
    room_id = opens()
    rooms.come_in(room_id, bob, "Bob")
    rooms.act(room_id, ann, "start")
    by_ann, by_bob = hand_in(room_id, ann, "red"), hand_in(room_id, bob, "blue")
    before = rooms_views.view(room_id, bob)
    assert before.walls == []
    assert [seat.handed_in for seat in before.seats] == [True, True]
    assert rooms_walls.picture(room_id, by_bob, bob.id)
    with pytest.raises(Missing):
        rooms_walls.picture(room_id, by_ann, bob.id)
    rooms.act(room_id, ann, "reveal")
    (wall,) = rooms_views.view(room_id, bob).walls
    assert [(work.rank, work.name, work.kind, work.yours) for work in wall.works] == [
        (1, "Ann", "human", False),
        (2, "the strokes machine", "ai", False),
        (3, "Bob", "human", True),
    ]
    assert [work.entry_id for work in wall.works] == [by_ann, painted.id, by_bob]
    assert rooms_walls.picture(room_id, by_ann, None)


def test_as_good_as_equal_drawings_share_a_rank(opens, ann, bob):
    room_id = opens(machines=False)
    rooms.come_in(room_id, bob, "Bob")
    rooms.act(room_id, ann, "start")
    hand_in(room_id, ann, "red")
    hand_in(room_id, bob, "red")
    rooms.act(room_id, ann, "reveal")
    (wall,) = rooms_views.view(room_id, ann).walls
    assert [(work.rank, work.tied, work.of) for work in wall.works] == [(1, True, 2), (1, True, 2)]
    assert [one.firsts for one in rooms_views.view(room_id, ann).standings] == [1, 1]


def test_machines_that_are_not_asked_do_not_hang(opens, ann, machine, enter, red_cat):
    enter(red_cat, machine, "red")
    room_id = opens(machines=False)
    rooms.act(room_id, ann, "start")
    rooms.act(room_id, ann, "reveal")
    assert rooms_views.view(room_id, ann).walls[0].works == []


def test_a_rooms_drawings_are_on_no_public_wall_unless_the_host_said_so(opens, ann, red_cat):
    for hangs, count in (("room", 0), ("wall", 1)):
        room_id = opens(hangs=hangs)
        rooms.act(room_id, ann, "start")
        entry_id = hand_in(room_id, ann, "red")
        assert entries.leaderboard(red_cat.id, "all", None, 10).items == []
        rooms.act(room_id, ann, "reveal")
        shown = entries.leaderboard(red_cat.id, "all", None, 10).items
        assert [entry.id for entry in shown] == [entry_id] * count
        assert prompts.get(red_cat.id).entries == count
    assert entries.of_player(ann.id, None, 10).items == shown


def test_a_rooms_drawings_are_not_exported_even_with_the_hidden_ones(opens, ann):
    room_id = opens()
    rooms.act(room_id, ann, "start")
    hand_in(room_id, ann, "red")
    assert list(imports.records(hidden=True)) == []


def test_own_words_hang_in_the_room_even_where_the_rest_hangs_publicly(opens, ann):
    room_id = opens(texts=["our Monday meeting"], hangs="wall")
    rooms.act(room_id, ann, "start")
    entry_id = hand_in(room_id, ann, "red")
    rooms.act(room_id, ann, "reveal")
    assert entries.row(entry_id).state == "room"


def test_what_arrives_while_it_is_revealed_hangs_where_the_rest_does(opens, ann, red_cat):
    room_id = opens(hangs="wall")
    rooms.act(room_id, ann, "start")
    rooms.act(room_id, ann, "reveal")
    entry_id = hand_in(room_id, ann, "red")
    assert entries.row(entry_id).state == "visible"
    assert prompts.get(red_cat.id).entries == 1


def test_the_server_keeps_time_and_gives_a_little_grace(opens, ann):
    room_id = opens(seconds=60)
    with pytest.raises(Conflict, match="not on yet"):
        hand_in(room_id, ann, "red")
    rooms.act(room_id, ann, "start")
    left = rooms_views.view(room_id, ann).round.seconds_left
    assert left is not None
    assert 0 < left <= 60
    move(room_id, ends_at=timedelta(seconds=-1))
    stamp = rooms_views.view(room_id, ann).stamp
    assert rooms_views.view(room_id, ann).round.seconds_left == 0
    hand_in(room_id, ann, "red")
    assert rooms_views.view(room_id, ann).stamp != stamp
    move(room_id, ends_at=-rooms_sheets.GRACE - timedelta(seconds=1))
    with pytest.raises(Conflict, match="still on your sheet"):
        hand_in(room_id, ann, "blue")


def test_the_end_of_the_time_changes_the_stamp_without_anybody_doing_anything(opens, ann):
    room_id = opens(seconds=60)
    rooms.act(room_id, ann, "start")
    stamp = rooms_views.view(room_id, ann).stamp
    assert rooms_views.view(room_id, ann).stamp == stamp
    move(room_id, ends_at=timedelta(seconds=-1))
    assert rooms_views.view(room_id, ann).stamp != stamp


def test_who_draws_again_hangs_once_with_the_latest(opens, ann):
    room_id = opens()
    rooms.act(room_id, ann, "start")
    hand_in(room_id, ann, "blue")
    latest = hand_in(room_id, ann, "red")
    rooms.act(room_id, ann, "reveal")
    (wall,) = rooms_views.view(room_id, ann).walls
    assert [work.entry_id for work in wall.works] == [latest]


def test_late_comers_draw_along_and_who_leaves_stays_on_the_wall(opens, ann, bob):
    room_id = opens()
    rooms.act(room_id, ann, "start")
    with pytest.raises(Forbidden, match="no seat"):
        hand_in(room_id, bob, "red")
    rooms.come_in(room_id, bob, "Bob")
    hand_in(room_id, bob, "red")
    rooms.leave(room_id, bob)
    rooms.act(room_id, ann, "reveal")
    told = rooms_views.view(room_id, bob)
    assert told.you is None
    assert [(work.name, work.yours) for work in told.walls[0].works] == [("Bob", True)]


def test_somebody_takes_over_from_a_host_who_is_gone_and_only_then(opens, ann, bob):
    room_id = opens()
    rooms.come_in(room_id, bob, "Bob")
    with pytest.raises(Conflict, match="The host is here"):
        rooms.take_over(room_id, bob)
    long_ago = now() - rooms.AWAY - timedelta(seconds=1)
    db.session.execute(update(RoomSeat).where(RoomSeat.player_id == ann.id).values(seen_at=long_ago))
    db.session.commit()
    assert rooms_views.view(room_id, bob).free
    rooms.take_over(room_id, bob)
    rooms.act(room_id, bob, "start")
    with pytest.raises(Forbidden):
        rooms.act(room_id, ann, "reveal")


def test_looking_at_a_room_is_being_there(opens, ann, bob):
    room_id = opens()
    rooms.come_in(room_id, bob, "Bob")
    long_ago = now() - timedelta(minutes=2)
    db.session.execute(update(RoomSeat).values(seen_at=long_ago))
    db.session.commit()
    assert [seat.here for seat in rooms_views.view(room_id, None).seats] == [False, False]
    assert [seat.here for seat in rooms_views.view(room_id, bob).seats] == [False, True]


def test_while_the_judge_is_away_a_drawing_waits_in_its_room(opens, ann, judge: ColourJudge, monkeypatch):
    from game import judging

    def away(*_: object) -> None:
        raise judging.JudgeAway("gone")

    room_id = opens(hangs="wall")
    rooms.act(room_id, ann, "start")
    with monkeypatch.context() as patch:
        patch.setattr(judge, "embed_images", away)
        entry_id = hand_in(room_id, ann, "red")
    assert db.session.get_one(Pending, entry_id).hangs == "room"
    rooms.act(room_id, ann, "reveal")
    (wall,) = rooms_views.view(room_id, ann).walls
    assert [(work.name, work.rank, work.percentile) for work in wall.works] == [("Ann", None, None)]
    assert pending.settle() == 1
    (wall,) = rooms_views.view(room_id, ann).walls
    assert [(work.rank, work.public) for work in wall.works] == [(1, True)]


def test_what_moderation_takes_down_is_gone_from_the_room_too(opens, ann):
    from game.rules import moderation

    room_id = opens()
    rooms.act(room_id, ann, "start")
    entry_id = hand_in(room_id, ann, "red")
    rooms.act(room_id, ann, "reveal")
    moderation.decide(entry_id, "hidden", "not nice", None)
    assert rooms_views.view(room_id, ann).walls[0].works == []
    with pytest.raises(Missing):
        rooms_walls.picture(room_id, entry_id, None)
    moderation.decide(entry_id, "visible", "a mistake", None)
    assert entries.row(entry_id).state == "room"
    assert len(rooms_views.view(room_id, ann).walls[0].works) == 1


def test_news_are_told_of_rooms_that_changed(opens, ann):
    still, moved = opens(), opens()
    known = {room_id: db.session.get_one(Room, room_id).version for room_id in (still, moved)}
    assert rooms_news.news_after(known) == []
    rooms.act(moved, ann, "start")
    assert [(news.run_id, news.id > known[moved]) for news in rooms_news.news_after(known)] == [(moved, True)]
    assert rooms_news.news_after({}) == []


def test_old_rooms_are_taken_down_and_drawings_kept(opens, ann):
    old, fresh = opens(texts=["our Monday meeting", "never drawn"]), opens()
    rooms.act(old, ann, "start")
    entry_id = hand_in(old, ann, "red")
    long_ago = now() - rooms_sheets.KEPT - timedelta(hours=1)
    db.session.execute(update(Room).where(Room.id == old).values(touched_at=long_ago))
    db.session.commit()
    assert rooms_sheets.clear() == 1
    with pytest.raises(Missing, match="taken down"):
        rooms_views.view(old, ann)
    assert rooms_views.view(fresh, ann).state == "lobby"
    assert db.session.scalars(select(RoomWork.entry_id)).all() == []
    assert db.session.get_one(Entry, entry_id).player_id == ann.id
    texts = set(db.session.scalars(select(Prompt.text)))
    assert texts == {"a red cat", "our Monday meeting"}
    assert rooms_sheets.clear() == 0
