"""The shelf of embeddings: as exact as reading everything, and each is read once."""

import numpy as np
import pytest
from sqlalchemy import event

from game.extensions import db
from game.models import Entry
from game.rules import moderation, shelf
from game.rules.embeddings import packed, unpacked
from game.tables import now
from tests.game.rules.test_ranking import hang

DIM = 8
RNG = np.random.default_rng(3)


def unit(seed: int) -> np.ndarray:
    row = np.random.default_rng(seed).normal(size=DIM).astype(np.float32)
    return row / np.linalg.norm(row)


@pytest.fixture
def wall(context, red_cat, ann):
    """Ids of thirty entries that point in directions of their own, every fifth in the same one."""
    return [
        hang(red_cat.id, ann.id, 0.5, embedding=packed(unit(0 if number % 5 == 0 else number))) for number in range(30)
    ]


@pytest.fixture
def reads(context):
    """How many embeddings were read from the database."""
    read = []

    def count(state):
        if state.is_select and "entry.embedding" in str(state.statement) and "IN (" in str(state.statement):
            read.extend(*(value for value in state.statement.compile().params.values() if isinstance(value, list)))

    event.listen(db.session, "do_orm_execute", count)
    yield read
    event.remove(db.session, "do_orm_execute", count)


def by_hand(direction, judge="fake:colours", limit=7):
    """What a search that reads everything finds."""
    rows = db.session.query(Entry.id, Entry.embedding).filter_by(judge=judge, state="visible").all()
    near = [(float(unpacked(kept).astype(np.float64) @ direction.astype(np.float64)), key) for key, kept in rows]
    return sorted(near, reverse=True)[:limit]


def check(judge="fake:colours", limit=7):
    """Hold the shelf against the search by hand, in a few directions."""
    for seed in range(100, 106):
        found, expected = shelf.nearest(judge, unit(seed), limit), by_hand(unit(seed), judge, limit)
        assert [key for _, key in found] == [key for _, key in expected]
        assert [near for near, _ in found] == pytest.approx([near for near, _ in expected], abs=1e-6)


def test_it_finds_what_reading_everything_finds_and_reads_once(wall, reads):
    check()
    check(limit=100)
    assert sorted(reads) == sorted(wall)


def test_new_hidden_and_rejudged_entries_count_at_once(wall, reads, red_cat, ann):
    check()
    new = hang(red_cat.id, ann.id, 0.1, embedding=packed(unit(100)))
    check()
    assert reads[30:] == [new]
    moderation.decide(new, "hidden", "", None)
    moderation.decide(wall[3], "held", "", None)
    check()
    moderation.decide(wall[3], "visible", "", None)
    check()
    assert reads[31:] == [wall[3]]
    again = db.session.get_one(Entry, wall[4])
    again.embedding, again.judged_at = packed(unit(103)), now()  # the same judge, with other weights
    db.session.get_one(Entry, wall[5]).judge = "fake:other"
    db.session.commit()
    check()
    assert reads[32:] == [wall[4]]
    check("fake:other")


def test_what_does_not_fit_is_found_all_the_same(wall, reads, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 10 * 4 * DIM)
    monkeypatch.setattr(shelf, "BLOCK", 3)
    shelf._shelves.clear()
    check()
    assert len(shelf._shelves.popitem()[1]._rows) == 10
    assert len(reads) == 10 + 20 * 6


def test_gaps_are_filled_before_more_room_is_taken(wall, red_cat, ann):
    check()
    (kept,) = shelf._shelves.values()
    room = len(kept._ids)
    for key in wall[:4]:
        moderation.decide(key, "hidden", "", None)
    check()
    for seed in range(200, 204):
        hang(red_cat.id, ann.id, 0.1, embedding=packed(unit(seed)))
    check()
    assert len(kept._ids) == room


def test_an_empty_wall_has_nothing_near(context):
    assert shelf.nearest("fake:colours", unit(1), 5) == []
