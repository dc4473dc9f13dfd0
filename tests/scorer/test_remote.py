"""A judge behind an address is the same judge, or says clearly that it is away, busy or another one."""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scorer import protocol, remote
from scorer.batching import Overloaded
from scorer.encoder import ScorerError
from scorer.judge import Judge
from scorer.remote import Away, Connection, RemoteEmbedder, connect
from scorer.serve import replicas
from scorer.server import Server
from tests.scorer.fakes import TinyEmbedder, tiny_judge


@pytest.fixture
def embedder() -> TinyEmbedder:
    return TinyEmbedder()


@pytest.fixture
def server(embedder: TinyEmbedder) -> Iterator[Server]:
    with Server(tiny_judge(embedder), "127.0.0.1", 0) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def connection(server: Server, monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr(remote, "PAUSE", 0.0)
    return Connection(f"http://127.0.0.1:{server.server_port}/")


@pytest.fixture
def far(connection: Connection) -> Judge:
    return connect(connection, "fake:tiny")


def answers(monkeypatch: pytest.MonkeyPatch, connection: Connection, *told: Any) -> list[str]:
    """Let calls be answered, or fail, with these in turn; returns the paths asked for."""
    asked, left = [], list(told)

    def once(_method: str, path: str, _body: bytes | None) -> Any:
        asked.append(path)
        if isinstance(left[0], Exception):
            raise left.pop(0)
        return left.pop(0)

    monkeypatch.setattr(connection, "_once", once)
    return asked


def test_it_is_the_same_judge(far: Judge) -> None:
    near = tiny_judge()
    picture = Image.new("RGB", (60, 40), (200, 30, 90))
    for text in ("a red barrow", "green grass"):
        theirs, ours = far.score(picture, text), near.score(picture, text)
        assert (theirs.similarity, theirs.percentile, theirs.judge) == (ours.similarity, ours.percentile, ours.judge)
        np.testing.assert_array_equal(theirs.embedding, ours.embedding)
        assert far.background_histogram(text) == near.background_histogram(text)
        assert far.caption_percentile(ours.embedding, 0.5) == near.caption_percentile(ours.embedding, 0.5)
    assert (far.spec, far.dim, far.noise, far.context_length) == (near.spec, near.dim, near.noise, near.context_length)
    assert far.seen_as(picture).size == (16, 16)


def test_many_pictures_go_in_parts(far: Judge, embedder: TinyEmbedder) -> None:
    pictures = [Image.new("RGB", (16, 16), (n, 255 - n, 7)) for n in range(150)]
    before = embedder.asked
    np.testing.assert_array_equal(far.embed_images(pictures), tiny_judge().embed_images(pictures))
    assert embedder.asked - before == 150
    assert far.embed_texts([f"text {n}" for n in range(300)]).shape == (300, 4)


def test_what_is_known_is_not_asked_again(far: Judge, embedder: TinyEmbedder) -> None:
    assert [far.count_tokens("two words") for _ in range(3)] == [4, 4, 4]
    rows = [far.embed_texts(["two words"]) for _ in range(3)]
    np.testing.assert_array_equal(rows[0], rows[2])
    assert embedder.asked == 2


def test_a_guide_has_to_be_here(far: Judge) -> None:
    with pytest.raises(ScorerError, match="load it here"):
        _ = far.encoder


def test_another_judge_is_refused_at_first_and_later(
    connection: Connection, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ScorerError, match="fake:tiny, but embedded:main is wanted"):
        connect(connection, "embedded:main")
    far = connect(connection, "fake:tiny")
    monkeypatch.setattr(server, "judge", tiny_judge(TinyEmbedder("fake:other")))
    with pytest.raises(ScorerError, match="Here sits fake:other, not fake:tiny"):
        far.embed_texts(["something new"])


def test_a_service_that_is_not_there_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAUSE", 0.0)
    with socket.socket() as taken:  # bound, not listening: nobody else answers at this port
        taken.bind(("127.0.0.1", 0))
        connection = Connection(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(Away, match="ConnectionRefused"):
            connect(connection, "fake:tiny")


def test_a_short_failure_is_not_noticed(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = (200, b"up", None)
    asked = answers(monkeypatch, connection, ConnectionResetError("gone"), (502, b"", None), fine)
    assert connection.call("GET", "/healthz") == b"up"
    assert len(asked) == 3


def test_a_service_that_is_away_is_left_alone_for_a_while(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answers(monkeypatch, connection, *[ConnectionRefusedError("no")] * 3, (200, b"up", None))
    for _ in range(5):
        with pytest.raises(Away, match="is away"):
            connection.call("GET", "/healthz")
    assert len(asked) == 3
    monkeypatch.setattr(connection, "_away_until", 0.0)
    assert connection.call("GET", "/healthz") == b"up"


def test_an_answer_that_does_not_come_is_waited_for_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answers(monkeypatch, connection, TimeoutError("timed out"))
    with pytest.raises(Away, match="timed out"):
        connection.call("GET", "/healthz")
    assert len(asked) == 1


def test_a_busy_service_gets_a_moment_but_no_minute(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, connection, (503, b"", 0), (503, b"", 0), (200, b"up", None), (503, b"", 40))
    assert connection.call("GET", "/healthz") == b"up"
    with pytest.raises(Overloaded, match="busy") as refusal:
        connection.call("GET", "/healthz")
    assert refusal.value.retry_after == 40
    assert len(asked) == 4


def test_too_much_at_once_is_told_through_the_network(
    far: Judge, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_squares: Any) -> Any:
        raise Overloaded("512 pictures or texts wait for the judge already", 7)

    monkeypatch.setattr(server.judge.embedder, "embed_squares", full)
    with pytest.raises(Overloaded) as refusal:
        far.embed_images([Image.new("RGB", (16, 16))])
    assert refusal.value.retry_after == 7


@pytest.mark.parametrize("told", [b"<html>a router</html>", b"[]", b"{}"])
def test_what_is_no_judge_is_away(connection: Connection, monkeypatch: pytest.MonkeyPatch, told: bytes) -> None:
    answers(monkeypatch, connection, (200, told, None))
    with pytest.raises(Away, match="no judge"):
        connect(connection, "fake:tiny")


def test_another_protocol_is_refused(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, connection, (200, b'{"protocol": 2}', None))
    with pytest.raises(ScorerError, match="version 2, not 1"):
        connect(connection, "fake:tiny")


def test_rows_cut_short_are_noticed(connection: Connection, far: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, connection, (200, b"1234567", None))
    assert isinstance(far.embedder, RemoteEmbedder)
    with pytest.raises(Away, match="7 bytes"):
        far.embedder.embed_texts(["cut short"])


@pytest.mark.parametrize("address", ["gpu:8100", "ftp://gpu", "http://"])
def test_an_address_that_is_none_says_what_to_write(address: str) -> None:
    with pytest.raises(ScorerError, match="http://HOST:PORT"):
        Connection(address)


@pytest.mark.parametrize(
    ("method", "path", "named", "body", "status"),
    [
        ("GET", "/nothing", None, b"", 404),
        ("POST", "/judge", None, b"", 404),
        ("POST", "/texts", None, b'["a"]', 409),
        ("POST", "/texts", "fake:tiny", b"no json", 400),
        ("POST", "/texts", "fake:tiny", b"[]", 400),
        ("POST", "/texts", "fake:tiny", b"[1]", 400),
        ("POST", "/tokens", "fake:tiny", json.dumps(["x" * 4001]).encode(), 400),
        ("POST", "/pictures", "fake:tiny", b"", 400),
        ("POST", "/pictures", "fake:tiny", bytes(16 * 16 * 3 + 1), 400),
        ("POST", "/pictures", "fake:tiny", bytes(16 * 16 * 3 * 257), 400),
    ],
)
def test_bad_calls_are_refused_as_problems(method: str, path: str, named: str | None, body: bytes, status: int) -> None:
    found = protocol.answer(tiny_judge(), method, path, named, body)
    assert (found.status, found.media) == (status, "application/problem+json")
    assert json.loads(found.body)["detail"]


@pytest.mark.parametrize(("length", "status"), [(str(10**9), 413), (None, 411), ("-5", 411)])
def test_a_body_without_a_sound_length_is_not_read(server: Server, length: str | None, status: int) -> None:
    call = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    call.putrequest("POST", "/texts?judge=fake:tiny")
    if length is not None:
        call.putheader("Content-Length", length)
    call.endheaders()
    assert call.getresponse().status == status
    call.close()


def test_a_failure_is_answered_and_the_next_call_succeeds(
    connection: Connection, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(server, "judge", None)
        assert connection._once("GET", "/judge", None)[0] == 500
    assert connection._once("GET", "/judge", None)[0] == 200


def test_how_many_replicas_is_read_from_a_word() -> None:
    assert (replicas("4"), replicas("1-8")) == ((4, 4), (1, 8))
    for wrong in ("0", "3-2", "x"):
        with pytest.raises(argparse.ArgumentTypeError, match="write 4, or 1-8"):
            replicas(wrong)
