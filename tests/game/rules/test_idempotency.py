"""Requests that are sent twice."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from game.extensions import db
from game.models import Entry, IdempotencyKey
from game.rules import idempotency, players, prompts
from game.rules.refusals import Conflict, Invalid
from game.tables import now

ROOT = Path(__file__).resolve().parents[3]


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


CHILD = """
import os, sys
from game import create_app
from game.judging import INJECTED
from game.rules import drawing, entries, idempotency, players
from tests.conftest import doodle
from tests.fakes import ColourJudge

prompt_id, player_id, dies = sys.argv[1:]
app = create_app()
app.extensions[INJECTED] = ColourJudge()

def work():
    view = entries.submit(prompt_id, drawing.parse(doodle()), players.get(player_id))
    if dies == "before":
        os._exit(9)
    return 201, {"entry": view.id}

with app.app_context():
    idempotency.once(players.get(player_id), "key", "digest", work)
os._exit(9)  # before anybody has heard of it
"""


def crash(context, prompt_id, player_id, when):
    """Lets another process hand a drawing in under a key and die `before` the key is filled in, or `after` that."""
    environment = {**os.environ, "PAINTOFF_DATA": str(context.config["PAINTOFF"].data)}
    words = [sys.executable, "-c", CHILD, prompt_id, player_id, when]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 9, done.stderr


def again(ann, red_cat, enter):
    """The same request once more, after the reservation that a crash may have left has lapsed."""
    left = now() - idempotency.LAPSES - timedelta(seconds=1)
    db.session.execute(update(IdempotencyKey).where(IdempotencyKey.status.is_(None)).values(created_at=left))
    db.session.commit()
    return idempotency.once(ann, "key", "digest", lambda: (201, {"entry": enter(red_cat, ann).id}))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_leaves_both_entry_and_answer_or_neither(context, ann, red_cat, enter, when):
    crash(context, red_cat.id, ann.id, when)
    left = list(db.session.scalars(select(Entry.id)))
    assert len(left) == (1 if when == "after" else 0)
    _, answer = again(ann, red_cat, enter)
    assert list(db.session.scalars(select(Entry.id))) == [answer["entry"]]
    assert prompts.get(red_cat.id).entries == 1
    if left:
        assert answer["entry"] == left[0]


def test_who_took_longer_than_a_reservation_lasts_enters_nothing(context, ann, red_cat, enter):
    player_id = ann.id

    def overtaken():
        assert lapsed_and_done_by_another(context, player_id) == (201, {"entry": "theirs"})
        return 201, {"entry": enter(red_cat, players.get(player_id)).id}

    assert idempotency.once(ann, "key", "digest", overtaken) == (201, {"entry": "theirs"})
    assert list(db.session.scalars(select(Entry.id))) == []


def lapsed_and_done_by_another(context, player_id):
    """The same request in a session of its own, after the first one's reservation has lapsed."""
    with context.app_context():
        left = now() - idempotency.LAPSES - timedelta(seconds=1)
        db.session.execute(update(IdempotencyKey).values(created_at=left))
        db.session.commit()
        return idempotency.once(players.get(player_id), "key", "digest", lambda: (201, {"entry": "theirs"}))
