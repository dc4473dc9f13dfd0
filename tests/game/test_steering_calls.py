"""Runs taken by the hand through the API, and batches: by administrators only."""

import pytest

from game import engine, painting
from game.extensions import db
from game.models import Machine, Run
from game.rules import estimates, players, prompts, settling
from tests.game.test_runs import api, finish, prompt, run  # noqa: F401

CALLS = [
    "GET /runs/x/history", "POST /runs/x/steer", "POST /runs/x/choose", "POST /runs/x/stop", "POST /runs/x/pause",
    "POST /runs/x/resume", "POST /runs/x/again", "POST /runs/x/fork", "GET /runs/x/candidates/1.png",
    "GET /runs/settings", "POST /runs/line", "POST /runs/estimate", "POST /batches/plan", "POST /batches",
    "GET /batches/x", "POST /batches/x/cancel",
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_only_administrators_are_let_in(context, client, call):
    _, token = players.anonymous()
    method, path = call.split(" ")
    headers = {"Authorization": f"Bearer {token}"}
    assert client.open(f"/api/v1{path}", method=method, json={}, headers=headers).status_code == 403


def test_a_run_is_steered_by_a_line_or_by_texts(api, run):  # noqa: F811
    where = f"/runs/{run['id']}"
    assert api(f"POST {where}/steer", {"texts": "a dog:2 | rain:-0.5", "at_step": 5}).status_code == 200
    assert api(f"POST {where}/steer", {"texts": [{"text": "a cow"}]}).status_code == 200
    first, second = api(f"GET {where}/history").get_json()["orders"]
    assert [(text["text"], text["weight"]) for text in first["texts"]] == [("a dog", 2), ("rain", -0.5)]
    assert (first["at"], first["step"], second["at"]) == (5, None, None)
    wrong = api(f"POST {where}/steer", {"texts": "a dog | | a cat"})
    assert wrong.status_code == 422
    assert "Character 9" in wrong.get_json()["detail"]


def test_a_run_is_paused_and_taken_up_as_new_work_of_the_engine(api, run):  # noqa: F811
    where = f"/runs/{run['id']}"
    assert api(f"POST {where}/pause").get_json()["run"]["state"] == "paused"
    assert api(f"POST {where}/resume").get_json()["run"]["state"] == "queued"
    assert api(f"POST {where}/resume").status_code == 409
    job = settling.job(run["id"], 1)
    assert engine.statuses([run["id"], job]) == {run["id"]: "CANCELLED", job: "ENQUEUED"}
    settling.settle()
    assert api(f"GET {where}").get_json()["state"] == "queued", "the first work's end is not the run's"


def test_a_run_is_painted_again_once_however_often_it_is_asked(api, run):  # noqa: F811
    first, second = (api(f"POST /runs/{run['id']}/again", {}, Idempotency_Key="k") for _ in range(2))
    assert first.status_code == 202
    assert first.get_json() == second.get_json()
    other = first.get_json()["run"]
    assert first.headers["Location"] == f"/api/v1/runs/{other['id']}"
    assert other["parent_id"] == run["id"]
    assert [child["id"] for child in api(f"GET /runs/{run['id']}/history").get_json()["children"]] == [other["id"]]


def test_what_cannot_be_is_refused_with_the_reason(api, run):  # noqa: F811
    where = f"/runs/{run['id']}"
    assert api(f"POST {where}/choose", {"candidates": [1]}).status_code == 409
    assert api(f"POST {where}/fork", {"step": 3}).get_json()["errors"][0]["pointer"] == "#/step"
    assert api(f"GET {where}/candidates/1.png").status_code == 404
    finish(run["id"])
    assert api(f"POST {where}/pause").status_code == 409
    assert "done" in api(f"POST {where}/stop").get_json()["detail"]


def test_settings_and_lines_are_explained_where_they_stand(api):  # noqa: F811
    rows = {(row["prior"], row["name"]): row for row in api("GET /runs/settings").get_json()}
    assert rows[None, "steps"]["about"] == "How often the picture is improved."
    assert rows["strokes", "strokes"]["default"] == 80
    assert api("POST /runs/line", {"line": "a cat || 9 | a dog"}).get_json()["position"] is None
    read = api("POST /runs/line", {"line": "a cat | | a dog"}).get_json()
    assert (read["position"], read["texts"]) == (8, [])


@pytest.fixture
def many(prompt):  # noqa: F811
    return [prompt.id, prompts.add("a blue cat").id, prompts.add("a green owl").id]


def test_a_batch_is_planned_and_then_queued_once(api, many):  # noqa: F811
    recipes = [{"steps": 20}, {"prior": "pixels", "steps": 30, "grid": 16}]
    body = {"prompt_ids": many, "recipes": recipes, "seeds": [1, 2]}
    plan = api("POST /batches/plan", body).get_json()
    assert (plan["prompts"], plan["runs"], plan["unknown"]) == (3, 12, 12)
    assert db.session.query(Run).count() == 0
    first, second = (api("POST /batches", body, Idempotency_Key="b") for _ in range(2))
    assert first.status_code == 202
    assert first.get_json() == second.get_json() == {**first.get_json(), "runs": 12, "states": {"queued": 12}}
    rows = db.session.query(Run).order_by(Run.created_at).all()
    assert len({(row.prompt_id, row.settings["prior"], row.settings["seed"]) for row in rows}) == 12
    assert {row.settings["texts"][0]["text"] for row in rows} == {"a red balloon", "a blue cat", "a green owl"}
    assert set(engine.statuses([row.id for row in rows]).values()) == {"ENQUEUED"}


def test_a_batch_with_something_wrong_queues_nothing(api, many):  # noqa: F811
    body = {"prompt_ids": many, "recipes": [{}, {"steps": 0}], "seeds": [1]}
    wrong = api("POST /batches", body)
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "#/recipes/1/steps")
    assert api("POST /batches", {**body, "prompt_ids": [*many, "nothing"], "recipes": [{}]}).status_code == 404
    wrong = api("POST /batches", {**body, "recipes": [{}], "seeds": list(range(400))})
    assert "At most 1000 runs" in wrong.get_json()["detail"]
    assert db.session.query(Run).count() == 0


def test_what_is_left_of_a_batch_is_cancelled_and_nothing_else(api, many, run):  # noqa: F811
    batch = api("POST /batches", {"prompt_ids": many, "recipes": [{}], "seeds": [1]}).get_json()["id"]
    done = db.session.query(Run).filter_by(batch=batch).first().id
    finish(done)
    assert api(f"POST /batches/{batch}/cancel").get_json()["states"] == {"cancelled": 2, "done": 1}
    assert api(f"GET /runs/{run['id']}").get_json()["state"] == "queued"
    assert api("GET /batches/nothing").status_code == 404


def test_time_is_told_by_the_runs_before(api, prompt):  # noqa: F811
    done = api("POST /runs", {"prompt_id": prompt.id, "settings": {"steps": 20, "cutouts": 4}}).get_json()["run"]["id"]
    finish(done)  # 20 steps with 4 views in 9 seconds
    told = api("POST /runs/estimate", {"settings": {"steps": 40, "cutouts": 8}}).get_json()
    assert (told["seconds"], told["runs"]) == (pytest.approx(36), 1)
    assert api("POST /runs/estimate", {"settings": {"prior": "pixels"}}).get_json()["seconds"] is None


def test_a_run_that_fits_on_no_machine_is_refused_with_the_size_that_would(api, many, monkeypatch):  # noqa: F811
    tight = painting.Memory(8_000_000_000, 4_000_000_000, ["a size of 256 px", "2 cutouts"])
    monkeypatch.setattr(painting, "memory", lambda settings, patience: tight)
    body = {"prompt_ids": many, "recipes": [{"size": 512}], "seeds": [1]}
    wrong = api("POST /batches", body)
    assert wrong.get_json()["errors"] == [{
        "pointer": "#/recipes/0/size",
        "detail": "A step takes about 8 GB and this machine has 4 GB. What fits: a size of 256 px or 2 cutouts.",
    }]  # fmt: skip
    assert api("POST /runs", {"prompt_id": many[0], "settings": {"size": 512}}).status_code == 422
    db.session.add(Machine(name="w", host="another", slot=0))
    db.session.commit()
    assert api("POST /batches", body).status_code == 202, "another host may have more: it looks for itself"


def test_memory_is_measured_with_the_guide_that_is_at_hand(context, monkeypatch):
    from scorer.encoder import load_encoder

    settings = painting.check({"texts": [{"text": "a cat"}], "guide": "embedded:main", "strokes": 8})
    assert estimates.of(settings).bytes is None, "nothing is loaded for an estimate"
    monkeypatch.setattr(painting.judging, "guide_at_hand", lambda name: load_encoder(name, "cpu"))
    small, large = (estimates.of({**settings, "candidates": count}, 300) for count in (1, 4))
    assert 1e6 < small.bytes < large.bytes < 5 * small.bytes
    assert small.room > 1e8
    assert small.fits == []
    known = estimates.of({**settings, "candidates": 64, "cutouts": 64})
    assert known.bytes > large.bytes, "at once, for it is the same kind of run"
