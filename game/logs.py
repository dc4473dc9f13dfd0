"""The log: one line for each request, with an id that whoever asked gets, too; plain for people, JSON for machines."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

ID_HEADER = "X-Request-ID"
QUIET = frozenset({"static", "operating.healthz", "operating.readyz", "operating.scrape"})
requests = logging.getLogger("game.requests")


def _without_copies(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Leave out what other handlers wrote into the record: the message is there already."""
    line.pop("message", None)
    line.pop("asctime", None)
    return line


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    _without_copies,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(style: str) -> None:
    """Send all that this process logs to standard error, `plain` or `json`; once is enough, twice does no harm."""
    last: Any = structlog.processors.JSONRenderer()
    if style == "plain":
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    handler = _Handler()
    finish = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, last]
    if style == "plain":
        finish.pop(1)  # the console shows tracebacks by itself
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared, processors=finish))
    root = logging.getLogger()
    root.handlers = [known for known in root.handlers if not isinstance(known, _Handler)] + [handler]
    root.setLevel(logging.WARNING)  # libraries tell what goes wrong only; open_clip would tell each file it reads
    logging.getLogger("game").setLevel(logging.INFO)


class _Handler(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def register(app: Flask) -> None:
    """Log every request of the application."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Give the request an id, its own if it brought a sane one."""
    given = request.headers.get(ID_HEADER, "")
    g.request_id = given if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given) else secrets.token_hex(8)
    g.begun = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    """Write the request's line; no address and no query, which may be somebody's words."""
    if "request_id" not in g:
        return response
    response.headers[ID_HEADER] = g.request_id
    if request.endpoint not in QUIET:
        facts = {"method": request.method, "path": request.path, "status": response.status_code}
        taken = round(1000 * (time.perf_counter() - g.begun), 1)
        requests.info("request", extra={**facts, "ms": taken})
    return response
