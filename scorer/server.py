"""One process that serves a judge over HTTP (see `protocol`), with the standard library's server: a thread a call.

It knows neither passwords nor TLS: it belongs on a private network, and listens on this machine alone unless told.
"""

from __future__ import annotations

import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scorer import protocol
from scorer.judge import Judge

log = logging.getLogger(__name__)
IDLE = 60  # s without a byte before a connection is dropped


class Server(ThreadingHTTPServer):
    """Serves `judge` at (host, port) until it is shut down; port 0 takes a free one, told by `server_port`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, judge: Judge, host: str, port: int) -> None:
        self.judge = judge
        super().__init__((host, port), Handler)


class Handler(BaseHTTPRequestHandler):
    """Carries calls to `protocol.answer`."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE
    server: Server

    def do_GET(self) -> None:
        """Answer what is read."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Answer what is asked."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > protocol.LARGEST:
            self.close_connection = True  # what was sent is still in it
            status = 413 if length.isdigit() else 411
            self._send(protocol.problem(status, f"A body says its length and has at most {protocol.LARGEST} bytes."))
            return
        self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        named = parse_qs(parts.query).get("judge", [None])[0]
        try:
            found = protocol.answer(self.server.judge, self.command, parts.path, named, body)
        except Exception:  # the next call may well succeed
            log.exception("%s %s failed", self.command, parts.path)
            found = protocol.problem(500, "The judge failed; its log says why.")
        self._send(found)

    def _send(self, found: protocol.Answer) -> None:
        self.send_response(found.status)
        self.send_header("Content-Type", found.media)
        self.send_header("Content-Length", str(len(found.body)))
        if found.retry_after is not None:
            self.send_header("Retry-After", str(found.retry_after))
        self.end_headers()
        self.wfile.write(found.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Keep calls out of the log but for those who look closely."""
        log.debug(format, *args)
