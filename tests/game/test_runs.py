"""Runs through the API: queued, listed, followed, cancelled, published; by administrators only."""

import json

import pytest

from game import easel, engine, storage
from game.api import streams
from game.extensions import db
from game.models import Entry
from game.rules import players, prompts, run_events, runs, work
from tests.conftest import doodle


@pytest.fixture
def prompt(context):
    engine.migrate()
    return prompts.add("a red balloon")


@pytest.fixture
def api(context, client):
    """The administrator's calls: `api("POST /runs", {...})` gives the response."""
    token = players.admin_token()

    def ask(call, body=None, **headers):
        method, path = call.split(" ")
        sent = {
            "Authorization": f"Bearer {token}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return client.open(f"/api/v1{path}", method=method, json=body, headers=sent)

    return ask


@pytest.fixture
def run(api, prompt):
    return api("POST /runs", {"prompt_id": prompt.id, "settings": {"steps": 20}}).get_json()["run"]


def finish(run_id):
    """What a worker leaves of a finished run."""
    token = work.take(run_id, "w")
    work.progress(run_id, token, {"step": 20, "steps": 20, "loss": 0.5, "similarity": 0.4, "seconds": 9.0})
    work.write(run_id, token, drawing=storage.put(json.dumps(doodle("red")).encode(), ".json"), percentile=97.0)
    work.end(run_id, token, "done")


def parsed(stream):
    """The events of a stream as (id, kind, data)."""
    events = []
    for block in stream.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":") and ": " in line)
        if "event" in fields:
            events.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return events


def test_a_queued_run_tells_where_it_is_and_waits_in_the_engine(api, prompt):
    answer = api("POST /runs", {"prompt_id": prompt.id, "settings": {"steps": 20}})
    assert answer.status_code == 202
    run = answer.get_json()["run"]
    assert answer.headers["Location"] == f"/api/v1/runs/{run['id']}"
    assert (run["state"], run["steps"], run["tries"]) == ("queued", 20, 0)
    assert run["settings"]["texts"][0]["text"] == "a red balloon", "without texts it paints the prompt's own"
    assert engine.statuses([run["id"]]) == {run["id"]: "ENQUEUED"}
    assert api(f"GET /runs/{run['id']}").get_json() == run


def test_an_idempotency_key_queues_one_run(api, prompt):
    body = {"prompt_id": prompt.id, "settings": {}}
    first, second = (api("POST /runs", body, Idempotency_Key="k") for _ in range(2))
    assert first.get_json() == second.get_json()
    assert second.headers["Location"] == first.headers["Location"]
    assert len(runs.listing().items) == 1


def test_wrong_settings_are_pointed_at_and_nothing_is_queued(api, prompt):
    answer = api("POST /runs", {"prompt_id": prompt.id, "settings": {"steps": 0}})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["errors"][0]["pointer"] == "#/settings/steps"
    assert runs.listing().items == []


def test_an_unknown_prompt_or_run_is_missing(api, prompt):
    assert api("POST /runs", {"prompt_id": "nothing", "settings": {}}).status_code == 404
    for call in ("GET /runs/x", "GET /runs/x/events", "POST /runs/x/cancel", "POST /runs/x/publish"):
        assert api(call).status_code == 404


@pytest.mark.parametrize(
    "call", ["POST /runs", "GET /runs", "GET /runs/x", "GET /runs/x/events", "POST /runs/x/cancel",
             "POST /runs/x/publish", "GET /runs/x/preview.png", "GET /runs/x/drawing.json"]
)  # fmt: skip
def test_only_administrators_are_let_in(context, client, call):
    _, token = players.anonymous()
    method, path = call.split(" ")
    body = {"prompt_id": "x", "settings": {}} if path == "/runs" and method == "POST" else None
    headers = {"Authorization": f"Bearer {token}"}
    assert client.open(f"/api/v1{path}", method=method, json=body, headers=headers).status_code == 403


def test_runs_are_listed_newest_first_by_state_and_page(api, prompt):
    ids = [api("POST /runs", {"prompt_id": prompt.id, "settings": {}}).get_json()["run"]["id"] for _ in range(3)]
    api(f"POST /runs/{ids[0]}/cancel")
    page = api("GET /runs?limit=2").get_json()
    rest = api(f"GET /runs?limit=2&cursor={page['next']}").get_json()
    assert [run["id"] for run in page["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert [run["id"] for run in api("GET /runs?state=cancelled").get_json()["items"]] == ids[:1]
    assert api("GET /runs?state=odd").status_code == 422


def test_a_waiting_run_is_cancelled_at_once(api, run):
    assert api(f"POST /runs/{run['id']}/cancel").get_json()["run"]["state"] == "cancelled"
    assert easel.take(run["id"], "w") is None
    assert engine.statuses([run["id"]]) == {run["id"]: "CANCELLED"}
    assert api(f"POST /runs/{run['id']}/cancel").get_json()["run"]["state"] == "cancelled"


def test_a_finished_run_is_published_once_and_stands_on_the_board_as_a_machine(api, prompt, run):
    finish(run["id"])
    first, second = (api(f"POST /runs/{run['id']}/publish") for _ in range(2))
    assert first.status_code == 201
    entry = first.get_json()["entry"]
    assert second.get_json()["entry"]["id"] == entry["id"]
    assert (entry["kind"], entry["run"]["id"], entry["run"]["prior"]) == ("ai", run["id"], "strokes")
    board = api(f"GET /prompts/{prompt.id}/leaderboard?kind=ai").get_json()
    assert [item["id"] for item in board["items"]] == [entry["id"]]
    assert api(f"GET /runs/{run['id']}").get_json()["entry_id"] == entry["id"]
    assert db.session.query(Entry).count() == 1


def test_the_plate_says_of_each_guide_whether_it_is_the_judge(api, prompt, client):
    settings = {"guide": "fake:far", "guides": [{"name": "fake:colours"}]}
    run = api("POST /runs", {"prompt_id": prompt.id, "settings": settings}).get_json()["run"]
    finish(run["id"])
    entry = api(f"POST /runs/{run['id']}/publish").get_json()["entry"]
    page = client.get(f"/entries/{entry['id']}").get_data(as_text=True)
    assert "<dd>fake:far, not the judge</dd>" in page
    assert "<dd>fake:colours, which is also the judge</dd>" in page


def test_an_unfinished_run_cannot_be_published(api, run):
    answer = api(f"POST /runs/{run['id']}/publish")
    assert answer.status_code == 409
    assert "queued" in answer.get_json()["detail"]


def test_a_finished_run_gives_its_drawing(api, run):
    assert api(f"GET /runs/{run['id']}/drawing.json").status_code == 404
    finish(run["id"])
    assert api(f"GET /runs/{run['id']}/drawing.json").get_json() == doodle("red")


def test_a_preview_is_a_picture_of_its_step(api, run):
    assert api(f"GET /runs/{run['id']}/preview.png").status_code == 404
    token = work.take(run["id"], "w")
    for step in (1, 2):
        work.keep(run["id"], token, work.Kept(step, "c", storage.put(bytes([step]), ".png")))
    assert api(f"GET /runs/{run['id']}/preview.png").data == b"\2"
    first = runs.stills(run["id"])[0]["preview"]
    assert api("GET " + first.removeprefix("/api/v1")).data == b"\1"
    assert api(f"GET /runs/{run['id']}/preview.png?step=7").status_code == 404


def test_a_stream_begins_with_the_run_and_ends_with_its_end(api, run):
    streams_end = threading_finish(run["id"])
    answer = api(f"GET /runs/{run['id']}/events")
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    events = parsed(answer.get_data(as_text=True))
    streams_end.join()
    assert events[0][1] == "state"
    assert events[0][2]["id"] == run["id"]
    assert [kind for _, kind, _ in events[1:]] == ["state", "progress", "state"]
    assert events[-1][2]["state"] == "done"
    assert [number for number, _, _ in events] == sorted(number for number, _, _ in events)


def threading_finish(run_id):
    """Finish a run a little later, in another thread, as a worker in another process does."""
    import threading

    from flask import current_app

    app = current_app._get_current_object()

    def later():
        with app.app_context():
            finish(run_id)
            db.session.remove()

    timer = threading.Timer(0.3, later)
    timer.start()
    return timer


def test_a_stream_goes_on_after_the_last_event_that_was_heard(api, run):
    finish(run["id"])
    events = run_events.listing(run["id"])
    answer = api(f"GET /runs/{run['id']}/events", Last_Event_ID=str(events[1].id))
    assert [number for number, _, _ in parsed(answer.get_data(as_text=True))] == [event.id for event in events[2:]]


def test_a_stream_of_which_all_is_told_says_do_not_come_back(api, run):
    finish(run["id"])
    last = run_events.listing(run["id"])[-1].id
    assert api(f"GET /runs/{run['id']}/events", Last_Event_ID=str(last)).status_code == 204


def test_a_new_stream_of_a_finished_run_tells_the_run_and_ends(api, run):
    finish(run["id"])
    events = parsed(api(f"GET /runs/{run['id']}/events").get_data(as_text=True))
    assert [(kind, data["state"]) for _, kind, data in events] == [("state", "done")]


def test_too_many_viewers_are_sent_away_and_places_come_free_again(app, api, run):
    tail = app.extensions[streams.TAIL]
    open_streams = [api(f"GET /runs/{run['id']}/events") for _ in range(streams.CAPACITY)]
    assert api(f"GET /runs/{run['id']}/events").status_code == 204
    for stream in open_streams:
        stream.close()
    again = api(f"GET /runs/{run['id']}/events")
    assert again.status_code == 200
    again.close()
    tail.close()


def test_a_stopping_server_ends_its_streams(app, api, run):
    stream = api(f"GET /runs/{run['id']}/events")
    app.extensions[streams.TAIL].close()
    assert [kind for _, kind, _ in parsed(stream.get_data(as_text=True))] == ["state"]
