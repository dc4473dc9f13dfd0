"""The studio's runs: the form, the queue, a run in hand."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from game import painting, storage
from game.extensions import db
from game.models import Machine, Prompt, Run, RunCheckpoint, RunEvent
from game.rules import batches, runs
from game.tables import now
from tests.game.pages.conftest import Visitor


def sent(admin: Visitor, prompt_id: str, **fields: object):
    """Sends the form for runs."""
    asked = {"prompt_id": prompt_id, "preset": "sketch", "publish": "yes", **fields}
    return admin.sends("/admin/runs/new", "/admin/runs", **asked)


def queued(admin: Visitor, prompt_id: str, **fields: object) -> str:
    """Queues one run by the form; returns its address."""
    answer = sent(admin, prompt_id, **fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def paints(app: Flask, run_id: str, **values: object) -> None:
    """Lets a run have been begun, with what a worker leaves."""
    with app.app_context():
        run = db.session.get_one(Run, run_id)
        run.state, run.step, run.worker = "running", 20, "w"
        for name, value in values.items():
            setattr(run, name, value)
        for step in (10, 20):
            data = {"step": step, "loss": 1.0 / step, "similarity": step / 100}
            db.session.add(RunEvent(run_id=run_id, kind="progress", data=data))
            seen = {"step": step, "preview": f"/p/{step}.png", "similarity": step / 200, "second_similarity": 0.1}
            db.session.add(RunEvent(run_id=run_id, kind="preview", data=seen))
        db.session.commit()


def asks(admin: Visitor, address: str, act: str, **fields: object):
    """Sends a form of a run's page as the page's script does: the answer is a piece of the page."""
    token = re.search(r'name="csrf-token" content="([^"]+)"', admin.sees(address))
    assert token is not None
    return admin.client.post(f"{address}/{act}", data=fields, headers={"X-Fragment": "1", "X-CSRF-Token": token[1]})


def test_a_run_is_queued_from_a_preset_and_shown(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    with app.app_context():
        run = runs.get(address.rsplit("/", 1)[1])
    assert (run.steps, run.settings["strokes"], run.publish_when_done) == (100, 32, True)
    page = admin.sees(address)
    assert "Waiting for a worker" in page
    assert f'data-stream="/api/v1/runs/{run.id}/events"' in page
    assert run.prompt_text in admin.sees("/admin/runs")


def test_own_settings_go_over_the_preset_and_only_where_they_belong(app: Flask, admin: Visitor, prompt_id: str) -> None:
    fields = {
        "set-all-steps": "7",
        "set-strokes-lines": "0.25",
        "set-pixels-grid": "8",
        "more": '{"style": [{"name": "oil"}]}',
    }
    address = queued(admin, prompt_id, seed="42", text="an owl:2 | blur:-1", publish="", **fields)
    with app.app_context():
        run = runs.get(address.rsplit("/", 1)[1])
    assert (run.steps, run.settings["seed"], run.settings["lines"]) == (7, 42, 0.25)
    assert run.settings["style"][0]["name"] == "oil"
    assert "grid" not in run.settings
    assert [(text["text"], text["weight"]) for text in run.settings["texts"]] == [("an owl", 2), ("blur", -1)]
    assert not run.publish_when_done


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"set-all-steps": "0"}, "set-all-steps"),
        ({"set-all-steps": "many"}, "set-all-steps"),
        ({"set-strokes-strokes": "100000"}, "set-strokes-strokes"),
        ({"text": "an owl | "}, "text"),
        ({"more": "{"}, "more"),
        ({"pictures": "0"}, "pictures"),
        ({"preset": []}, "prompts"),
    ],
)
def test_wrong_settings_come_back_with_the_form_and_are_pointed_at(
    admin: Visitor, prompt_id: str, wrong: dict[str, object], field: str
) -> None:
    answer = sent(admin, prompt_id, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'href="#{field}"' in answer.text
    for name, value in wrong.items():
        if name.startswith(("set-", "text")):
            assert f'name="{name}"' in answer.text
            assert f'value="{value}"' in answer.text, "what was typed is kept"


def test_every_setting_is_explained_by_the_generators_own_words(app: Flask, admin: Visitor) -> None:
    page = unescape(admin.sees("/admin/runs/new"))
    for row in painting.settings_table():
        if row["name"] in ("steps", "cutouts", "strokes", "grid", "frequency", "truncation"):
            assert f'id="set-{row["prior"] or "all"}-{row["name"]}-help">{row["about"]}' in page


def test_a_batch_is_told_before_and_queued_once_however_often_it_is_sent(app: Flask, admin: Visitor) -> None:
    fields = {"every": "yes", "preset": ["sketch", "mosaic"], "pictures": "2", "seed": "5", "key": "once"}
    with app.app_context():
        open_prompts = db.session.query(Prompt).filter_by(state="open", needs_clip=False).count()
    token = re.search(r'name="csrf_token" value="([^"]+)"', admin.sees("/admin/runs/new"))
    assert token is not None
    told = admin.client.post("/admin/runs/plan", data={**fields, "csrf_token": token[1]})
    assert f"{4 * open_prompts} runs" in told.text
    first, second = (admin.client.post("/admin/runs", data={**fields, "csrf_token": token[1]}) for _ in range(2))
    assert first.location == second.location
    page = admin.sees(first.location)
    assert f"A batch of {4 * open_prompts} runs" in page
    batch = first.location.rsplit("=", 1)[1]
    assert admin.sends(first.location, f"/admin/runs/batches/{batch}/cancel").status_code == 303
    with app.app_context():
        assert batches.get(batch).states == {"cancelled": 4 * open_prompts}


def test_a_line_is_read_while_it_is_written_or_pointed_at(admin: Visitor) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', admin.sees("/admin/runs/new"))
    assert token is not None
    read = admin.client.post("/admin/runs/line", data={"text": "a cat:2 | rain:-1", "csrf_token": token[1]}).text
    assert "Towards <q>a cat</q> (2.0)" in read
    assert "Away from <q>rain</q>" in read
    wrong = admin.client.post("/admin/runs/line", data={"text": "a cat | | a dog", "csrf_token": token[1]}).text
    assert "a cat | <mark>|</mark> a dog" in wrong
    assert "Character 9" in wrong


def test_a_running_run_is_watched_until_it_ends(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    run_id = address.rsplit("/", 1)[1]
    paints(app, run_id, seconds=10.0)
    answer = admin.client.get(address, headers={"X-Fragment": "1"})
    assert answer.headers["X-Fragment"] == "more"
    assert "step 20 of 100" in answer.text
    assert re.search(r"Left</dt><dd class=\"figures\">40 s", answer.text), "2 steps a second, 80 to go"
    lines = set(re.findall(r'<polyline class="curve curve-(\w+)"', answer.text))
    assert lines == {"guide", "judge", "second", "loss"}
    assert answer.text.index('"/p/10.png"') < answer.text.index('"/p/20.png"')
    assert "</time> Queued" in answer.text
    asks(admin, address, "cancel")
    assert "stopping" in admin.sees(address)


def test_a_run_is_steered_paused_and_ended_without_leaving_its_page(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    paints(app, address.rsplit("/", 1)[1])
    told = asks(admin, address, "steer", text="a red dog:2", at_step="50").text
    assert told.startswith('<div id="run" data-get=')
    assert "It paints that from step 50 on." in told
    assert "<q>a red dog:2.0</q>, on its way" in told
    assert "Character 8" in asks(admin, address, "steer", text="a cat |").text, "a refusal is said on the page"
    paused = asks(admin, address, "pause").text
    assert "Go on" in paused
    assert 'id="pause"' not in paused
    assert 'id="pause"' in asks(admin, address, "resume").text
    assert "ends with the next step" in asks(admin, address, "stop").text


def test_candidates_hang_side_by_side_to_choose_from(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    run_id = address.rsplit("/", 1)[1]
    paints(app, run_id, choose_by=now() + timedelta(minutes=1))
    with app.app_context():
        hung = [{"number": n, "loss": n / 10, "object": storage.put(bytes([n]), ".png")} for n in (3, 1)]
        data = {"step": 20, "until": now().isoformat(), "candidates": hung}
        db.session.add(RunEvent(run_id=run_id, kind="choice", data=data))
        db.session.commit()
    page = admin.sees(address)
    assert page.index(f"/runs/{run_id}/candidates/3.png") < page.index(f"/runs/{run_id}/candidates/1.png")
    assert "candidates 3, 1" in asks(admin, address, "choose").text, "nothing was ticked"
    chosen = asks(admin, address, "choose", candidate="1").text
    assert "Go on with 1, on its way" in chosen


def test_a_run_is_painted_again_and_forked(app: Flask, admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id, seed="3")
    run_id = address.rsplit("/", 1)[1]
    paints(app, run_id)
    with app.app_context():
        db.session.add(RunCheckpoint(run_id=run_id, step=10, object=storage.put(b"x", ".ckpt")))
        db.session.commit()
    other = admin.sends(address, f"{address}/again", seed="4")
    assert "The same again as" in admin.sees(other.location)
    fork = admin.sends(address, f"{address}/fork", step="10", steps="150", text="a blue owl")
    page = admin.sees(fork.location)
    assert "Goes on from step 10 of" in page
    assert "step 10 of 150" in page
    assert "A fork from step 10" in admin.sees(address)


def test_a_cancelled_run_asks_for_no_more_and_can_be_taken_up(admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    assert admin.sends(address, f"{address}/cancel").status_code == 303
    answer = admin.client.get(address, headers={"X-Fragment": "1"})
    assert answer.headers["X-Fragment"] == "last"
    assert "data-every" not in admin.sees(address)
    assert "data-every" in asks(admin, address, "resume").text, "it is watched again"


def test_a_run_without_a_picture_is_not_hung(admin: Visitor, prompt_id: str) -> None:
    address = queued(admin, prompt_id)
    token = admin.sees(address).split('name="csrf_token" value="')[1].split('"')[0]
    answer = admin.client.post(f"{address}/publish", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Wait until it is done" in answer.text


def test_the_queue_says_who_paints_what_and_who_waits_where(app: Flask, admin: Visitor, prompt_id: str) -> None:
    addresses = [queued(admin, prompt_id, priority=priority) for priority in ("5", "5", "9")]
    first, second, urgent = (address.rsplit("/", 1)[1] for address in addresses)
    with app.app_context():
        db.session.add(Machine(name="worker-0-abc", host="attic", slot=0))
        db.session.add(Machine(name="worker-1-abc", host="cellar", slot=1, seen_at=now() - timedelta(hours=1)))
        db.session.commit()
    paints(app, first, worker="worker-0-abc", device="cuda:0")
    page = admin.sees("/admin/runs")
    assert "attic" in page
    assert "worker-0-abc, cuda:0" in page
    assert "not heard of since" in page
    assert "1</span> painted now" in page
    rows = re.findall(r'<td class="number figures">([–\d]+)</td>\s*<td>(.*?)</td>.*?id="run-(\w+)"', page, re.DOTALL)
    assert [(place, run_id) for place, _, run_id in rows] == [("–", first), ("1", urgent), ("2", second)]
    assert rows[0][1] == "now"


def test_a_long_queue_is_paged_by_where_the_page_before_ended(app: Flask, admin: Visitor, prompt_id: str) -> None:
    for _ in range(2):
        sent(admin, prompt_id, preset=["sketch"], pictures="20")
    page = admin.sees("/admin/runs")
    older = re.search(r'href="(/admin/runs\?cursor=\w+)"', page)
    assert older is not None
    ids = re.findall(r'id="run-(\w+)"', page) + re.findall(r'id="run-(\w+)"', admin.sees(older[1]))
    assert len(ids) == len(set(ids)) == 40
    assert '<td class="number figures">31</td>' in admin.sees(older[1])
