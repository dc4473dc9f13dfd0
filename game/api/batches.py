"""Calls for those who queue much, for administrators: what can be set, a line read, what it takes, batches of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field

from game import identity, painting
from game.api.calls import Answer, call
from game.api.shapes import Strict
from game.painting import Line
from game.rules import batches, estimates
from game.rules.batches import BatchView, Draft, Plan
from game.rules.estimates import Estimate

api = Blueprint("api_batches", __name__)
api.before_request(identity.admins_only)
REFUSES = [401, 403, 404]
PATIENCE = 30.0  # seconds for a measurement of memory


@dataclass(frozen=True)
class Setting:
    """A setting of a run: its default, one sentence, and the prior that it belongs to (null: common to all)."""

    name: str
    default: Any
    about: str
    prior: str | None


class Draught(Strict):
    """A run's settings."""

    settings: dict[str, Any]


class Written(Strict):
    """A prompt line."""

    line: Annotated[str, Field(max_length=64_000)]


class NewBatch(Strict):
    """Runs to queue: each of the recipes for each prompt with each seed."""

    prompt_ids: Annotated[list[str], Field(min_length=1, max_length=1000)]
    recipes: Annotated[list[dict[str, Any]], Field(description="Settings; without texts: the prompt's own words.")]
    seeds: Annotated[list[Annotated[int, Field(ge=0, le=2**53 - 1)]], Field(min_length=1, max_length=1000)]
    publish_when_done: bool = False
    priority: Annotated[int, Field(ge=1, le=9, description="9 comes first.")] = 5
    choice_s: Annotated[
        int, Field(ge=0, le=86_400, description="Seconds that a person has to choose candidates; 0: nobody is asked.")
    ] = 0

    def draft(self) -> Draft:
        """Return the batch as the rules take it."""
        return Draft(**dict(self))


@call(api, "GET /runs/settings", Answer(list[Setting]), refuses=[401, 403])
def list_settings() -> Any:
    """All that can be set for a run, as the generator declares it."""
    return [Setting(**row) for row in painting.settings_table()]


@call(api, "POST /runs/line", Answer(Line), body=Written, refuses=[401, 403])
def read_line(body: Written) -> Any:
    """Read a prompt line; where it cannot be read, `position` counts its characters from 0."""
    return painting.read_line(body.line)


@call(api, "POST /runs/estimate", Answer(Estimate), body=Draught, refuses=[401, 403])
def estimate_run(body: Draught) -> Any:
    """What a run of these settings would take in memory and time."""
    return estimates.of(painting.check({"texts": [{"text": "a prompt"}], **body.settings}), PATIENCE)


@call(api, "POST /batches/plan", Answer(Plan), body=NewBatch, refuses=REFUSES)
def plan_batch(body: NewBatch) -> Any:
    """How many runs a batch comes to and how long they take; nothing is queued."""
    return batches.plan(body.draft())


@call(api, "POST /batches", Answer(BatchView, 202, keyed=True), body=NewBatch, refuses=[*REFUSES, 429])
def queue_batch(body: NewBatch) -> Any:
    """Queue all runs of a batch, or none."""
    return batches.queue(body.draft(), identity.require_admin().id)


@call(api, "GET /batches/<batch_id>", Answer(BatchView), refuses=REFUSES)
def get_batch(batch_id: str) -> Any:
    """A batch, with its runs by state."""
    return batches.get(batch_id)


@call(api, "POST /batches/<batch_id>/cancel", Answer(BatchView), refuses=REFUSES)
def cancel_batch(batch_id: str) -> Any:
    """Cancel what is left of a batch."""
    return batches.cancel(batch_id)
