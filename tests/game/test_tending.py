"""What a worker does beside painting, look by look, on a real queue."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from game import engine, tending
from game.extensions import db
from game.models import Machine
from game.rules import collecting, machines, orders


@pytest.fixture
def left():
    """The statuses with which the worker ended its process."""
    return []


@pytest.fixture
def tender(context, left):
    engine.migrate()
    machines.arrive("attic:0-a", "attic", 0)
    return tending.Tender(context, "attic:0-a", "attic", 0, left.append)


def hold(job, name):
    """Leave a job as a worker that began it leaves it."""
    engine.enqueue(db.session(), job)
    db.session.commit()
    held = sa.text("UPDATE workflow_status SET status = 'PENDING', executor_id = :name WHERE workflow_uuid = :job")
    db.session.execute(held, {"name": name, "job": job})
    db.session.commit()


def grow_old(name):
    db.session.get_one(Machine, name).seen_at -= machines.LEASE + timedelta(seconds=1)
    db.session.commit()


def test_the_jobs_of_a_dead_worker_are_handed_on_and_its_lease_goes(tender, left):
    machines.arrive("cellar:0-b", "cellar", 0)
    hold("orphan", "cellar:0-b")
    hold("mine", "attic:0-a")
    tender.look()
    assert engine.held() == {"cellar:0-b": ["orphan"], "attic:0-a": ["mine"]}
    grow_old("cellar:0-b")
    tender.look()
    assert engine.held() == {"attic:0-a": ["mine"]}
    assert engine.statuses(["orphan"]) == {"orphan": "ENQUEUED"}
    assert [view.name for view in machines.listing()] == ["attic:0-a"]
    assert left == []


def test_a_worker_that_was_taken_over_ends(tender, left):
    machines.leave("attic:0-a")
    tender.look()
    assert left == [tending.GONE]


def test_a_worker_whose_step_takes_for_ever_ends(tender, left, monkeypatch):
    monkeypatch.setattr(engine, "longest_step", lambda: tending.WEDGED + 1)
    tender.look()
    assert left == [tending.HANGS]


def test_a_job_that_is_said_to_be_here_but_is_not_goes_back_at_the_second_look(tender):
    hold("lost", "attic:0-a")
    tender.look_at_all()
    assert engine.statuses(["lost"]) == {"lost": "PENDING"}
    tender.look_at_all()
    assert engine.statuses(["lost"]) == {"lost": "ENQUEUED"}


def test_a_job_of_somebody_without_a_lease_is_taken_over_in_time(tender):
    hold("orphan", "ghost")
    tender.look_at_all()
    tender.look()
    assert engine.statuses(["orphan"]) == {"orphan": "PENDING"}
    grow_old("ghost")
    tender.look()
    assert engine.statuses(["orphan"]) == {"orphan": "ENQUEUED"}


def test_a_worker_that_ends_in_order_leaves_nothing_behind(tender):
    hold("mine", "attic:0-a")
    tender.end()
    assert engine.statuses(["mine"]) == {"mine": "ENQUEUED"}
    assert machines.listing() == []


def test_a_chore_that_fails_keeps_no_other_waiting(tender, monkeypatch):
    done = []

    def fail():
        raise OSError("no disk")

    monkeypatch.setattr(orders, "carry_out", fail)
    monkeypatch.setattr(collecting, "collect", lambda: done.append(1))
    tender.chores()
    tender.chores()
    assert done == [1], "once a day"
