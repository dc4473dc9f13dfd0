"""Refusals and failures as answers: problem+json (RFC 9457) for programs, a page in the jury's voice for people."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from game.api.answers import json_response
from game.extensions import db
from game.judging import JudgeBusy, JudgeUnavailable
from game.languages import PROGRAMS
from game.rules.drawing import DrawingError
from game.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal, Spent
from game.sayings import mark, say

log = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (Missing, 404), (Conflict, 409), (Forbidden, 403), (Invalid, 422), (Spent, 429),
)  # fmt: skip
TITLES = {
    400: mark("That did not arrive well"),
    403: mark("This door is closed"),
    404: mark("Nothing hangs here"),
    405: mark("Not like this"),
    409: mark("Not any more"),
    413: mark("Too large for the wall"),
    422: mark("The jury cannot take this"),
    429: mark("One at a time"),
    500: mark("The judge fell off the chair"),
    503: mark("The judge is not in yet"),
}
DETAILS = {
    404: mark("There is nothing at this address. It may have been taken off the wall."),
    405: mark("This address is not asked for in this way."),
    413: mark("Send less: a request may have 512 kB."),
    429: mark("That was a lot in a short time. Wait a minute; nothing of yours is lost."),
    503: mark("The judge cannot be reached at the moment. What hangs still hangs; try again in a while."),
    500: mark("Something went wrong here. It was written down; what you had entered before is kept. Try again."),
}
BUSY = mark("The judge has too many pictures on the table. Nothing of yours is lost; try again in a moment.")
OTHERWISE = mark("That did not work")
FORGED = mark("This page lay open for too long, or came from elsewhere. Load it again; nothing was changed.")


def register(app: Flask) -> None:
    """Let the application answer every refusal and failure."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(DrawingError, refused_drawing)
    app.register_error_handler(JudgeUnavailable, failed_judge)
    app.register_error_handler(CSRFError, refused_forgery)
    app.register_error_handler(HTTPException, refused_request)
    app.register_error_handler(Exception, failed)


def refused(error: Refusal) -> Response:
    """Answer a rule's refusal."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 400)
    return problem(status, str(error), getattr(error, "errors", None))


def refused_drawing(error: DrawingError) -> Response:
    """Answer a drawing that was refused, with pointers."""
    return problem(422, error.detail, error.errors)


def failed_judge(error: JudgeUnavailable) -> Response:
    """Answer that the judge cannot be asked; why is for the log, it may name files."""
    # That many want something at once is no failure, and the metrics count it.
    log.log(logging.INFO if isinstance(error, JudgeBusy) else logging.ERROR, "the judge is unavailable: %s", error)
    answer = problem(503, say(BUSY if isinstance(error, JudgeBusy) else DETAILS[503]))
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def refused_forgery(error: CSRFError) -> Response:
    """Answer a call that changes something in a session's name without the session's token."""
    detail = f"{error.description} Load the page again; programs send `Authorization: Bearer` with a token instead."
    return problem(400, detail if is_program() else say(FORGED))


def refused_request(error: HTTPException) -> Response:
    """Answer what the web framework refuses: no such address, too large, too often."""
    status = error.code or 500
    own = error.description if error.description != type(error).description and status != 429 else None
    answer = problem(status, own or (say(DETAILS[status]) if status in DETAILS else error.description) or "")
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Paint-Off"'
    return answer


def failed(error: Exception) -> Response:
    """Answer a failure of ours, after writing it down."""
    db.session.rollback()
    log.exception("request failed: %s %s", request.method, request.path, exc_info=error)
    return problem(500, say(DETAILS[500]))


def is_program() -> bool:
    """Whether a program asks, which reads English and problem+json."""
    return request.path.startswith(PROGRAMS)


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """Return a refusal as whoever asked can read it."""
    if not is_program():
        return _page(status, detail)
    value: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        value["errors"] = errors
    answer = json_response(value, status, "application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(status: int, detail: str) -> Response:
    title, mood = say(TITLES.get(status, OTHERWISE)), "asleep" if status >= 500 else "puzzled"
    try:
        page = render_template("error.html", title=title, detail=detail, status=status, mood=mood)
    except Exception:  # the page asks who is looking, and the database may be what failed
        log.exception("the page of a refusal failed, too")
        return Response(f"{title}. {detail}\n", status, mimetype="text/plain")
    return make_response(page, status)
