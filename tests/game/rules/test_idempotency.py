"""Requests that are sent twice."""

import threading
from datetime import timedelta

import pytest

from game.extensions import db
from game.models import IdempotencyKey
from game.rules import idempotency
from game.rules.refusals import Conflict, Invalid
from game.tables import now


class Work:
    """Something that must be done once; counts how often it was."""

    def __init__(self, answer: object = "done") -> None:
        self.times, self.answer = 0, answer

    def __call__(self):
        self.times += 1
        return 201, {"times": self.times, "answer": self.answer}


def test_the_first_result_is_told_again(context, ann):
    work = Work()
    first = idempotency.once(ann, "key", "digest", work)
    assert idempotency.once(ann, "key", "digest", work) == first == (201, {"times": 1, "answer": "done"})
    assert work.times == 1


def test_another_request_under_the_same_key_is_refused(context, ann):
    idempotency.once(ann, "key", "digest", Work())
    with pytest.raises(Invalid):
        idempotency.once(ann, "key", "other", Work())


def test_keys_of_two_players_have_nothing_to_do_with_each_other(context, ann, bob):
    work = Work()
    idempotency.once(ann, "key", "digest", work)
    idempotency.once(bob, "key", "digest", work)
    assert work.times == 2


def test_a_refused_request_may_be_mended_and_sent_again(context, ann):
    def refuse():
        raise Invalid([("#/text", "no")])

    with pytest.raises(Invalid):
        idempotency.once(ann, "key", "digest", refuse)
    assert idempotency.once(ann, "key", "other", Work())[1]["times"] == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_what_cannot_be_a_key_is_refused(context, ann, key):
    with pytest.raises(Invalid):
        idempotency.once(ann, key, "digest", Work())


def test_what_a_crash_left_behind_lapses(context, ann, monkeypatch):
    left = now() - idempotency.LAPSES - timedelta(seconds=1)
    db.session.add(IdempotencyKey(player_id=ann.id, key="key", digest="digest", created_at=left))
    db.session.commit()
    assert idempotency.once(ann, "key", "digest", Work())[1]["times"] == 1


def test_who_waits_too_long_is_told_so(context, ann, monkeypatch):
    monkeypatch.setattr(idempotency, "PATIENCE", 0.1)
    db.session.add(IdempotencyKey(player_id=ann.id, key="key", digest="digest"))
    db.session.commit()
    with pytest.raises(Conflict):
        idempotency.once(ann, "key", "digest", Work())


def test_of_many_at_once_one_works_and_all_get_its_result(context, ann):
    started, finish, work, results = threading.Event(), threading.Event(), Work(), []
    player_id = ann.id

    def slow():
        started.set()
        finish.wait(10)
        return work()

    def ask():
        with context.app_context():
            from game.rules import players

            results.append(idempotency.once(players.get(player_id), "key", "digest", slow))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert started.wait(10)
    finish.set()
    for thread in threads:
        thread.join(30)
    assert results == [(201, {"times": 1, "answer": "done"})] * 6


def test_old_keys_are_forgotten(context, ann):
    idempotency.once(ann, "new", "digest", Work())
    db.session.add(IdempotencyKey(player_id=ann.id, key="old", digest="d", created_at=now() - timedelta(days=8)))
    db.session.commit()
    assert idempotency.forget() == 1
    assert idempotency.forget() == 0
