"""What operators ask of a process, and what goes with every answer."""

import json
import logging
import re

import pytest

from game import judging, logs, storage
from tests.game.api.conftest import API, check_problem


def test_a_process_is_up_and_ready(client):
    assert client.get("/healthz").get_json() == {"status": "up"}
    ready = client.get("/readyz")
    assert ready.get_json() == {"status": "ready", "database": "ready", "storage": "ready", "judge": "ready"}


@pytest.mark.parametrize("part", ["storage", "judge", "database"])
def test_what_does_not_answer_is_named(app, client, monkeypatch, part):
    def fail(*_):
        raise OSError("gone")

    if part == "storage":
        monkeypatch.setattr(storage, "write", fail)
    elif part == "judge":
        monkeypatch.setattr(judging, "current", fail)
    else:
        from sqlalchemy import text

        from game.extensions import db

        with app.app_context():
            db.session.execute(text("ALTER TABLE prompt RENAME TO elsewhere"))
            db.session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, told in answer.get_json().items() if told == "not ready"] == ["status", part]


def test_metrics_are_for_this_machine_and_administrators(client, ann, admin, red_cat):
    ann.draw(red_cat)
    text = client.get("/metrics").text
    assert 'paintoff_entries{kind="human",state="visible"} 1.0' in text
    assert re.search(
        r'paintoff_requests_total\{endpoint="api_prompts.submit_drawing",method="POST",status="201"\} 1.0', text
    )
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    check_problem(client.get("/metrics", **elsewhere), 401)
    check_problem(client.get("/metrics", headers=ann.headers, **elsewhere), 403)
    assert client.get("/metrics", headers=admin.headers, **elsewhere).status_code == 200
    # A proxy on this machine makes everybody come from here.
    check_problem(client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}), 401)


@pytest.mark.parametrize("path", ["/", API + "/prompts", API + "/nothing", "/nothing", "/healthz"])
def test_security_headers_go_with_every_answer(client, path):
    answer = client.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search("unsafe|http|[*]", answer.headers["Content-Security-Policy"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers
    assert "Strict-Transport-Security" in client.get(path, base_url="https://localhost").headers


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/prompts", 405), ("GET", "/nothing", 404)])
def test_what_the_framework_refuses_is_a_problem_too(ann, method, path, status):
    check_problem(ann(method, path), status)


def test_a_failure_is_written_down_and_tells_nothing(app, ann, monkeypatch, caplog, red_cat):
    def fail(*_):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(judging, "judge_picture", fail)
    from tests.conftest import doodle

    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = ann.post(f"/prompts/{red_cat}/drawings", doodle())
    assert "secret" not in str(check_problem(answer, 500))
    assert "the secret reason" in caplog.text


def test_a_judge_that_cannot_be_loaded_is_a_problem_of_ours(ann, monkeypatch, red_cat):
    def fail(*_):
        raise judging.JudgeUnavailable("no file /secret/path")

    monkeypatch.setattr(judging, "judge_picture", fail)
    from tests.conftest import doodle

    assert "secret" not in str(check_problem(ann.post(f"/prompts/{red_cat}/drawings", doodle()), 503))


def test_people_get_a_page_and_not_json(client):
    answer = client.get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Nothing hangs here" in answer.text


def test_people_are_told_even_when_the_page_cannot_be_made(app, client, monkeypatch):
    def fail(*_):
        raise OSError("the database is away")

    client.get("/")
    monkeypatch.setattr("game.rules.players.find", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "It was written down" in answer.text


def test_every_request_is_logged_with_an_id_and_without_what_was_asked(client, capsys):
    logs.configure("json")
    answer = client.get(API + "/search?q=my+secret+words", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["X-Request-ID"] == "abc-1"
    line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert (line["method"], line["path"], line["status"], line["request_id"]) == ("GET", API + "/search", 200, "abc-1")
    assert "secret" not in str(line)
    assert "timestamp" in line


def test_a_strange_request_id_is_replaced(client):
    for given in ("a b", "x" * 65, ""):
        assert re.fullmatch(
            "[0-9a-f]{16}", client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
        )


def test_configuring_the_log_twice_writes_each_line_once(capsys):
    for _ in range(2):
        logs.configure("plain")
    logging.getLogger("game.test").warning("only once")
    assert capsys.readouterr().err.count("only once") == 1
