"""The studio's queue: who paints what, what waits at which place, and all runs by state or batch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from game.pages import fragments
from game.pages.admin import guard
from game.rules import batches, machines, runs, waiting

pages = Blueprint("admin_runs", __name__, url_prefix="/admin/runs")
pages.before_request(guard)
SHOWN = 30


@pages.get("")
def index() -> Response:
    """Shows the machines at work and the queue in its order; with a state or a batch, those runs, the newest first."""
    state, batch = request.args.get("state", "queue"), request.args.get("batch")
    cursor = request.args.get("cursor")
    if state not in ("queue", "all", *runs.STATES):
        abort(404)
    values: dict[str, Any] = {"state": "all" if batch else state, "cursor": cursor}
    values["batch"] = batches.get(batch) if batch else None
    if state == "queue" and not batch:
        values |= {"machines": machines.listing(), "page": waiting.listing(cursor, SHOWN), "count": waiting.count()}
    else:
        values |= {"page": runs.listing(None if state in ("all", "queue") else state, cursor, SHOWN, batch)}
    if fragments.wanted():
        return fragments.fragment("admin/runs_list.html", False, **values)
    return fragments.page("admin/runs.html", **values)


@pages.post("/batches/<batch>/cancel")
def cancel_batch(batch: str) -> AnyResponse:
    """Cancels what is left of a batch."""
    batches.cancel(batch)
    return redirect(url_for(".index", batch=batch), 303)
