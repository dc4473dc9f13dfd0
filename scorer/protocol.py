"""The judge over HTTP, as plain functions: five calls, whichever server carries them (see `serve`, `remote`).

    GET  /healthz                 "up"
    GET  /judge                   what the client has to know: name, dim, size of pictures ... (JSON)
    GET  /background              what similarities are compared with (safetensors, float32)
    POST /pictures?judge=NAME     RGB bytes (n, size, size, 3), prepared by the client -> float32 rows (n, d)
    POST /texts?judge=NAME        a JSON list of n texts -> float32 rows (n, d)
    POST /tokens?judge=NAME       a JSON list of n texts -> a JSON list of their numbers of tokens

Only the encoder's work is done far away; scores and percentiles are reckoned by the client with the same code as here.
Rows are raw little-endian numbers: there is nothing in them to unpack, let alone to run.  A client names the judge it
counts on, so that a service that was restarted with another one cannot mix two judges' rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from safetensors.numpy import save

from scorer.batching import Overloaded
from scorer.judge import Judge

VERSION = 1
MOST = 256  # pictures or texts a call
LONGEST = 4000  # characters of a text
LARGEST = 80_000_000  # bytes of a body: 256 pictures of 336 px, and some
JSON, BYTES = "application/json", "application/octet-stream"


@dataclass(frozen=True)
class Answer:
    """What is answered: a status, a body and its media type; `retry_after` in seconds where it makes sense."""

    status: int
    body: bytes
    media: str = JSON
    retry_after: int | None = None


class _Refused(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def answer(judge: Judge, method: str, path: str, named: str | None, body: bytes) -> Answer:
    """Answer a call to `path`, whose client counts on the judge `named`; every refusal is problem+json."""
    try:
        if method == "GET" and path in READ:
            return READ[path](judge)
        if method == "POST" and path in ASKED:
            if named != judge.spec:
                raise _Refused(409, f"Here sits {judge.spec}, not {named}.")
            return ASKED[path](judge, body)
        raise _Refused(404, f"There is no {method} {path}.")
    except _Refused as refusal:
        return problem(refusal.status, str(refusal))
    except Overloaded as error:
        return problem(503, f"Too much at once: {error}.", error.retry_after)


def problem(status: int, detail: str, retry_after: int | None = None) -> Answer:
    """Return a refusal or failure (RFC 9457)."""
    told = {"type": "about:blank", "status": status, "detail": detail}
    return Answer(status, json.dumps(told).encode(), "application/problem+json", retry_after)


def _health(_judge: Judge) -> Answer:
    return Answer(200, b"up\n", "text/plain")


def _facts(judge: Judge) -> Answer:
    embedder = judge.embedder
    facts = {
        "protocol": VERSION,
        "judge": judge.spec,
        "dim": judge.dim,
        "context_length": judge.context_length,
        "size": embedder.size,
        "resize_mode": embedder.resize_mode,
        "noise": judge.noise,
    }
    return Answer(200, json.dumps(facts).encode())


def _background(judge: Judge) -> Answer:
    rows = {"pictures": judge.against.pictures, "captions": judge.against.captions}
    return Answer(200, save({name: np.ascontiguousarray(row, np.float32) for name, row in rows.items()}), BYTES)


def _pictures(judge: Judge, body: bytes) -> Answer:
    side = judge.embedder.size
    count, rest = divmod(len(body), side * side * 3)
    if rest or not 1 <= count <= MOST:
        raise _Refused(400, f"The body holds {len(body)} bytes, not 1 to {MOST} times {side} x {side} x 3.")
    squares = np.frombuffer(body, np.uint8).reshape(count, side, side, 3)
    return _rows(judge.embedder.embed_squares(squares.copy()))


def _texts(judge: Judge, body: bytes) -> Answer:
    return _rows(judge.embed_texts(_read_texts(body)))


def _tokens(judge: Judge, body: bytes) -> Answer:
    return Answer(200, json.dumps([judge.count_tokens(text) for text in _read_texts(body)]).encode())


def _rows(rows: np.ndarray) -> Answer:
    return Answer(200, rows.astype("<f4").tobytes(), BYTES)


def _read_texts(body: bytes) -> list[str]:
    try:
        texts: Any = json.loads(body)
    except ValueError:
        raise _Refused(400, "The body is no JSON.") from None
    if not isinstance(texts, list) or not 1 <= len(texts) <= MOST or not all(isinstance(text, str) for text in texts):
        raise _Refused(400, f"The body has to be a list of 1 to {MOST} strings.")
    if max(map(len, texts)) > LONGEST:
        raise _Refused(400, f"A text has at most {LONGEST} characters.")
    return texts


READ: dict[str, Callable[[Judge], Answer]] = {"/healthz": _health, "/judge": _facts, "/background": _background}
ASKED: dict[str, Callable[[Judge, bytes], Answer]] = {"/pictures": _pictures, "/texts": _texts, "/tokens": _tokens}
