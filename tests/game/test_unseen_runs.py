"""What a machine has painted is seen by no player before it hangs, wherever they look; it passes moderation first."""

import json

import pytest

from game import storage
from game.extensions import db
from game.models import Run, RunCheckpoint, RunEvent, RunOrder
from game.rules import players, prompts, runs
from tests.conftest import doodle
from tests.fakes import COLOURS


@pytest.fixture
def hidden(context):
    """A finished run that nobody published: its picture, previews, candidates and checkpoint, by name."""
    from PIL import Image

    prompt = prompts.add("a red cat")
    machine = players.machine("pixels")
    pictures = [storage.png(Image.new("RGB", (512, 512), colour)) for colour in list(COLOURS.values())[:3]]
    names = [storage.put(picture, ".png") for picture in pictures]
    drawing, checkpoint = storage.put(json.dumps(doodle()).encode(), ".json"), storage.put(b"state", ".ckpt")
    settings = {
        "prior": "pixels",
        "guide": "fake:colours",
        "seed": 1,
        "texts": [{"text": "a secret wish", "weight": 1.0}],
    }
    run = Run(
        prompt_id=prompt.id, player_id=machine.id, settings=settings, state="done", step=9, steps=9, similarity=0.5,
        percentile=90.0, preview=names[0], picture=names[0], checkpoint=checkpoint, drawing=drawing,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    db.session.add(RunEvent(run_id=run.id, kind="preview", data={"step": 5, "preview": "/p", "object": names[1]}))
    hung = [{"number": 1, "loss": 0.1, "object": names[2]}]
    db.session.add(RunEvent(run_id=run.id, kind="choice", data={"step": 5, "until": "", "candidates": hung}))
    db.session.add(RunCheckpoint(run_id=run.id, step=5, object=checkpoint))
    db.session.add(RunOrder(run_id=run.id, command={"texts": [{"text": "a secret order"}]}, step=5))
    db.session.commit()
    return run, [*names, drawing, checkpoint], pictures


def addresses(app, run, names):
    """Every address of the game that can be asked for something, about this run as well as can be."""
    from urllib.parse import quote

    fill = {
        "prompt_id": run.prompt_id, "player_id": run.player_id, "run_id": run.id, "entry_id": run.id, "number": "1",
        "kind": "webp", "batch": run.id, "batch_id": run.id, "ext": "webp",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        for name in names if rule.arguments - fill.keys() else names[:1]:
            path = rule.rule
            for argument in rule.arguments:
                converter = next(part for part in path.split("<") if part.split(">")[0].split(":")[-1] == argument)
                path = path.replace("<" + converter.split(">")[0] + ">", quote(fill.get(argument, name)))
            yield path


def test_no_address_of_the_game_shows_a_player_what_does_not_hang(app, client, hidden):
    run, names, pictures = hidden
    _, token = players.anonymous()
    told, asked = [name[:16] for name in names], 0
    for path in addresses(app, run, names):
        if "events" in path or "live" in path:
            continue  # streams: of runs, those are for administrators, see below
        for headers in ({}, {"Authorization": f"Bearer {token}"}):
            answer = client.get(path, headers=headers)
            asked += 1
            body = answer.get_data()
            assert body not in pictures, path
            text = body.decode("utf-8", "replace")
            assert not any(name in text for name in told if name not in path), path
            assert f"/runs/{run.id}/preview" not in text, path
            assert "secret" not in text, path
    assert asked > 100
    assert client.get(f"/api/v1/runs/{run.id}/events", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_what_is_published_passes_moderation_first(make_app, judge):
    app = make_app(HOLD="machines")
    with app.app_context():
        from PIL import Image

        prompt, machine = prompts.add("a red cat"), players.machine("pixels")
        name = storage.put(storage.png(Image.new("RGB", (512, 512), COLOURS["red"])), ".png")
        run = Run(prompt_id=prompt.id, player_id=machine.id, settings={"prior": "pixels"}, state="done", picture=name)
        db.session.add(run)
        db.session.commit()
        entry = runs.publish(run.id)
        assert entry.state == "held"
        visitor = app.test_client()
        assert visitor.get(f"/entries/{entry.id}").status_code == 404
        assert visitor.get(f"/api/v1/entries/{entry.id}/picture.png").status_code == 404
        assert visitor.get(f"/api/v1/prompts/{prompt.id}/leaderboard").get_json()["items"] == []
        attempts = visitor.get(f"/api/v1/players/{machine.id}/runs").get_json()["items"]
        assert [(attempt["id"], attempt["entry_id"]) for attempt in attempts] == [(run.id, None)]
