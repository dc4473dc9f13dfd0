"""Drawings that wait for the judge: kept, judged once it is back, each of them once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from game import judging, sweeping
from game.extensions import db
from game.judging import JudgeAway, JudgeBusy
from game.models import Entry, Player, Prompt, Run
from game.pending import Pending
from game.rules import drawing, entries, pending, players
from game.rules.pending import PendingView
from game.tables import now
from tests.conftest import doodle


class Absence:
    """Whether the judge is away, and how: what `error` holds is raised instead of judging."""

    error: Exception | None = None
    looks = 0


@pytest.fixture
def absence(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Absence]:
    """The judge is away until `error` is None."""
    state, judge = Absence(), judging.judge_picture
    state.error = JudgeAway("the judge at http://gpu:8100 is away", 5)

    def look(*given: object) -> object:
        state.looks += 1
        if state.error is not None:
            raise state.error
        return judge(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge_picture", look)
    return state


def submit(prompt: Prompt, player: Player, colour: str = "red", **more: str) -> PendingView:
    view = entries.submit(prompt.id, drawing.parse(doodle(colour)), player, **more)
    assert isinstance(view, PendingView)
    return view


def test_a_drawing_is_kept_and_hangs_later(absence: Absence, red_cat: Prompt, ann: Player) -> None:
    view = submit(red_cat, ann, name="Ann")
    assert (view.state, view.similarity, view.rank, view.prompt_text) == ("pending", None, None, red_cat.text)
    assert view.player["name"] == "Ann"
    assert entries.leaderboard(red_cat.id, "all", None, 9).items == []
    assert [waits.id for waits in pending.of_player(ann.id)] == [view.id]
    assert pending.settle() == 0, "the judge is away still"
    absence.error = None
    assert pending.settle() == 1
    entry = entries.get(view.id)
    assert (entry.rank, entry.state, entry.created_at) == (1, "visible", view.created_at)
    assert entry.similarity > 0.9
    assert pending.count() == 0
    assert db.session.get_one(Prompt, red_cat.id).entry_count == 1


def test_the_score_is_the_one_it_would_have_had(absence: Absence, red_cat: Prompt, ann: Player) -> None:
    late = submit(red_cat, ann)
    absence.error = None
    pending.settle()
    direct = entries.submit(red_cat.id, drawing.parse(doodle()), ann)
    assert entries.get(late.id).similarity == direct.similarity
    assert entries.drawing_json(entries.row(late.id)) == entries.drawing_json(entries.row(direct.id))


def test_the_oldest_goes_first_and_one_look_is_enough_to_see_that_nobody_is_there(
    absence: Absence, red_cat: Prompt, ann: Player
) -> None:
    ids = [submit(red_cat, ann, colour).id for colour in ("red", "green", "blue")]
    before = absence.looks
    assert pending.settle() == 0
    assert absence.looks - before == 1
    assert [row.tries for row in db.session.scalars(select(Pending))] == [0, 0, 0]
    absence.error = None
    assert pending.settle() == 3
    hung = db.session.scalars(select(Entry.id).order_by(Entry.judged_at))
    assert sorted(hung) == sorted(ids)


def test_what_somebody_else_is_judging_is_left_alone(absence: Absence, red_cat: Prompt, ann: Player) -> None:
    submit(red_cat, ann)
    absence.error = None
    assert pending._claim() is not None
    assert pending.settle() == 0
    db.session.execute(Pending.__table__.update().values(due_at=now() - timedelta(seconds=1)))  # they died
    db.session.commit()
    assert pending.settle() == 1


def test_two_who_judge_the_same_hang_it_once(absence: Absence, red_cat: Prompt, ann: Player) -> None:
    view = submit(red_cat, ann)
    absence.error = None
    judged, others = pending.judged, []

    def slow(*given: object) -> Entry:
        patch.setattr(pending, "judged", judged)
        others.append(pending._judge(view.id))  # somebody else is quicker
        return judged(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pending, "judged", slow)
        assert pending._judge(view.id) == 0
    assert others == [1]
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1
    assert db.session.get_one(Prompt, red_cat.id).entry_count == 1


def test_a_drawing_that_fails_waits_longer_and_keeps_nobody_waiting(
    absence: Absence, red_cat: Prompt, ann: Player, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = submit(red_cat, ann), submit(red_cat, ann, "green")
    db.session.get_one(Pending, bad.id).drawing = "0" * 64 + ".json.gz"  # gone from the store
    db.session.commit()
    absence.error = None
    assert pending.settle() == 1
    assert entries.get(good.id).rank == 1
    waits = db.session.get_one(Pending, bad.id)
    assert (waits.tries, waits.due_at > now()) == (1, True)
    assert bad.id in caplog.text
    assert pending.settle() == 0


def test_a_busy_judge_is_for_people_to_come_back_to(absence: Absence, red_cat: Prompt, ann: Player) -> None:
    absence.error = JudgeBusy("512 wait already", 7)
    with pytest.raises(JudgeBusy):
        entries.submit(red_cat.id, drawing.parse(doodle()), ann)
    assert pending.count() == 0


def test_a_run_waits_once_and_hangs_once(absence: Absence, red_cat: Prompt) -> None:
    machine = players.machine("strokes")
    db.session.add(Run(id="r", prompt_id=red_cat.id, player_id=machine.id, settings={}, state="done"))
    db.session.commit()
    absence.error = JudgeBusy("512 wait already", 7)
    first, again = (submit(red_cat, machine, run="r") for _ in range(2))
    assert first.id == again.id
    assert pending.count() == 1
    absence.error = None
    assert pending.settle() == 1
    run = db.session.get_one(Run, "r", populate_existing=True)
    assert run.similarity == pytest.approx(entries.get(first.id).similarity)
    assert run.percentile is not None


def test_a_run_that_hung_meanwhile_hangs_once(absence: Absence, red_cat: Prompt) -> None:
    machine = players.machine("strokes")
    db.session.add(Run(id="r", prompt_id=red_cat.id, player_id=machine.id, settings={}, state="done"))
    db.session.commit()
    submit(red_cat, machine, run="r")
    absence.error = None
    hung = entries.submit(red_cat.id, drawing.parse(doodle()), machine, run="r")
    assert pending.settle() == 0
    assert pending.count() == 0
    assert [entry.id for entry in entries.leaderboard(red_cat.id, "all", None, 9).items] == [hung.id]


def test_the_sweep_hangs_what_waits_and_survives_a_failure(
    absence: Absence, red_cat: Prompt, ann: Player, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = submit(red_cat, ann)
    absence.error = None
    settle, done, failures = pending.settle, threading.Event(), [RuntimeError("no database")]

    def settled() -> int:
        if failures:
            raise failures.pop()
        hung = settle()
        if hung:
            done.set()
        return hung

    monkeypatch.setattr(pending, "settle", settled)
    stop = sweeping.begin(context, 0.01)
    assert done.wait(60)
    stop.set()
    db.session.rollback()
    assert entries.get(view.id).rank == 1
