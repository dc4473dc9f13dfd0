"""The studio's runs."""

import re

from flask import Flask

from game.extensions import db
from game.models import Run, RunEvent
from game.rules import runs
from tests.game.pages.conftest import Visitor


def queued(admin: Visitor, prompt_id: str, **fields: str) -> str:
    """Queues a run by the form; returns its address."""
    answer = admin.sends(
        "/admin/runs", "/admin/runs", **{"prompt_id": prompt_id, "preset": "sketch", "publish": "yes", **fields}
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_run_is_queued_from_a_preset_and_shown(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    with app.app_context():
        run = runs.get(address.rsplit("/", 1)[1])
    assert (run.steps, run.settings["strokes"], run.publish_when_done) == (100, 32, True)
    page = admin.sees(address)
    assert "Waiting for a worker" in page
    assert f'data-stream="/api/v1/runs/{run.id}/events"' in page
    assert run.prompt_text in admin.sees("/admin/runs?state=queued")


def test_own_settings_go_over_the_preset(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id, steps="7", seed="42", text="an owl:2 | blur:-1", publish="")
    with app.app_context():
        run = runs.get(address.rsplit("/", 1)[1])
    assert (run.steps, run.settings["seed"]) == (7, 42)
    assert [(text["text"], text["weight"]) for text in run.settings["texts"]] == [("an owl", 2), ("blur", -1)]
    assert not run.publish_when_done


def test_wrong_settings_come_back_with_the_form(admin: Visitor, prompt_id: str) -> None:
    for wrong in ({"steps": "0"}, {"steps": "many"}, {"strokes": "100000"}, {"text": "an owl | "}):
        answer = admin.sends("/admin/runs", "/admin/runs", prompt_id=prompt_id, preset="sketch", **wrong)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert f'value="{next(iter(wrong.values()))}"' in answer.text, "what was typed is kept"


def test_a_running_run_is_watched_until_it_ends(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    run_id = address.rsplit("/", 1)[1]
    with app.app_context():
        run = db.session.get_one(Run, run_id)
        run.state, run.step = "running", 20
        for step in (10, 20):
            data = {"step": step, "loss": 1.0 / step, "similarity": step / 100}
            db.session.add(RunEvent(run_id=run_id, kind="progress", data=data))
            db.session.add(RunEvent(run_id=run_id, kind="preview", data={"step": step, "preview": f"/p/{step}.png"}))
        db.session.commit()
    answer = admin.client.get(address, headers={"X-Fragment": "1"})
    assert answer.headers["X-Fragment"] == "more"
    assert "step 20 of 100" in answer.text
    assert len(re.findall(r'class="curve"', answer.text)) == 1
    assert answer.text.index('"/p/10.png"') < answer.text.index('"/p/20.png"')
    admin.sends(address, f"{address}/cancel")
    assert "stopping" in admin.sees(address)


def test_a_cancelled_run_asks_for_no_more(admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    assert admin.sends(address, f"{address}/cancel").status_code == 303
    answer = admin.client.get(address, headers={"X-Fragment": "1"})
    assert answer.headers["X-Fragment"] == "last"
    assert "data-every" not in admin.sees(address)


def test_a_run_without_a_picture_is_not_hung(admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    token = admin.sees(address).split('name="csrf_token" value="')[1].split('"')[0]
    answer = admin.client.post(f"{address}/publish", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Wait until it is done" in answer.text
