"""Calls about entries: numbers, pictures, strokes, the verdict, a word to whoever keeps order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, Response, redirect, request
from pydantic import BaseModel, Field

from game import identity
from game.api import pictures
from game.api.calls import Answer, call
from game.api.shapes import Strict, visitor
from game.extensions import limiter
from game.models import Entry
from game.pending import Pending
from game.rules import appeals, declared, entries, judges, moderation, pending, stills, verdicts, why
from game.rules.appeals import Standing
from game.rules.declared import Declaration
from game.rules.drawing_format import DrawingIn
from game.rules.judges import PastScoreView
from game.rules.pending import PendingView
from game.rules.refusals import Conflict, Forbidden, Missing
from game.rules.stills import Stills
from game.rules.verdicts import Verdict
from game.rules.views import EntryView, entry_views
from game.rules.why import EntryWhy

api = Blueprint("api_entries", __name__)
PNG = Answer(None, media="image/png")


class Sizing(BaseModel):
    """How large a picture."""

    size: Annotated[int, Field(ge=16, le=1024, description="The side in px.")] = 512


class Complaint(Strict):
    """What is wrong with a picture."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class Word(Strict):
    """What an author says for their picture."""

    text: Annotated[str, Field(min_length=1, max_length=500)]


@dataclass(frozen=True)
class StandingAnswer:
    """What became of an entry that does not hang."""

    standing: Standing | None


@dataclass(frozen=True)
class PastScores:
    """Scores of the past; `next` is always null, for few are kept in sight."""

    items: list[PastScoreView]
    next: str | None


@call(api, "GET /entries/<entry_id>", Answer(EntryView | PendingView), refuses=[404])
def get_entry(entry_id: str) -> Any:
    """One entry. What does not hang, or waits for the judge, is seen by its author and by administrators only."""
    found = _handed_in(entry_id)
    return pending.views([found])[0] if isinstance(found, Pending) else entry_views([found])[0]


@call(api, "GET /entries/<entry_id>/declared", Answer(Declaration), refuses=[404])
def get_declaration(entry_id: str) -> Any:
    """What a machine's picture declares: all runs made for its prompt, its place among them, what a person told it."""
    found = declared.of(_seen(entry_id).run_id or "")
    if found is None:
        raise Missing("No run painted this: it was drawn by hand.")
    return found


@call(api, "GET /entries/<entry_id>/past-scores", Answer(PastScores), refuses=[404])
def get_past_scores(entry_id: str) -> Any:
    """What an entry and its captions scored before they were judged again, the latest first, at most 20."""
    _seen(entry_id)
    return PastScores(judges.past_scores(entry_id), None)


@call(api, "GET /entries/<entry_id>/verdict", Answer(Verdict), refuses=[404, 409, 503])
def get_verdict(entry_id: str) -> Any:
    """What the judge made of an entry: a reason, what else it looks like, the background's histogram, neighbours."""
    _seen(entry_id)
    return verdicts.verdict(entry_id)


@call(api, "GET /entries/<entry_id>/why", Answer(EntryWhy), refuses=[404, 409, 503])
@limiter.limit("120 per minute", key_func=visitor)
def get_why(entry_id: str) -> Any:
    """What each part of the drawing did for its score, where the judge looked, how it came about. Kept once told."""
    _seen(entry_id)
    return why.of_entry(entry_id)


@call(api, "GET /entries/<entry_id>/picture.png", PNG, query=Sizing, refuses=[404])
def get_picture(entry_id: str, query: Sizing) -> Response:
    """The picture, as PNG. It never changes, so it may be kept."""
    entry = _handed_in(entry_id)
    return pictures.send(entry.picture, query.size, entry.state == "visible")


@call(api, "GET /entries/<entry_id>/seen.png", PNG, refuses=[404, 409, 503])
def get_seen(entry_id: str) -> Response:
    """The picture as the judge saw it: at its own size."""
    entry = _seen(entry_id)
    return pictures.send_seen(entry.picture, entry.judge, entry.state == "visible")


@call(api, "GET /entries/<entry_id>/beginning.png", PNG, refuses=[404, 409])
def get_beginning(entry_id: str) -> Response:
    """What stood on the sheet after the first third of the strokes, as PNG; 404 for what was painted without any."""
    entry = _seen(entry_id)
    return pictures.send_beginning(entry, entry.state == "visible")


@call(api, "GET /entries/<entry_id>/drawing.json", Answer(DrawingIn), refuses=[404])
def get_drawing(entry_id: str) -> Response:
    """The drawing, stroke by stroke."""
    entry = _handed_in(entry_id)
    response = Response(entries.drawing_json(entry), mimetype="application/json")
    response.set_etag((entry.drawing or "")[:32])
    pictures.keep(response, entry.state == "visible")
    return response.make_conditional(request)  # type: ignore[return-value]


@call(api, "GET /entries/<entry_id>/stills", Answer(Stills), refuses=[404, 409])
def get_stills(entry_id: str) -> Any:
    """How a picture without strokes came about: what it looked like after some of its steps, at most 36 of them."""
    return stills.of_entry(_seen(entry_id))


@call(api, "GET /entries/<entry_id>/stills/<int:step>.png", PNG, refuses=[404, 409])
def get_still(entry_id: str, step: int) -> Response:
    """What a painting looked like after a step that its stills tell of, as PNG, of the size it was painted in."""
    entry = _seen(entry_id)
    return pictures.send(stills.look(entry, step), pictures.FULL, entry.state == "visible")


@call(api, "GET /entries/<entry_id>/replay", Answer(None, 302, media="text/html"), refuses=[404])
def get_replay(entry_id: str) -> Any:
    """Leads to the page on which the drawing is drawn again."""
    return redirect(f"/entries/{_seen(entry_id).id}#replay")


@call(api, "POST /entries/<entry_id>/reports", Answer(None, 204, media=""), body=Complaint, refuses=[404])
@limiter.limit("10 per minute", key_func=visitor)
def report_entry(entry_id: str, body: Complaint) -> Response:
    """Ask for a person to look at an entry."""
    _seen(entry_id)
    moderation.report(entry_id, body.reason, identity.require())
    return Response(status=204)


@call(api, "POST /entries/<entry_id>/appeals", Answer(None, 204, media=""), body=Word, refuses=[403, 404, 409])
@limiter.limit("10 per minute", key_func=visitor)
def appeal_for_entry(entry_id: str, body: Word) -> Response:
    """Say something, once, against the decision that took one's own picture off the wall or holds it."""
    _seen(entry_id)
    appeals.appeal(entry_id, body.text, identity.require())
    return Response(status=204)


@call(api, "GET /entries/<entry_id>/standing", Answer(StandingAnswer), refuses=[403, 404])
def get_standing(entry_id: str) -> Any:
    """Why one's own entry does not hang, and what was said for it; null of one that hangs."""
    entry, player = _seen(entry_id), identity.current()
    if player is None or (player.id != entry.player_id and not player.keeps_order):
        raise Forbidden("What became of a picture is told to who made it.")
    return StandingAnswer(appeals.standing(entry_id))


def _handed_in(entry_id: str) -> Entry | Pending:
    """The entry, or what is going to be one, if whoever asks may see it."""
    found = entries.handed_in(entry_id)
    if found.state == "visible":  # whoever asks; only for the rest does it matter who that is
        return found
    return entries.require_seen(found, identity.current())


def _seen(entry_id: str) -> Entry:
    """The entry, if whoever asks may see it and the judge has."""
    found = _handed_in(entry_id)
    if isinstance(found, Pending):
        raise Conflict("The judge is away and has not seen this yet. It is kept, and looked at once the judge is back.")
    return found
