"""From votes in the database to boards: ratings, dropped voters, and where people and the judge are divided."""

import pytest

from game import counting
from game.extensions import db
from game.models import ArenaBoard, Rating, Vote
from game.rules import arena_boards, arena_counting, moderation, players, prompts
from game.rules.refusals import Invalid, Missing
from game.tables import new_id, now


@pytest.fixture
def wall(red_cat, ann, bob, machine, enter):
    """Three pictures of a red cat: the judge likes the first best, then the second."""
    return [enter(red_cat, ann, "red"), enter(red_cat, machine, "red", "blue", 0.9), enter(red_cat, bob, "blue")]


@pytest.fixture
def poll(context):
    """Has somebody new vote: `poll((left, right, "left"), ...)` returns the voter."""

    def cast(*votes):
        voter = players.ensure(new_id())
        for left, right, winner in votes:
            board = db.session.get(ArenaBoard, left.prompt_id) or ArenaBoard(prompt_id=left.prompt_id, cast=0, seen=0)
            board.cast += 1
            pair = ":".join(sorted((left.id, right.id)))
            db.session.add_all([board, Vote(
                player_id=voter.id, prompt_id=left.prompt_id, left_id=left.id, right_id=right.id,
                pair=pair, winner=winner, voted_at=now(),
            )])  # fmt: skip
            db.session.commit()
        return voter

    return cast


def rated(prompt_id, kind="all"):
    return arena_boards.board(prompt_id, kind, None, 9).items


def test_what_people_prefer_leads_the_board_and_too_few_votes_come_last(red_cat, wall, poll, ann, enter):
    late = enter(red_cat, players.ensure(new_id()), "green")
    for _ in range(12):
        poll((wall[0], wall[2], "right"), (wall[1], wall[2], "right"), (wall[1], wall[0], "left"))
    poll((late, wall[0], "left"))
    assert arena_counting.due() == red_cat.id
    assert arena_counting.count(red_cat.id)
    assert arena_counting.due() is None
    found = rated(red_cat.id)
    assert [each.entry.id for each in found] == [wall[2].id, wall[1].id, wall[0].id, late.id]
    assert [each.rank for each in found] == [1, 2, 3, None]
    assert [each.enough for each in found] == [True, True, True, False]
    assert [each.votes for each in found] == [24, 24, 25, 1]
    for each in found:
        assert 0 < each.chance_low <= each.chance <= each.chance_high < 100
    lows = [each.chance_low for each in found[:3]]
    assert lows == sorted(lows, reverse=True)
    tally = arena_boards.tally(red_cat.id)
    assert (tally.cast, tally.counted, tally.voters, tally.dropped) == (37, 37, 13, 0)
    assert (tally.rated, tally.begun, tally.untouched, tally.needed) == (3, 1, 0, 10)


def test_a_board_of_one_side_keeps_the_ranks_of_all_and_pages_go_down(red_cat, wall, poll):
    for _ in range(10):
        poll((wall[0], wall[2], "right"), (wall[1], wall[0], "left"))
    arena_counting.count(red_cat.id)
    assert [each.entry.kind for each in rated(red_cat.id, "ai")] == ["ai"]
    first = arena_boards.board(red_cat.id, "all", None, 2)
    rest = arena_boards.board(red_cat.id, "all", first.next, 2)
    assert [each.entry.id for each in first.items + rest.items] == [each.entry.id for each in rated(red_cat.id)]
    assert rest.next is None
    with pytest.raises(Invalid):
        rated(red_cat.id, "cat")
    with pytest.raises(Missing):
        rated("nowhere")


def test_what_was_taken_off_the_wall_is_on_no_board_but_its_votes_tell_about_others(red_cat, wall, poll):
    for _ in range(10):
        poll((wall[0], wall[2], "right"))
    arena_counting.count(red_cat.id)
    before = next(each for each in rated(red_cat.id) if each.entry.id == wall[0].id)
    moderation.decide(wall[2].id, "hidden", "", None)
    assert [(each.entry.id, each.rank) for each in rated(red_cat.id)] == [(wall[0].id, 1)]
    assert rated(red_cat.id)[0].chance == before.chance


def test_what_the_judge_loves_and_people_do_not(red_cat, wall, poll):
    for _ in range(12):
        poll((wall[0], wall[2], "right"))
    arena_counting.count(red_cat.id)
    judges, peoples = (arena_boards.divided(by, None, 9).items for by in ("judge", "people"))
    assert [each.entry.id for each in judges] == [wall[0].id, wall[2].id]
    assert [each.entry.id for each in peoples] == [wall[2].id, wall[0].id]
    assert (judges[0].judge, judges[0].people) == (100, 0)
    assert judges[0].judge_over > 0 > judges[1].judge_over
    with pytest.raises(Invalid):
        arena_boards.divided("nobody", None, 9)


def test_a_voter_who_always_goes_against_everybody_is_dropped_on_every_prompt(red_cat, wall, poll, enter, ann, bob):
    dog = prompts.add("a blue dog")
    dogs = [enter(dog, player, colour) for player in (ann, bob) for colour in ("blue", "red", "green", "pink")]
    pairs = [(dogs[i], dogs[j]) for i in range(8) for j in range(i)]
    for _ in range(14):
        poll(
            *[(left, right, "left") for left, right in pairs[:6]],
            *[(right, left, "right") for left, right in pairs[6:]],
        )
    poll((wall[0], wall[1], "left"))
    arena_counting.count(red_cat.id)
    fool = poll(*[(left, right, "right") for left, right in pairs[:6]],
                *[(right, left, "left") for left, right in pairs[6:]])  # fmt: skip
    vote = Vote(player_id=fool.id, prompt_id=red_cat.id, left_id=wall[0].id, right_id=wall[1].id,
                pair=":".join(sorted((wall[0].id, wall[1].id))), winner="right", voted_at=now())  # fmt: skip
    db.session.add(vote)
    db.session.get_one(ArenaBoard, red_cat.id).cast += 1
    db.session.commit()
    arena_counting.count(red_cat.id)
    assert arena_boards.tally(red_cat.id).dropped == 0, "one vote tells nothing"
    arena_counting.count(dog.id)
    tally = arena_boards.tally(dog.id)
    assert (tally.dropped, tally.voters, tally.cast - tally.counted) == (1, 14, 28)
    assert arena_counting.due() == red_cat.id, "the other prompt has to be counted without them, too"
    arena_counting.count(red_cat.id)
    assert (arena_boards.tally(red_cat.id).dropped, arena_boards.tally(red_cat.id).counted) == (1, 1)
    assert arena_counting.due() is None


def test_votes_are_counted_beside_a_workers_runs_and_again_under_another_judge(red_cat, wall, poll, judge):
    counting.look()
    poll((wall[0], wall[1], "left"))
    counting.look()
    assert db.session.scalar(db.select(db.func.count()).select_from(Rating)) == 2
    assert arena_counting.due() is None
    judge.spec = "fake:new"
    assert arena_counting.due() == red_cat.id


def test_walls_are_listed_by_votes(red_cat, wall, poll):
    assert arena_boards.walls(None, 9).items == []
    poll((wall[0], wall[1], "left"), (wall[0], wall[2], "left"))
    assert [(each.prompt, each.votes) for each in arena_boards.walls(None, 9).items] == [("a red cat", 2)]
