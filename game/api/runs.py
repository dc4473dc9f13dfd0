"""Calls about runs, for administrators: queue one, look on while it paints, cancel it, publish what it painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, request, url_for
from pydantic import BaseModel, Field

from game import identity, storage
from game.api import pictures, streams
from game.api.calls import Answer, call
from game.api.shapes import HandedIn, Listing, Strict
from game.rules import runs
from game.rules.drawing_format import DrawingIn
from game.rules.pages import Page
from game.rules.runs import RunView

api = Blueprint("api_runs", __name__)
api.before_request(identity.admins_only)
REFUSES = [401, 403, 404]


class NewRun(Strict):
    """A run to queue. `settings` may be empty: then the machine paints the prompt's own words with its defaults."""

    prompt_id: str
    settings: Annotated[dict[str, Any], Field(description="What the generator is told.")] = {}
    publish_when_done: Annotated[bool, Field(description="Hang the picture as soon as it is finished.")] = False
    priority: Annotated[int, Field(ge=1, le=9, description="9 comes first.")] = 5


class Wanted(Listing):
    """Which runs, and which part of their list."""

    state: Literal["queued", "running", "paused", "done", "failed", "cancelled"] | None = None
    batch: str | None = None


class When(BaseModel):
    """Which preview."""

    step: Annotated[int | None, Field(ge=0, description="A `preview` event's step; left out: the latest.")] = None


@dataclass(frozen=True)
class RunAnswer:
    """One run."""

    run: RunView


@call(api, "POST /runs", Answer(RunAnswer, 202, keyed=True), body=NewRun, refuses=[*REFUSES, 429])
def queue_run(body: NewRun) -> Any:
    """Queue a run for a prompt. A worker takes it up; its address is in `Location`."""
    admin = identity.require_admin()
    run = runs.queue(body.prompt_id, body.settings, admin.id, body.publish_when_done, priority=body.priority)
    return RunAnswer(run)


@api.after_request
def locate(response: Response) -> Response:
    """Tell a queued run's address, also when an Idempotency-Key brought the first answer back."""
    if request.endpoint == "api_runs.queue_run" and response.status_code == 202:
        response.headers["Location"] = url_for("api_runs.get_run", run_id=response.get_json()["run"]["id"])
    return response


@call(api, "GET /runs", Answer(Page[RunView]), query=Wanted, refuses=[401, 403])
def list_runs(query: Wanted) -> Any:
    """Runs, newest first; their histories are left out."""
    identity.require_admin()
    return runs.listing(query.state, query.cursor, query.limit, query.batch)


@call(api, "GET /runs/<run_id>", Answer(RunView), refuses=REFUSES)
def get_run(run_id: str) -> Any:
    """One run. While it paints, `similarity` is what its guide sees; once it is done, what the judge does."""
    identity.require_admin()
    return runs.get(run_id)


@call(api, "GET /runs/<run_id>/events", Answer(None, media="text/event-stream"), refuses=REFUSES)
def follow_run(run_id: str) -> Response:
    """Server-Sent Events of a run: `progress`, `preview`, `state`. Resumable by `Last-Event-ID`.

    The first event of a new stream is a `state` with the whole run. 204 comes when the run is over and all is told, or
    when too many are looking on; then ask for the run itself every now and then.
    """
    identity.require_admin()
    return streams.follow(run_id)


@call(api, "POST /runs/<run_id>/cancel", Answer(RunAnswer), refuses=REFUSES)
def cancel_run(run_id: str) -> Any:
    """Cancel a run: at once while it waits, within seconds while it paints. One that is over stays as it is."""
    identity.require_admin()
    return RunAnswer(runs.cancel(run_id))


@call(api, "POST /runs/<run_id>/publish", Answer(HandedIn, 201), refuses=[*REFUSES, 409, 503])
def publish_run(run_id: str) -> Any:
    """Hang a finished run's picture under its prompt. Asked twice, it is the same entry."""
    identity.require_admin()
    return HandedIn(runs.publish(run_id))


@call(api, "GET /runs/<run_id>/preview.png", Answer(None, media="image/png"), query=When, refuses=REFUSES)
def get_preview(run_id: str, query: When) -> Response:
    """What the run looks like so far, or looked like when a `preview` event told of it."""
    identity.require_admin()
    return pictures.send(runs.preview(run_id, query.step), pictures.FULL, public=False)


@call(api, "GET /runs/<run_id>/drawing.json", Answer(DrawingIn), refuses=REFUSES)
def get_run_drawing(run_id: str) -> Response:
    """The finished run's drawing, stroke by stroke."""
    identity.require_admin()
    response = Response(storage.get(runs.drawing(run_id)), mimetype="application/json")
    pictures.keep(response, public=False)
    return response
