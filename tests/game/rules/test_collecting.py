"""What the object store forgets, and above all what it does not."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import JSON

from game import storage
from game.extensions import db
from game.models import Entry, Player, Prompt, Run, RunEvent
from game.rules import collecting
from game.tables import metadata, now


@pytest.fixture
def keep(context):
    """Keeps something new that was last kept so many days ago, and returns its name."""

    def keep(suffix=".png", days=2.0):
        name = storage.put(os.urandom(8), suffix)
        at = (now() - timedelta(days=days)).timestamp()
        os.utime(storage.path(name), (at, at))
        return name

    return keep


@pytest.fixture
def run(context):
    db.session.add(Player(id="machine", kind="ai", prior="strokes"))
    db.session.add(Prompt(id="prompt", text="a black fence"))
    made = Run(prompt_id="prompt", player_id="machine", settings={}, state="running")
    db.session.add(made)
    db.session.commit()
    return made


def names():
    return {name for name, _ in storage.names()}


def test_what_nobody_names_goes_after_a_day(keep):
    keep(), keep(".ckpt"), keep(".json.gz")
    young = keep(days=0.5)
    assert collecting.collect() == 3
    assert names() == {young}


def test_whatever_a_run_names_stays(keep, run):
    run.checkpoint, run.preview, run.picture, run.drawing = (keep(end) for end in (".ckpt", ".png", ".png", ".json"))
    run.settings = {"images": [{"image": keep()}]}
    db.session.add(RunEvent(run_id=run.id, kind="preview", data={"step": 1, "object": keep()}))
    db.session.commit()
    before = names()
    assert collecting.collect() == 0
    assert names() == before


def test_a_name_in_any_column_that_can_hold_one_counts(context):
    looked_at = {(column.table.name, column.name) for column in collecting._columns()}
    for place in (("entry", "picture"), ("entry", "drawing"), ("entry", "penalties"), ("run_event", "data"),
                  ("pending", "drawing"), ("run", "checkpoint")):  # fmt: skip
        assert place in looked_at
    for table in metadata.sorted_tables:
        for column in table.columns:
            length = getattr(column.type, "length", None)
            if isinstance(column.type, JSON) or length == 90:
                assert (table.name, column.name) in looked_at


def test_an_entry_keeps_its_picture_its_drawing_and_what_its_penalties_show(keep, run):
    values = {"judge": "j", "noise": 0.1, "similarity": 0.1, "percentile": 1.0, "penalised": 0.1, "embedding": b""}
    penalties = [{"kind": "writing", "object": keep()}]
    objects = {"picture": keep(), "drawing": keep(".json.gz"), "penalties": penalties}
    db.session.add(Entry(prompt_id="prompt", player_id="machine", kind="human", **objects, **values))
    db.session.commit()
    keep()
    assert collecting.collect() == 1
    assert len(names()) == 3


def test_a_run_that_ended_long_ago_keeps_a_film_strip_and_no_checkpoint(keep, run):
    run.checkpoint, run.state, run.finished_at = keep(".ckpt"), "done", now() - timedelta(days=31)
    stills = [keep() for _ in range(100)]
    for step, name in enumerate(stills):
        db.session.add(RunEvent(run_id=run.id, kind="preview", data={"step": step, "object": name}))
    db.session.commit()
    assert collecting.collect() == 1 + 100 - collecting.STILLS
    assert len(names()) == collecting.STILLS
    assert {stills[0], stills[-1]} <= names()
    assert db.session.get_one(Run, run.id).checkpoint is None


def test_a_run_that_ended_lately_keeps_all(keep, run):
    run.checkpoint, run.state, run.finished_at = keep(".ckpt"), "done", now() - timedelta(days=29)
    db.session.commit()
    assert collecting.collect() == 0


def test_what_is_kept_again_while_the_store_is_looked_through_stays(keep, run, monkeypatch):
    name = keep()
    contents = storage.get(name)
    named = collecting.named

    def meanwhile():
        found = named()
        storage.put(contents, ".png")  # another process keeps the same picture, and has not written its row yet
        return found

    monkeypatch.setattr(collecting, "named", meanwhile)
    assert collecting.collect() == 0
    assert storage.get(name) == contents
