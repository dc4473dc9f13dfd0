"""The door to the scorer: a judge behind an address, and what its failures become."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from game import easel, judging
from game.judging import INJECTED, JudgeAway, JudgeBusy, JudgeUnavailable
from game.rules import pending, players, prompts
from scorer import Overloaded, remote
from scorer.server import Server
from tests.conftest import doodle
from tests.scorer.fakes import TinyEmbedder, tiny_judge


@pytest.fixture
def service() -> Iterator[Server]:
    """A judge called fake:tiny that serves on this machine."""
    with Server(tiny_judge(TinyEmbedder()), "127.0.0.1", 0) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def far_app(make_app: Callable[..., Flask], service: Server, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, with its judge at the service."""
    monkeypatch.setattr(remote, "PAUSE", 0.0)
    monkeypatch.setattr(remote, "REST", 0.0)
    app = make_app(JUDGE="fake:tiny", JUDGE_URL=f"http://127.0.0.1:{service.server_port}")
    del app.extensions[INJECTED]
    return app


def full(_squares: Any) -> Any:
    raise Overloaded("512 pictures or texts wait for the judge already", 7)


def test_the_judge_at_an_address_sits(far_app: Flask) -> None:
    with far_app.app_context():
        score = judging.judge_picture(Image.new("RGB", (32, 32), "red"), "a red barrow")
        assert score.judge == judging.spec() == judging.facts().spec == "fake:tiny"
        assert score.similarity == tiny_judge().score(Image.new("RGB", (32, 32), "red"), "a red barrow").similarity
        assert judging.named("fake:tiny") is judging.current()


def test_a_service_that_is_away_is_told_from_a_busy_one(far_app: Flask, service: Server) -> None:
    picture = Image.new("RGB", (32, 32), "red")
    with far_app.app_context():
        sitting = judging.current()
        service.judge.embedder.embed_squares = full  # type: ignore[method-assign]
        with pytest.raises(JudgeBusy) as busy:
            sitting.score(picture, "a red barrow")
        assert busy.value.retry_after == 7
        service.shutdown()
        service.server_close()
        with pytest.raises(JudgeAway) as away:
            sitting.score(picture, "a red barrow")
        assert away.value.retry_after is not None


def test_another_judge_at_the_address_is_refused(far_app: Flask, service: Server) -> None:
    service.judge = tiny_judge(TinyEmbedder("fake:other"))
    with far_app.app_context(), pytest.raises(JudgeUnavailable, match="sits fake:other, but fake:tiny is wanted"):
        judging.current()


def test_too_much_at_once_is_answered_with_when_to_come_back(far_app: Flask, service: Server) -> None:
    service.judge.embedder.embed_texts = full  # type: ignore[method-assign]
    client = far_app.test_client()
    answer = client.get("/api/v1/search?q=a%20red%20barrow")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "7"
    assert "too many pictures" in answer.get_json()["detail"]
    told = client.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/search"]["get"]["responses"]["503"]
    assert "Retry-After" in told["headers"]


def test_nothing_is_lost_while_the_service_is_away(far_app: Flask, service: Server) -> None:
    service.shutdown()
    service.server_close()
    with far_app.app_context():
        prompt = prompts.add("a red barrow")
        _, token = players.anonymous()
    client, ours = far_app.test_client(), {"Authorization": f"Bearer {token}"}
    again = {**ours, "Idempotency-Key": "one and the same"}
    told = [client.post(f"/api/v1/prompts/{prompt.id}/drawings", json=doodle(), headers=again) for _ in range(2)]
    assert [(answer.status_code, answer.get_json()["entry"]["state"]) for answer in told] == [(201, "pending")] * 2
    entry_id = told[0].get_json()["entry"]["id"]
    assert client.get("/readyz").get_json() == {
        "status": "ready", "database": "ready", "storage": "ready", "judge": "away",
    }  # fmt: skip
    with Server(tiny_judge(TinyEmbedder()), "127.0.0.1", service.server_port) as back:
        threading.Thread(target=back.serve_forever, args=(0.01,), daemon=True).start()
        with far_app.app_context():
            assert (pending.settle(), pending.count()) == (1, 0)
        assert client.get("/readyz").get_json()["judge"] == "ready"
        entry = client.get(f"/api/v1/entries/{entry_id}", headers=ours).get_json()
        assert (entry["state"], entry["judge"], entry["rank"], entry["of"]) == ("visible", "fake:tiny", 1, 1)
        back.shutdown()


def test_a_run_keeps_its_picture_while_the_judge_is_away(far_app: Flask, service: Server) -> None:
    picture = Image.new("RGB", (32, 32), "red")
    with far_app.app_context():
        assert set(easel._judged(picture, "a red barrow")) == {"similarity", "percentile"}
        service.shutdown()
        service.server_close()
        assert easel._judged(picture, "a red barrow") == {}


def test_a_page_says_it_kindly(far_app: Flask, service: Server) -> None:
    service.shutdown()
    service.server_close()
    answer = far_app.test_client().get("/about")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"].isdigit()
    assert "The judge is not in yet" in answer.text
