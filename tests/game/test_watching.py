"""Following events, with a list in place of the database."""

import threading
from dataclasses import dataclass, field

import pytest

from game.watching import Tail


@dataclass(frozen=True)
class Happening:
    id: int
    run_id: str
    kind: str = "progress"
    data: dict = field(default_factory=dict)


class Table:
    """An append-only list of events that counts how often it is read."""

    def __init__(self):
        self.rows, self.reads, self.lock = [], 0, threading.Lock()

    def add(self, *ids: int, run: str = "a") -> None:
        with self.lock:
            self.rows.extend(Happening(n, run) for n in ids)

    def read(self, positions):
        with self.lock:
            self.reads += 1
            return [row for row in self.rows if row.id > positions.get(row.run_id, 10**9)]


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def tail(table):
    tail = Tail(table.read, capacity=2, every=0.01)
    yield tail
    tail.close()


def taken(subscription, count: int) -> list[int]:
    ids: list[int] = []
    for _ in range(50):
        ids += [event.id for event in subscription.take(1.0)]
        if len(ids) >= count:
            break
    return ids


def test_a_viewer_hears_of_what_happens_after_it_came(table, tail):
    with tail.subscribe("a", 0) as viewer:
        table.add(1, 2)
        assert taken(viewer, 2) == [1, 2]


def test_a_viewer_goes_on_where_it_was_and_hears_nothing_twice(table, tail):
    table.add(1, 2, 3)
    with tail.subscribe("a", 2) as viewer:
        assert taken(viewer, 1) == [3]
        table.add(4)
        assert taken(viewer, 1) == [4]


def test_two_viewers_at_different_places_hear_each_their_own(table, tail):
    table.add(1, 2, 3)
    with tail.subscribe("a", 0) as late, tail.subscribe("a", 2) as early:
        assert taken(late, 3) == [1, 2, 3]
        assert taken(early, 1) == [3]


def test_events_of_other_runs_are_not_told(table, tail):
    with tail.subscribe("a", 0) as viewer:
        table.add(1, run="b")
        table.add(2)
        assert taken(viewer, 1) == [2]


def test_an_event_with_an_older_id_of_another_run_is_not_missed(table, tail):
    with tail.subscribe("a", 0) as first, tail.subscribe("b", 0) as second:
        table.add(6, run="b")
        assert taken(second, 1) == [6]
        table.add(5, run="a")  # drawn earlier, committed later
        assert taken(first, 1) == [5]


def test_over_its_capacity_it_takes_nobody(tail):
    with tail.subscribe("a", 0) as first, tail.subscribe("a", 0) as second, tail.subscribe("a", 0) as third:
        assert first is not None
        assert second is not None
        assert third is None
    with tail.subscribe("a", 0) as again:
        assert again is not None


def test_nobody_watching_costs_no_reading(table, tail):
    with tail.subscribe("a", 0) as viewer:
        table.add(1)
        taken(viewer, 1)
    reads = table.reads
    threading.Event().wait(0.2)
    assert table.reads <= reads + 1


def test_a_closed_tail_takes_nobody(tail):
    tail.close()
    with tail.subscribe("a", 0) as viewer:
        assert viewer is None


def test_a_database_that_is_away_for_a_moment_does_not_end_the_following(table):
    failures = iter([True, True])

    def read(positions):
        if next(failures, False):
            raise OSError("gone")
        return table.read(positions)

    tail = Tail(read, every=0.01)
    with tail.subscribe("a", 0) as viewer:
        table.add(1)
        assert taken(viewer, 1) == [1]
    tail.close()
