"""Judging again: by another judge, anew, for other words; killed in between; second opinions filled in."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from game import storage
from game.extensions import db
from game.judging import INJECTED_SECOND
from game.models import Caption, Entry, PastScore, Rejudging
from game.rules import captions, entries, prompts, rejudging
from game.rules.embeddings import embedding_of
from game.rules.rejudging import Outcome
from tests.fakes import ColourJudge

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def wall(context, red_cat, ann, machine, enter):
    """Three entries: a red one and a blue one by a person, one in between by a machine."""
    return enter(red_cat, ann, "red"), enter(red_cat, ann, "blue"), enter(red_cat, machine, "red", "blue", 0.4)


class TiltedJudge(ColourJudge):
    """Thinks in the same colours, shifted by one: what is red to others is orange to it."""

    def embed_texts(self, texts):
        return np.roll(super().embed_texts(texts), 1, axis=1)


def rows(model=Entry):
    """All rows by their ids, as the database has them."""
    db.session.expire_all()
    return {row.id: row for row in db.session.scalars(select(model))}


def test_another_judge_judges_everything_and_former_scores_are_kept(context, wall, ann, judge):
    caption = captions.submit(wall[0].id, "red", ann)
    other = TiltedJudge("fake:other")
    other.noise = 0.5
    assert rejudging.rejudge(other) == Outcome(3, 1, 0)
    judge.spec = "fake:other"  # what sits from now on
    now = rows()
    for before in wall:
        row = now[before.id]
        assert (row.judge, row.noise) == ("fake:other", 0.5)
        assert row.similarity == pytest.approx(
            other.score_embedding(embedding_of(row), "a red cat").similarity, abs=1e-3
        )
    past = {score.entry_id: score for score in rows(PastScore).values() if score.role == "main"}
    assert {score.entry_id: (score.judge, score.similarity, score.percentile, score.replaced_by)
            for score in past.values()} == {
        view.id: ("fake:colours", view.similarity, view.percentile, "fake:other") for view in wall
    }  # fmt: skip
    assert captions.get(caption.id).judge == "fake:other"
    assert captions.ranked(wall[0].id, None, 9).items[0].id == caption.id
    (words,) = [score for score in rows(PastScore).values() if score.role == "caption"]
    assert (words.caption_id, words.judge, words.similarity) == (caption.id, "fake:colours", caption.similarity)


def test_what_the_judge_has_judged_is_left_alone_unless_asked_for_anew(context, wall, judge):
    assert rejudging.rejudge(judge) == Outcome(0, 0, 0)
    assert judge.looks == 3
    assert rejudging.rejudge(judge, anew=True) == Outcome(3, 0, 0)
    assert judge.looks == 6
    assert rejudging.rejudge(judge) == Outcome(0, 0, 0)
    assert all(row.finished_at for row in rows(Rejudging).values())


def test_anew_goes_on_after_an_interruption(context, wall, judge, monkeypatch):
    monkeypatch.setattr(rejudging, "BLOCK", 1)
    plain, times = judge.score, []

    def fails_at_the_third(picture, words):
        times.append(1)
        if len(times) == 3:
            raise KeyboardInterrupt
        return plain(picture, words)

    monkeypatch.setattr(judge, "score", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        rejudging.rejudge(judge, anew=True)
    db.session.rollback()
    assert rejudging.rejudge(judge) == Outcome(1, 0, 0)  # also when started again without the flag
    assert db.session.scalar(select(func.count(PastScore.id))) == 3


def test_a_picture_that_is_gone_stops_nothing_and_keeps_its_score(context, wall):
    row = rows()[wall[1].id]
    storage.drop(row.picture)
    assert rejudging.rejudge(ColourJudge("fake:other")) == Outcome(2, 0, 1)
    assert {row.id for row in rows().values() if row.judge == "fake:colours"} == {wall[1].id}


def test_new_words_are_judged_from_what_the_judges_have_seen(context, wall, red_cat, judge, ann, enter):
    second = context.extensions[INJECTED_SECOND] = ColourJudge("fake:second")
    seen = enter(red_cat, ann, "blue", "red", 0.1)
    caption = captions.submit(wall[0].id, "red", ann)
    looks = judge.looks, second.looks
    prompts.update(red_cat.id, text="a blue cat")
    assert (judge.looks, second.looks) == looks
    board = entries.leaderboard(red_cat.id, "all", None, 9).items
    assert [view.id for view in board][-1] == wall[0].id
    assert entries.get(seen.id).second["similarity"] == pytest.approx(entries.get(seen.id).similarity, abs=1e-3)
    assert captions.get(caption.id).similarity == caption.similarity
    del context.extensions[INJECTED_SECOND]
    prompts.update(red_cat.id, text="a green cat")
    assert entries.get(seen.id).second is None  # an opinion on other words is none


def test_a_judge_whose_noise_was_measured_anew_has_one_width_of_ties(context, wall, ann, judge):
    captions.submit(wall[0].id, "red", ann)
    judge.noise = 5.0
    rejudging.steady(judge)
    assert {row.noise for row in [*rows().values(), *rows(Caption).values()]} == {5.0}
    assert [entries.get(view.id).rank for view in wall] == [1, 1, 1]


def test_the_second_judge_catches_up(context, wall, red_cat, ann, enter):
    second = context.extensions[INJECTED_SECOND] = TiltedJudge("fake:second")
    fresh = enter(red_cat, ann, "orange")
    assert rejudging.give_second(second) == Outcome(3, 0, 0)
    assert second.looks == 4
    assert {row.second_judge for row in rows().values()} == {"fake:second"}
    board = entries.leaderboard(red_cat.id, "all", None, 9, "second").items
    assert (board[0].id, board[0].second["rank"], board[0].second["of"]) == (fresh.id, 1, 4)
    assert rejudging.give_second(second) == Outcome(0, 0, 0)
    assert rejudging.give_second(second, anew=True) == Outcome(4, 0, 0)
    third = context.extensions[INJECTED_SECOND] = ColourJudge("fake:third")
    assert entries.leaderboard(red_cat.id, "all", None, 9, "second").items == []
    assert rejudging.give_second(third) == Outcome(4, 0, 0)
    replaced = [score for score in rows(PastScore).values() if score.replaced_by == "fake:third"]
    assert {(score.role, score.judge) for score in replaced} == {("second", "fake:second")}
    assert len(replaced) == 4


CHILD = """
import time
from game import create_app
from game.rules import rejudging
from tests.fakes import ColourJudge

class SlowJudge(ColourJudge):
    def score(self, picture, text):
        time.sleep(0.05)
        return super().score(picture, text)

rejudging.BLOCK = 2
with create_app().app_context():
    print(rejudging.rejudge(SlowJudge("fake:other"), tell=lambda done: print(done, flush=True)).entries, "in all")
"""


def child(context):
    """Another process that judges everything again, slowly and two at a time, saying how far it is."""
    environment = {**os.environ, "PAINTOFF_DATA": str(context.config["PAINTOFF"].data)}
    return subprocess.Popen([sys.executable, "-c", CHILD], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_middle_it_goes_on_and_nothing_is_lost_or_done_twice(context, red_cat, ann, enter):
    views = [enter(red_cat, ann, "red", "blue", number / 10) for number in range(9)]
    words = captions.submit(views[0].id, "red", ann)
    first = child(context)
    assert first.stdout.readline().strip() == "2"
    first.kill()
    first.wait(30)
    done = [row.id for row in rows().values() if row.judge == "fake:other"]
    assert 2 <= len(done) < 9
    assert db.session.scalar(select(func.count(PastScore.id))) == len(done)
    again = child(context)
    told, _ = again.communicate(timeout=120)
    assert again.returncode == 0
    assert f"{9 - len(done)} in all" in told
    assert {row.judge for row in rows().values()} == {"fake:other"}
    past = [score for score in rows(PastScore).values() if score.role == "main"]
    assert {score.entry_id: score.similarity for score in past} == {view.id: view.similarity for view in views}
    assert len(past) == 9
    assert rows(Caption)[words.id].judge == "fake:other"
