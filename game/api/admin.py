"""Calls for administrators: prompts, reports, moderation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import AwareDatetime, Field

from game import identity
from game.api.calls import Answer, call
from game.api.shapes import EntryAnswer, Listing, PromptAnswer, Strict
from game.rules import audit, curation, moderation, prompts
from game.rules.audit import ActView
from game.rules.curation import SuggestionView
from game.rules.moderation import ReportView
from game.rules.pages import Page
from game.rules.views import PromptView

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
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    needs_clip: bool = False


class ChangedPrompt(Strict):
    """What to change about a prompt; what is left out stays."""

    text: str | None = None
    state: Literal["open", "closed"] | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None


class Wish(Strict):
    """How many suggestions, and by whom: null is the endpoint where there is one, else the grammar."""

    count: Annotated[int, Field(ge=1, le=50)] = 10
    source: Literal["grammar"] | None = None


class Approval(Strict):
    """Whether a suggestion becomes a prompt, and how; an empty text keeps its own."""

    approve: bool
    text: Annotated[str, Field(max_length=200)] = ""
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    day: Annotated[date, Field(strict=False)] | None = None


@dataclass(frozen=True)
class Decided:
    """The prompt that a suggestion became, or null."""

    prompt: PromptView | None


@dataclass(frozen=True)
class Suggestions:
    """Suggestions that were just made; `next` is always null."""

    items: list[SuggestionView]
    next: str | None


class Ruling(Strict):
    """What becomes of an entry, and why."""

    state: Literal["visible", "held", "hidden"]
    reason: Annotated[str, Field(max_length=300)] = ""


@call(api, "POST /prompts", Answer(PromptAnswer, 201, keyed=True), body=NewPrompt, refuses=[401, 403, 409])
def add_prompt(body: NewPrompt) -> Any:
    """Write a prompt."""
    return PromptAnswer(prompts.add(body.text, _utc(body.closes_at), body.needs_clip, body.state, _utc(body.opens_at)))


@call(api, "PATCH /prompts/<prompt_id>", Answer(PromptAnswer), body=ChangedPrompt, refuses=[401, 403, 404, 409])
def change_prompt(prompt_id: str, body: ChangedPrompt) -> Any:
    """Reword, open or close a prompt. Rewording judges its entries anew."""
    return PromptAnswer(prompts.update(prompt_id, body.text, body.state, _utc(body.closes_at), _utc(body.opens_at)))


@call(api, "POST /prompts/suggest", Answer(Suggestions, 201, keyed=True), body=Wish, refuses=[401, 403, 409])
def suggest_prompts(body: Wish) -> Any:
    """Make suggestions of prompts; they wait for a person and are shown to nobody else."""
    return Suggestions(curation.suggest(body.count, body.source), None)


@call(api, "GET /suggestions", Answer(Page[SuggestionView]), query=Listing, refuses=[401, 403])
def list_suggestions(query: Listing) -> Any:
    """The suggestions that wait, the most promising first."""
    return curation.waiting(query.cursor, query.limit)


@call(api, "POST /suggestions/<suggestion_id>/decide", Answer(Decided), body=Approval, refuses=[401, 403, 404, 409])
def decide_suggestion(suggestion_id: str, body: Approval) -> Any:
    """Make a prompt of a suggestion, perhaps reworded, with times or a day to come; or put it aside for good."""
    admin = identity.require_admin()
    if not body.approve:
        curation.refuse(suggestion_id, admin)
        return Decided(None)
    terms = curation.Terms(body.text, _utc(body.opens_at), _utc(body.closes_at), body.day)
    return Decided(curation.approve(suggestion_id, terms, admin))


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
