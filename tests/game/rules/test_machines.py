"""Leases: renewed, lapsed, won by one."""

from datetime import timedelta

import pytest

from game.extensions import db
from game.models import Chore, Machine
from game.rules import machines


@pytest.fixture
def attic(context):
    machines.arrive("attic:0-a", "attic", 0)
    return "attic:0-a"


def grow_old(name, seconds):
    db.session.get_one(Machine, name).seen_at -= timedelta(seconds=seconds)
    db.session.commit()


def test_a_lease_that_is_renewed_does_not_lapse(attic):
    grow_old(attic, 40)
    assert machines.renew(attic)
    grow_old(attic, 40)
    assert machines.lapsed() == []
    assert [(view.host, view.alive, view.run_id) for view in machines.listing()] == [("attic", True, None)]


def test_a_lapsed_lease_is_won_once_and_lapses_again_if_its_heir_dies(attic):
    grow_old(attic, 46)
    assert machines.lapsed() == [attic]
    assert not machines.listing()[0].alive
    assert [machines.win(attic), machines.win(attic)] == [True, False]
    assert machines.lapsed() == []
    grow_old(attic, 46)
    assert machines.lapsed() == [attic]


def test_a_worker_whose_lease_was_taken_over_is_told(attic):
    machines.leave(attic)
    assert machines.renew(attic) is False
    machines.arrive(attic, "attic", 0)
    machines.arrive(attic, "attic", 0)
    assert machines.renew(attic)


def test_a_worker_that_holds_jobs_without_a_lease_gets_one_that_will_lapse(attic):
    machines.vouch([attic, "ghost"])
    machines.vouch(["ghost"])
    assert sorted(view.name for view in machines.listing()) == [attic, "ghost"]
    grow_old("ghost", 46)
    assert machines.lapsed() == ["ghost"]


def test_a_chore_is_one_workers_and_comes_again(context):
    day = timedelta(days=1)
    assert [machines.due("sweeping", day) for _ in range(3)] == [True, False, False]
    assert machines.due("washing", day)
    db.session.get_one(Chore, "sweeping").due_at -= day
    db.session.commit()
    assert [machines.due("sweeping", day) for _ in range(2)] == [True, False]
