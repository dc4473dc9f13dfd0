"""An object store that speaks as much of Amazon S3's language as the game needs, in memory: a stand-in for tests."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

STAMP = "%Y-%m-%dT%H:%M:%S.000Z"


class Held:
    """What lies in the buckets, and whether the server has a bad day."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.full = False
        self.asked: list[str] = []

    def age(self, days: float) -> None:
        """Make all objects so much older."""
        self.objects = {key: (held, at - timedelta(days=days)) for key, (held, at) in self.objects.items()}


class Handler(BaseHTTPRequestHandler):
    """One request; `/bucket/key` is an object's path."""

    held: Held
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send an answer with the headers that clients want."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def read(self) -> bytes:
        """Return the request's body."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    @property
    def key(self) -> str:
        """The object's bucket and key."""
        return unquote(urlsplit(self.path).path).lstrip("/")

    def do_PUT(self) -> None:
        body = self.read()
        self.held.asked.append(f"PUT {self.headers.get('Authorization', '')[:16]}")
        if self.held.full:
            self.answer(403, b"<Error><Code>QuotaExceeded</Code><Message>the bucket is full</Message></Error>")
            return
        self.held.objects[self.key] = (body, datetime.now(UTC))
        self.answer(200, ETag='"1"')

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self.answer(200, self.listed(query.get("prefix", [""])[0]), Content_Type="application/xml")
        elif self.key in self.held.objects:
            body, at = self.held.objects[self.key]
            self.answer(200, body, ETag='"1"', Last_Modified=at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def listed(self, prefix: str) -> bytes:
        """Return the bucket's objects below a prefix as XML."""
        bucket = self.key.rstrip("/")
        rows = [
            f"<Contents><Key>{escape(key)}</Key><LastModified>{at.strftime(STAMP)}</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(body)}</Size></Contents>'
            for name, (body, at) in sorted(self.held.objects.items())
            if name.startswith(bucket + "/") and (key := name.removeprefix(bucket + "/")).startswith(prefix)
        ]
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(rows)}</ListBucketResult>".encode()

    def do_DELETE(self) -> None:
        self.held.objects.pop(self.key, None)
        self.answer(204)

    def do_POST(self) -> None:
        keys = re.findall(r"<Key>(.*?)</Key>", self.read().decode())
        for key in keys:
            self.held.objects.pop(f"{self.key.rstrip('/')}/{key}", None)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self.answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode(), Content_Type="application/xml")

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def serving() -> Iterator[tuple[str, Held]]:
    """Serve meanwhile; gives the endpoint's address and what it holds."""
    held = Held()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"held": held}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", held
    finally:
        server.shutdown()
        server.server_close()
