"""A judge whose encoder computes behind an address: the same `Judge`, with patience for a network in between.

Every call only computes, so it may be made again: a connection that fails is tried three times within a second or so.
A service that stays away is left alone for a few seconds, in which every call fails at once instead of waiting.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
from safetensors.numpy import load

from scorer import protocol
from scorer.background import Background
from scorer.batching import Overloaded
from scorer.embedder import Squares
from scorer.encoder import ScorerError
from scorer.judge import Judge

TRIES, PAUSE = 3, 0.2  # pauses of 0.2 and 0.4 s
CONNECTING, ANSWERING = 2.0, 30.0  # s
REST = 5.0  # s in which a service that was away is not asked again
SHORT_WAIT = 2  # s that a busy service may ask for and get; longer is for whoever called
PART = 64  # pictures a call
KEPT_COUNTS = 4096  # texts


class Away(ScorerError):
    """The service cannot be reached, or what answers there is not the judge; it may be back in a while."""


class Connection:
    """Makes calls to the service at an address such as "http://gpu:8100"; safe to share between threads."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ScorerError(f'"{address}" is no address of a service: write http://HOST:PORT')
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._base = parts.hostname, parts.port, parts.path
        self._away_until, self._why = 0.0, ""

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Return the body of the answer; raises Away, Overloaded, or ScorerError for what is refused for good."""
        if time.monotonic() < self._away_until:
            raise Away(self._why)
        for attempt in range(TRIES):
            try:
                status, answer, retry_after = self._once(method, path, body)
            except (OSError, http.client.HTTPException) as error:
                why, patient = f"{type(error).__name__}: {error}", not isinstance(error, TimeoutError)
            else:
                if status == 200:
                    return answer
                if status == 503 and retry_after is not None:
                    if attempt + 1 == TRIES or retry_after > SHORT_WAIT:
                        raise Overloaded(f"the judge at {self.address} is busy", retry_after)
                    time.sleep(retry_after)
                    continue
                if status == 409:
                    raise Away(f"at {self.address} sits another judge: {_detail(answer)}")
                if status < 500:
                    raise ScorerError(f"the judge at {self.address} refused {path}: {_detail(answer)}")
                why, patient = f"it answered {status}", True
            if attempt + 1 == TRIES or not patient:
                break
            time.sleep(PAUSE * 2**attempt)
        self._why = f"the judge at {self.address} is away ({why})"
        self._away_until = time.monotonic() + REST
        raise Away(self._why)

    def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes, int | None]:
        connection = self._kind(self._host, self._port, timeout=CONNECTING)
        try:
            connection.connect()
            connection.sock.settimeout(ANSWERING)
            connection.request(method, self._base + path, body)
            response = connection.getresponse()
            wanted = response.getheader("Retry-After", "")
            return response.status, response.read(), int(wanted) if wanted.isdigit() else None
        finally:
            connection.close()


class RemoteEmbedder:
    """The encoder behind an address; its facts are those the service told when asked first."""

    def __init__(self, connection: Connection, facts: dict[str, Any]) -> None:
        self._connection = connection
        self.name, self.dim = str(facts["judge"]), int(facts["dim"])
        self.context_length, self.size = int(facts["context_length"]), int(facts["size"])
        self.resize_mode = str(facts["resize_mode"])
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._counting = threading.Lock()

    def embed_squares(self, squares: Squares) -> np.ndarray:
        """Return float32 unit rows (n, d) for RGB pictures, uint8 (n, size, size, 3); raises Away or Overloaded."""
        parts = [squares[i : i + PART] for i in range(0, len(squares), PART)]
        return np.concatenate([self._rows("/pictures", part.tobytes(), len(part)) for part in parts])

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit rows (n, d) for at least one text; raises Away or Overloaded."""
        parts = [texts[i : i + protocol.MOST] for i in range(0, len(texts), protocol.MOST)]
        return np.concatenate([self._rows("/texts", json.dumps(list(part)).encode(), len(part)) for part in parts])

    def count_tokens(self, text: str) -> int:
        """Return the text's number of tokens, start and end included; raises Away or Overloaded."""
        with self._counting:
            known = self._counts.get(text)
        if known is None:
            known = int(json.loads(self._ask("/tokens", json.dumps([text]).encode()))[0])
            with self._counting:
                self._counts[text] = known
                while len(self._counts) > KEPT_COUNTS:
                    self._counts.popitem(last=False)
        return known

    def _ask(self, path: str, body: bytes) -> bytes:
        return self._connection.call("POST", f"{path}?judge={quote(self.name, safe='')}", body)

    def _rows(self, path: str, body: bytes, count: int) -> np.ndarray:
        answer = self._ask(path, body)
        if len(answer) != count * self.dim * 4:
            raise Away(f"{count} rows of {self.dim} numbers were asked for, {len(answer)} bytes came")
        return np.frombuffer(answer, "<f4").astype(np.float32).reshape(count, self.dim)


def connect(connection: Connection, spec: str) -> Judge:
    """Return the judge `spec` that serves at the other end; raises Away, also where another one sits, or Overloaded."""
    facts = _facts(connection)
    if facts["judge"] != spec:
        raise Away(
            f"at {connection.address} sits {facts['judge']}, but {spec} is wanted: boards never mix judges, so start "
            f"the service with --judge {spec}, or name its judge here"
        )
    try:
        rows = load(connection.call("GET", "/background"))
        against = Background(rows["pictures"], rows["captions"], float(facts["noise"]))
        return Judge(RemoteEmbedder(connection, facts), against)
    except (KeyError, TypeError, ValueError) as error:
        raise Away(f"{connection.address} told something strange of its judge ({error!r})") from error


def _facts(connection: Connection) -> dict[str, Any]:
    told = connection.call("GET", "/judge")
    try:
        facts: Any = json.loads(told)
        version = facts["protocol"]
    except (ValueError, KeyError, TypeError):
        raise Away(f"what answers at {connection.address} is no judge") from None
    if version != protocol.VERSION:
        raise ScorerError(f"{connection.address} speaks version {version}, not {protocol.VERSION}: renew the older one")
    return dict(facts)


def _detail(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["detail"])
    except (ValueError, KeyError, TypeError):
        return answer[:200].decode("utf-8", "replace")
