"""Calls for administrators: prompts, reports, moderation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import AwareDatetime, Field

from game import identity
from game.api.calls import Answer, call
from game.api.shapes import EntryAnswer, Listing, PromptAnswer, Strict
from game.rules import audit, moderation, prompts
from game.rules.audit import ActView
from game.rules.moderation import ReportView
from game.rules.pages import Page

api = Blueprint("api_admin", __name__)
reviewing = Blueprint("api_review", __name__)  # what moderators may ask for, too
api.before_request(identity.admins_only)
reviewing.before_request(identity.keepers_only)
# Strict models take a moment only as one; JSON has none, so it is read from its text.
Moment = Annotated[AwareDatetime, Field(strict=False, description="ISO 8601 with a zone.")]


class NewPrompt(Strict):
    """A prompt to write; `needs_clip` keeps it closed unless a judge with real CLIP weights sits."""

    text: str
    state: Literal["open", "closed"] = "open"
    closes_at: Moment | None = None
    needs_clip: bool = False


class ChangedPrompt(Strict):
    """What to change about a prompt; what is left out stays."""

    text: str | None = None
    state: Literal["open", "closed"] | None = None
    closes_at: Moment | None = None


class Ruling(Strict):
    """What becomes of an entry, and why."""

    state: Literal["visible", "held", "hidden"]
    reason: Annotated[str, Field(max_length=300)] = ""


@call(api, "POST /prompts", Answer(PromptAnswer, 201, keyed=True), body=NewPrompt, refuses=[401, 403, 409])
def add_prompt(body: NewPrompt) -> Any:
    """Write a prompt."""
    return PromptAnswer(prompts.add(body.text, _utc(body.closes_at), body.needs_clip, body.state))


@call(api, "PATCH /prompts/<prompt_id>", Answer(PromptAnswer), body=ChangedPrompt, refuses=[401, 403, 404, 409])
def change_prompt(prompt_id: str, body: ChangedPrompt) -> Any:
    """Reword, open or close a prompt. Rewording judges its entries anew."""
    return PromptAnswer(prompts.update(prompt_id, body.text, body.state, _utc(body.closes_at)))


@call(reviewing, "GET /reports", Answer(Page[ReportView]), query=Listing, refuses=[401, 403])
def list_reports(query: Listing) -> Any:
    """What players complained about and nobody has decided on, newest first."""
    return moderation.reports(query.cursor, query.limit)


@call(reviewing, "POST /entries/<entry_id>/moderate", Answer(EntryAnswer), body=Ruling, refuses=[401, 403, 404])
def moderate(entry_id: str, body: Ruling) -> Any:
    """Show, hold or hide an entry; the decision is logged and closes the reports about it."""
    return EntryAnswer(moderation.decide(entry_id, body.state, body.reason, identity.require_keeper()))


@call(api, "GET /acts", Answer(Page[ActView]), query=Listing, refuses=[401, 403])
def list_acts(query: Listing) -> Any:
    """What those who keep order did, each with the rows it changed, before and after; the latest first."""
    return audit.listing(query.cursor, query.limit)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
