"""Runs that begin from an entry, or shall come near to one: named by its id, shown to the generator as it hangs."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from game import engine, painting
from game.extensions import db
from game.models import Entry, Run
from game.rules import attempts, drawing, entries, moderation, players, prompts, references, runs
from game.rules.refusals import Invalid
from tests.conftest import doodle

TEXTS = [{"text": "a red cat"}]


@pytest.fixture
def entry(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Entry:
    monkeypatch.setattr(engine, "enqueue", lambda *_: None)
    prompt = prompts.add("a red cat")
    hung = entries.submit(prompt.id, drawing.parse(doodle("red")), players.anonymous()[0])
    return entries.row(hung.id)


def shown(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def test_the_id_is_kept_and_the_generator_sees_what_hangs(entry: Entry) -> None:
    sent: dict[str, Any] = {"texts": TEXTS, "start": {"entry_id": entry.id}, "images": [{"entry_id": entry.id}]}
    kept = painting.check(sent)
    assert kept["start"] == {"entry_id": entry.id}
    assert kept["images"] == [
        {"entry_id": entry.id, "weight": 1.0, "from_step": 0, "to_step": None, "seen": "views"},
    ]
    assert painting.check(kept) == kept, "what was kept can be queued again"
    full = references.filled(kept)
    assert full["start"]["ops"], "strokes go on from the drawing itself"
    assert shown(full["images"][0]["image"]).size == (512, 512)
    assert references.filled({**kept, "prior": "pixels"})["start"].startswith("data:image/png")


def test_a_run_says_that_it_began_from_an_entry(entry: Entry) -> None:
    run = runs.queue(entry.prompt_id, {"start": {"entry_id": entry.id}}, None)
    machine = db.session.get_one(Run, run.id).player_id
    (attempt,) = attempts.listing(machine, None, 10).items
    assert attempt.start == "an entry"


@pytest.mark.parametrize("place", ["start", "images"])
def test_only_what_hangs_may_be_named(entry: Entry, place: str) -> None:
    moderation.decide(entry.id, "hidden", "not a cat", None)
    for named in (entry.id, "nobody"):
        asked = {"entry_id": named}
        with pytest.raises(Invalid, match="No entry with this id") as refused:
            painting.check({"texts": TEXTS, place: asked if place == "start" else [asked]})
        assert refused.value.pointer.startswith(f"#/settings/{place}")


def test_an_entry_and_a_picture_are_one_too_many(entry: Entry) -> None:
    with pytest.raises(Invalid, match="not both"):
        painting.check({"texts": TEXTS, "images": [{"entry_id": entry.id, "image": "data:image/png;base64,AAAA"}]})
