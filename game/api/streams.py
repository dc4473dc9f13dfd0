"""Server-Sent Events (WHATWG HTML, section 9.2): what happens to a run or in a room, told as it happens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from flask import Flask, Response, current_app, request

from game.api.answers import plain
from game.rules import rooms_news, run_events, runs
from game.rules.runs import ENDED
from game.watching import Subscription, Tail

TAIL, ROOM_TAIL = "paintoff.tail", "paintoff.room_tail"  # in app.extensions
RETRY = 3000  # ms after which a browser comes back
HEARTBEAT = 15.0  # seconds of silence before a comment is sent; it also finds out who has gone
LONGEST = 300.0  # seconds that one answer lasts; the browser comes back and goes on
# Viewers of a process; the server keeps the rest of its 64 threads for requests that end. Where a room has more people
# than this, the others' browsers ask now and then instead.
CAPACITY, ROOM_CAPACITY = 24, 20


def register(app: Flask) -> None:
    """Give the application its followers of events; their threads start with the first viewer."""

    def read(positions: Any) -> Any:
        with app.app_context():
            return run_events.after(positions)

    def read_rooms(positions: Any) -> Any:
        with app.app_context():
            return rooms_news.news_after(positions)

    app.extensions[TAIL] = Tail(read, CAPACITY)
    app.extensions[ROOM_TAIL] = Tail(read_rooms, ROOM_CAPACITY)


def follow(run_id: str) -> Response:
    """Answer with the events of a run, from `Last-Event-ID` on, or from now on after the run as it stands."""
    known = request.headers.get("Last-Event-ID", "")
    resumed = known.isascii() and known.isdigit()
    after = int(known) if resumed else run_events.last(run_id)
    run = runs.get(run_id)
    if resumed and run.state in ENDED and run_events.last(run_id) <= after:
        return Response(status=204)
    first = "" if resumed else message(after, "state", run)
    return stream(current_app.extensions[TAIL], run_id, after, first, run.state in ENDED and not resumed)


def stream(tail: Tail, followed: str, after: int, first: str = "", over: bool = False) -> Response:
    """Answer with `first` and then, unless that is all (`over`), with what a tail tells; 204 when no place is left."""
    stack = ExitStack()
    subscription = stack.enter_context(tail.subscribe(followed, after))
    if subscription is None:
        return Response(status=204)
    response = Response(_told(tail, subscription, first, over), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would otherwise hold events back
    response.call_on_close(stack.close)
    return response


def _told(tail: Tail, subscription: Subscription, first: str, over: bool) -> Iterator[str]:
    """Yield the stream; it holds no database session, which would last as long as the viewer looks on."""
    begun = spoken = time.monotonic()
    yield f"retry: {RETRY}\n\n{first}"
    while not over and not tail.closed and time.monotonic() - begun < LONGEST:
        for event in subscription.take(1.0):
            yield message(event.id, event.kind, event.data)
            spoken = time.monotonic()
            over = event.kind == "state" and event.data.get("state") in ENDED
        if time.monotonic() - spoken > HEARTBEAT:
            yield ": still here\n\n"
            spoken = time.monotonic()


def message(number: int, kind: str, data: Any) -> str:
    """Return one event as it goes over the wire."""
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(plain(data), separators=(',', ':'))}\n\n"
