"""Entries: rendered, judged, hung, seen."""

import json

import numpy as np
import pytest
from PIL import Image

from game import judging, storage
from game.extensions import db
from game.models import Entry, Run
from game.rules import drawing, entries, moderation, players, prompts, raster
from game.rules.drawing import DrawingError
from game.rules.embeddings import embedding_of, picture_of
from game.rules.refusals import Conflict, Invalid, Missing
from tests.conftest import doodle


def test_an_entry_keeps_strokes_picture_embedding_judge_and_numbers(context, red_cat, ann, judge):
    drawn = drawing.parse(doodle("red", "blue", 0.2))
    view = entries.submit(red_cat.id, drawn, ann)
    row = db.session.get_one(Entry, view.id)
    assert drawing.parse(json.loads(entries.drawing_json(row))) == drawn
    picture = raster.picture(drawn)
    assert np.array_equal(np.asarray(picture_of(row)), np.asarray(picture))
    score = judge.score(picture, "a red cat")
    assert (view.similarity, view.percentile, view.judge) == (score.similarity, score.percentile, judge.spec)
    assert embedding_of(row) == pytest.approx(score.embedding, abs=1e-3)
    assert len(row.embedding) == 2 * judge.dim
    assert (view.kind, view.state, view.penalties, view.second, view.run) == ("human", "visible", [], None, None)


def test_equal_drawings_share_their_files(context, red_cat, ann, bob, enter):
    enter(red_cat, ann, "red")
    before = len(list(storage.root().rglob("*.*")))
    enter(red_cat, bob, "red")
    assert len(list(storage.root().rglob("*.*"))) == before


def test_a_name_given_with_a_drawing_is_kept(context, red_cat):
    player, _ = players.anonymous()
    view = entries.submit(red_cat.id, drawing.parse(doodle()), player, name=" Cleo ")
    assert view.player == {"id": player.id, "name": "Cleo", "kind": "human"}
    with pytest.raises(players.NameRefused):
        entries.submit(red_cat.id, drawing.parse(doodle()), player, name="")


def test_a_blank_drawing_is_refused_and_leaves_nothing(context, red_cat, ann, judge):
    blank = drawing.parse({**doodle(), "ops": []})
    with pytest.raises(DrawingError):
        entries.submit(red_cat.id, blank, ann)
    assert (judge.looks, prompts.get(red_cat.id).entries) == (0, 0)


def test_a_closed_prompt_takes_no_drawing(context, red_cat, ann, enter, judge):
    prompts.update(red_cat.id, state="closed")
    with pytest.raises(Conflict):
        enter(red_cat, ann)
    assert judge.looks == 0
    with pytest.raises(Missing):
        entries.submit("nowhere", drawing.parse(doodle()), ann)


def test_a_run_hangs_once_and_tells_how_it_was_made(context, red_cat, machine):
    settings = {"prior": "strokes", "guide": "embedded:main", "steps": 300, "seed": 7}
    more = {"guides": [{"name": "fake:colours", "weight": 0.5}], "losses": {"smoothness": 1.0}}
    db.session.add(
        Run(
            id="r",
            prompt_id=red_cat.id,
            player_id=machine.id,
            settings=settings | more,
            steps=300,
            seconds=41.5,
            device="cpu",
        )
    )
    db.session.commit()
    prompts.update(red_cat.id, state="closed")  # a run that was queued in time may be late
    first = entries.submit(red_cat.id, drawing.parse(doodle()), machine, run="r")
    again = entries.submit(red_cat.id, drawing.parse(doodle("blue")), machine, run="r")
    assert again == first
    assert first.kind == "ai"
    steered = {"guides": ["embedded:main", "fake:colours"]}
    assert first.run == {"id": "r", **settings, **steered, "seconds": 41.5, "device": "cpu"}
    assert prompts.get(red_cat.id).entries == 1


def test_what_does_not_hang_is_seen_by_its_author_and_administrators(context, red_cat, ann, bob, enter):
    view = enter(red_cat, ann)
    admin = players.by_token(players.admin_token())
    for state in ("held", "hidden"):
        moderation.decide(view.id, state, "", admin)
        row = entries.row(view.id)
        assert entries.require_seen(row, ann) is row
        assert entries.require_seen(row, admin) is row
        for other in (bob, None):
            with pytest.raises(Missing):
                entries.require_seen(row, other)


def test_lists_leave_out_what_does_not_hang(context, red_cat, ann, enter):
    shown, hidden = enter(red_cat, ann, "red"), enter(red_cat, ann, "blue")
    moderation.decide(hidden.id, "hidden", "", None)
    assert [view.id for view in entries.leaderboard(red_cat.id, "all", None, 9).items] == [shown.id]
    assert [view.id for view in entries.of_player(ann.id, None, 9).items] == [shown.id]
    assert [view.id for view in entries.listing("hidden", None, 9).items] == [hidden.id]
    assert [view.id for view in entries.listing(None, None, 9).items] == [hidden.id, shown.id]
    with pytest.raises(Invalid):
        entries.listing("lost", None, 9)


def test_a_board_shows_one_side_with_the_ranks_of_the_whole(context, red_cat, ann, machine, enter):
    best, worst = enter(red_cat, ann, "red"), enter(red_cat, ann, "blue")
    painted = enter(red_cat, machine, "red", "blue", 0.4)
    people = entries.leaderboard(red_cat.id, "human", None, 9).items
    machines = entries.leaderboard(red_cat.id, "ai", None, 9).items
    assert [(view.id, view.rank, view.of) for view in people] == [(best.id, 1, 3), (worst.id, 3, 3)]
    assert [(view.id, view.rank) for view in machines] == [(painted.id, 2)]
    with pytest.raises(Invalid):
        entries.leaderboard(red_cat.id, "dogs", None, 9)
    with pytest.raises(Missing):
        entries.leaderboard("nowhere", "all", None, 9)


def test_the_best_of_a_player_is_found(context, red_cat, ann, bob, enter):
    enter(red_cat, ann, "blue")
    best = enter(red_cat, ann, "red")
    assert entries.best_of(red_cat.id, ann.id).id == best.id
    assert entries.best_of(red_cat.id, bob.id) is None


def test_entries_of_another_judge_are_not_ranked_with_these(context, red_cat, ann, enter, judge):
    old = enter(red_cat, ann, "red")
    judge.spec = "fake:other"
    new = enter(red_cat, ann, "blue")
    assert (entries.get(old.id).rank, entries.get(old.id).of) == (1, 1)
    assert (entries.get(new.id).rank, entries.get(new.id).of) == (1, 1)
    assert [view.id for view in entries.leaderboard(red_cat.id, "all", None, 9).items] == [new.id]
    assert judging.spec() == "fake:other"


def test_a_picture_is_written_as_png():
    assert storage.png(Image.new("RGB", (2, 2))).startswith(b"\x89PNG")
