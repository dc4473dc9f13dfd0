"""The endpoint that suggests prompts, as a server on this machine that answers what a test wants."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from game import muse
from game.rules import curation, prompts
from game.settings import load, shown


@dataclass
class Endpoint:
    """What it is asked, and what it answers."""

    address: str = ""
    status: int = 200
    body: bytes = b""
    moved: str = ""
    silent: threading.Event = field(default_factory=threading.Event)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def says(self, text: str) -> None:
        """Answer like chat completions."""
        self.body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint; set `silent` while it is to say nothing."""
    told = Endpoint()
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        """Answers what the test wants."""

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append({"path": self.path, "key": self.headers["Authorization"], **json.loads(sent)})
            if told.silent.is_set():
                done.wait(30)
                return
            self.send_response(told.status)
            if told.moved:
                self.send_header("Location", told.moved)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}/v1"
    yield told
    done.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def asking(make_app, endpoint):
    """An application that knows the endpoint."""
    app = make_app(SUGGEST_URL=endpoint.address, SUGGEST_KEY="k3y", SUGGEST_MODEL="tiny", SUGGEST_TIMEOUT=1)
    with app.app_context():
        yield app


def test_it_is_asked_with_seeds_and_its_lines_wait_for_a_person(asking, endpoint):
    prompts.add("a red cat")
    endpoint.says('1. a blue dog\n- "a green cow"\n\na red cat\na blue dog.\n')
    made = curation.suggest(5)
    assert {one.text for one in made} == {"a blue dog", "a green cow"}
    assert {one.source for one in made} == {"tiny"}
    (asked,) = endpoint.asked
    assert (asked["path"], asked["key"], asked["model"]) == ("/v1/chat/completions", "Bearer k3y", "tiny")
    assert "a red cat" in asked["messages"][1]["content"]
    assert len(prompts.listing("new", None, 9).items) == 1


def test_the_grammar_can_be_asked_all_the_same(asking, endpoint):
    assert {one.source for one in curation.suggest(3, "grammar")} == {"grammar"}
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(401, b"{}"), (500, b"no"), (200, b"<html>"), (200, b'{"choices": []}'), (200, b"[1]"), (200, b"x" * 300_000)],
)
def test_whatever_it_answers_is_told_in_a_sentence(asking, endpoint, status, body):
    endpoint.status, endpoint.body = status, body
    with pytest.raises(muse.MuseSilent):
        curation.suggest(5)


def test_a_silent_endpoint_is_left_after_a_while(asking, endpoint):
    endpoint.silent.set()
    with pytest.raises(muse.MuseSilent, match="within 1 s"):
        curation.suggest(5)


def test_its_key_is_taken_nowhere_else(asking, endpoint):
    endpoint.status, endpoint.moved = 307, endpoint.address + "/elsewhere"
    with pytest.raises(muse.MuseSilent):
        curation.suggest(5)
    assert len(endpoint.asked) == 1


def test_nobody_there_is_told(make_app):
    with make_app(SUGGEST_URL="http://127.0.0.1:9/v1").app_context(), pytest.raises(muse.MuseSilent):
        curation.suggest(5)


def test_the_key_is_not_shown(tmp_path):
    told = {name: value for name, value, _ in shown(load({"DATA": tmp_path, "SUGGEST_KEY": "k3y"}, {}))}
    assert told["PAINTOFF_SUGGEST_KEY"] == "***"
