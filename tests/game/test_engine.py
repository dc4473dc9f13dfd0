"""The job engine's adapter on a real SQLite file, with plain functions in place of painting."""

import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from game import create_app, engine, worker
from game.extensions import db
from game.models import Player


@pytest.fixture
def app(tmp_path):
    app = create_app({"DATA": tmp_path})
    with app.app_context():
        db.create_all()
        engine.migrate()
        yield app
        db.session.remove()
        db.engine.dispose()


class Hands:
    """Stands for the painting: takes runs, and needs `slices` slices for each."""

    def __init__(self, slices: int = 1):
        self.slices, self.taken, self.advanced, self.done = slices, [], [], threading.Event()
        self.nothing_to_do = set()

    def take(self, run_id, worker):
        self.taken.append((run_id, worker))
        return None if run_id in self.nothing_to_do else "token"

    def advance(self, run_id, token):
        self.advanced.append(run_id)
        if self.advanced.count(run_id) == self.slices:
            self.done.set()
            return True
        return False


@pytest.fixture
def working(app):
    def start(hands):
        engine.launch(app, "test-worker", hands.take, hands.advance)
        return hands

    yield start
    engine.land()


def wait_for_status(run_id, wanted, seconds=20.0):
    end = time.monotonic() + seconds
    while engine.statuses([run_id]).get(run_id) != wanted:
        assert time.monotonic() < end, f"{run_id} is {engine.statuses([run_id])}, not {wanted}"
        time.sleep(0.02)


def test_the_tables_that_migrations_leave_alone_are_those_the_engine_makes(app):
    names = set(sa.inspect(db.engine).get_table_names())
    assert names - set(db.metadata.tables) == engine.TABLES


def test_a_queued_run_is_taken_and_advanced_until_it_ends(app, working):
    engine.enqueue(db.session(), "first")
    db.session.commit()
    hands = working(Hands(slices=3))
    assert hands.done.wait(20)
    wait_for_status("first", "SUCCESS")
    assert hands.taken == [("first", "test-worker")]
    assert hands.advanced == ["first"] * 3


def test_the_lowest_priority_comes_first_and_then_the_oldest(app, working):
    for name, priority in (("old", 7), ("young", 7), ("urgent", 2)):
        engine.enqueue(db.session(), name, priority=priority)
    db.session.commit()
    hands = working(Hands())
    wait_for_status("young", "SUCCESS")
    assert hands.advanced == ["urgent", "old", "young"]


def test_a_run_can_be_put_in_the_queue_again_as_another_job(app, working):
    for job in ("again", "again.1", "again.1"):
        engine.enqueue(db.session(), "again", job)
    db.session.commit()
    hands = Hands()
    hands.nothing_to_do.add("again")
    working(hands)
    for job in ("again", "again.1"):
        wait_for_status(job, "SUCCESS")
    assert hands.taken == [("again", "test-worker")] * 2


def test_what_another_executor_holds_is_handed_on_to_whoever_is_free(app, working):
    engine.enqueue(db.session(), "orphan")
    db.session.commit()
    with db.engine.begin() as connection:  # as a worker that died leaves it
        connection.execute(sa.text("UPDATE workflow_status SET status = 'PENDING', executor_id = 'dead'"))
    assert engine.held() == {"dead": ["orphan"]}
    hands = working(Hands())
    engine.hand_on(engine.held()["dead"])
    wait_for_status("orphan", "SUCCESS")
    assert hands.taken == [("orphan", "test-worker")]


def test_a_rolled_back_transaction_leaves_nothing_in_the_queue(app):
    db.session.add(Player(id="somebody"))
    engine.enqueue(db.session(), "never")
    db.session.rollback()
    assert engine.statuses(["never"]) == {}
    assert db.session.get(Player, "somebody") is None


def test_row_and_queue_are_committed_together(app):
    db.session.add(Player(id="somebody"))
    engine.enqueue(db.session(), "both")
    db.session.commit()
    assert engine.statuses(["both"]) == {"both": "ENQUEUED"}
    assert db.session.get(Player, "somebody") is not None


def test_a_run_taken_out_of_the_queue_is_never_begun(app, working):
    engine.enqueue(db.session(), "unwanted")
    engine.enqueue(db.session(), "wanted")
    db.session.commit()
    engine.cancel("unwanted")
    hands = working(Hands())
    assert hands.done.wait(20)
    assert hands.advanced == ["wanted"]


def test_a_run_with_nothing_to_do_is_not_advanced(app, working):
    hands = Hands()
    hands.nothing_to_do.add("over")
    engine.enqueue(db.session(), "over")
    db.session.commit()
    working(hands)
    wait_for_status("over", "SUCCESS")
    assert hands.advanced == []


def test_two_runs_are_never_worked_on_at_once(app, working):
    busy, most = [], []

    class Slow(Hands):
        def advance(self, run_id, token):
            busy.append(run_id)
            most.append(len(busy))
            time.sleep(0.05)
            busy.remove(run_id)
            return super().advance(run_id, token)

    for name in "abc":
        engine.enqueue(db.session(), name)
    db.session.commit()
    hands = working(Slow(slices=3))
    for name in "abc":
        wait_for_status(name, "SUCCESS")
    assert max(most) == 1
    assert len(hands.advanced) == 9


def test_no_pickle_is_written(app):
    engine.enqueue(db.session(), "plain")
    db.session.commit()
    row = db.session.execute(sa.text("select serialization from workflow_status where workflow_uuid = 'plain'")).one()
    assert row.serialization == "portable_json"


def test_finished_work_is_forgotten_after_a_while_and_waiting_work_is_not(app, working):
    engine.enqueue(db.session(), "old")
    db.session.commit()
    working(Hands())
    wait_for_status("old", "SUCCESS")
    engine.land()
    engine.enqueue(db.session(), "waiting")
    db.session.commit()
    assert engine.prune() == 0
    assert engine.prune(older_than=timedelta(0)) == 1
    assert engine.statuses(["old", "waiting"]) == {"waiting": "ENQUEUED"}


def test_a_slot_has_one_holder_and_keeps_its_name(tmp_path):
    import os

    held, name = worker.hold_slot(tmp_path, 0)
    with pytest.raises(BlockingIOError):
        worker.hold_slot(tmp_path, 0)
    other, other_name = worker.hold_slot(tmp_path, 1)
    os.close(held)
    again, name_again = worker.hold_slot(tmp_path, 0)
    assert name == name_again
    assert other_name != name
    os.close(again)
    os.close(other)
