"""The queue as the studio shows it, also when it is very long."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from game.extensions import db
from game.models import Machine, Run
from game.rules import players, prompts, waiting
from game.rules.refusals import Invalid
from game.tables import now


@pytest.fixture
def fill(context):
    """Fills the queue with so many runs for three prompts, in turns."""
    some = [prompts.add(f"a {colour} cat").id for colour in ("red", "blue", "green")]
    machine = players.machine("strokes").id

    def fill(count):
        rows = [
            {"id": f"r{number:06}", "prompt_id": some[number % 3], "player_id": machine, "turn": number // 3,
             "settings": {"prior": "strokes", "steps": 9}, "steps": 9, "created_at": now() + timedelta(seconds=number)}
            for number in range(count)
        ]  # fmt: skip
        db.session.execute(insert(Run), rows)
        db.session.commit()

    return fill


def statements(ask):
    """How many statements something takes."""
    seen = []

    def listen(*what):
        seen.append(what[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    ask()
    event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)


def test_a_long_queue_asks_no_more_of_the_database_than_a_short_one(fill):
    fill(40)
    short = statements(lambda: waiting.listing(None, 30))
    db.session.execute(db.delete(Run))
    fill(10_000)
    assert statements(lambda: waiting.listing(None, 30)) <= short <= 8
    assert waiting.count() == {"queued": 10_000, "running": 0, "paused": 0}


def test_pages_follow_one_another_with_their_places(fill):
    fill(70)
    places, cursor = [], None
    for _ in range(3):
        page = waiting.listing(cursor, 30)
        places += [(each.place, each.run.id) for each in page.items]
        cursor = page.next
    assert places == [(number + 1, f"r{number:06}") for number in range(70)]
    assert cursor is None


def test_what_is_painted_stands_first_and_the_urgent_next(fill):
    fill(5)
    painted, urgent = db.session.get_one(Run, "r000001"), db.session.get_one(Run, "r000004")
    painted.state, urgent.priority = "running", 9
    db.session.commit()
    told = [(each.place, each.run.id) for each in waiting.listing(None, 3).items]
    assert told == [(None, "r000001"), (1, "r000004"), (2, "r000000"), (3, "r000002")]


def test_a_place_says_when_it_may_be_its_turn(fill):
    fill(5)
    assert waiting.listing(None, 1).items[0].seconds is None, "nothing was painted yet"
    done = db.session.get_one(Run, "r000000")
    done.state, done.seconds = "done", 60.0
    for slot in range(2):
        db.session.add(Machine(name=f"w{slot}", host="attic", slot=slot))
    db.session.commit()
    assert [each.seconds for each in waiting.listing(None, 3).items] == [30.0, 60.0, 90.0], "two machines share it"


def test_a_queue_that_moved_on_is_looked_at_from_its_beginning(fill):
    fill(5)
    cursor = waiting.listing(None, 2).next
    db.session.get_one(Run, cursor).state = "running"
    db.session.commit()
    with pytest.raises(Invalid, match="moved on"):
        waiting.listing(cursor, 2)
