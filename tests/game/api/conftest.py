"""Those who call the API: players with a token, an administrator, a visitor's browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from game.rules import players, prompts
from tests.conftest import doodle

API = "/api/v1"


class Caller:
    """Calls the API with a token."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self._client = app.test_client(use_cookies=token is None)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return self._client.open(API + path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        """GET a path below /api/v1."""
        return self("GET", path, **options)

    def post(self, path: str, json: object = None, **options: Any) -> TestResponse:
        """POST JSON to a path below /api/v1."""
        return self("POST", path, json=json, **options)

    def draw(self, prompt_id: str, *colours: object, **options: Any) -> dict[str, Any]:
        """Hand in a doodle and return the entry."""
        answer = self.post(f"/prompts/{prompt_id}/drawings", doodle(*colours), **options)
        assert answer.status_code == 201, answer.text
        return answer.get_json()["entry"]


@pytest.fixture
def ann(app: Flask) -> Caller:
    """A player with a token."""
    return player(app)


@pytest.fixture
def bob(app: Flask) -> Caller:
    """Another player with a token."""
    return player(app)


def player(app: Flask) -> Caller:
    """Make a player through the API."""
    answer = app.test_client().post(API + "/players")
    assert answer.status_code == 201
    return Caller(app, answer.get_json()["token"])


@pytest.fixture
def admin(app: Flask) -> Caller:
    """An administrator with a token."""
    with app.app_context():
        return Caller(app, players.admin_token())


@pytest.fixture
def nobody(app: Flask) -> Caller:
    """A visitor's browser without a page loaded."""
    return Caller(app, None)


@pytest.fixture
def red_cat(app: Flask) -> str:
    """The id of an open prompt."""
    with app.app_context():
        return prompts.add("a red cat").id


@pytest.fixture
def csrf() -> Callable[[FlaskClient], str]:
    """Reads the CSRF token of a browser's session from a page, as the site's own scripts do."""

    def read(client: FlaskClient) -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)
        assert found
        return found[1]

    return read


def check_problem(answer: TestResponse, status: int, pointer: str | None = None) -> dict[str, Any]:
    """Hold an answer against RFC 9457 and return it."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = answer.get_json()
    assert told["status"] == status
    assert all(told[name] for name in ("type", "title", "detail"))
    if pointer is not None:
        assert pointer in [mistake["pointer"] for mistake in told["errors"]]
        assert all(mistake["detail"] for mistake in told["errors"])
    return told
