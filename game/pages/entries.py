"""One entry: its own page, the verdict on it, a word to whoever keeps order."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from game import identity
from game.models import Entry
from game.pages import fragments, offers, plots
from game.pending import Pending
from game.rules import appeals, captions, declared, entries, judges, moderation, pending, prompts, stills, verdicts
from game.rules.refusals import Conflict, Invalid
from game.rules.views import EntryView

pages = Blueprint("entries", __name__)
CAPTIONS = 5  # shown beside an entry


@pages.get("/entries/<entry_id>")
def show(entry_id: str) -> Response:
    """Shows a picture with its numbers, its replay and its captions."""
    found = handed_in(entry_id)
    if isinstance(found, Pending):
        return _waiting(found)
    entry = entries.get(entry_id)
    values = {
        "captions": captions.ranked(entry_id, None, CAPTIONS),
        "past": judges.past_scores(entry_id),
        "offer": offers.offer(entry),
        "yours": _is_by_visitor(entry),
        "declared": declared.of(entry.run["id"]) if entry.run else None,
        "standing": appeals.standing(entry_id) if _is_by_visitor(entry) else None,
        "stills": entry.run is not None and stills.any_of(entry.run["id"]),
    }
    return fragments.page("play/entry.html", entry=entry, **values)


@pages.get("/entries/<entry_id>/verdict")
def verdict(entry_id: str) -> Response:
    """Shows what the judge made of an entry, or that it has yet to look."""
    handed = handed_in(entry_id)
    if isinstance(handed, Pending):
        return _waiting(handed)
    found = verdicts.verdict(entry_id)
    entry = found.entry
    edges, counts = found.histogram
    return fragments.page(
        "play/verdict.html",
        verdict=found,
        plot=plots.needle(edges, counts, entry.similarity),
        yours=_is_by_visitor(entry),
        offer=offers.offer(entry),
        open=prompts.get(entry.prompt_id).state == "open",
    )


@pages.post("/entries/<entry_id>/report")
def report(entry_id: str) -> AnyResponse:
    """Sends a complaint about a picture to a person."""
    seen(entry_id)
    moderation.report(entry_id, request.form.get("reason", ""), identity.require())
    flash(gettext("Thank you. A person will look at it."))
    return redirect(url_for(".show", entry_id=entry_id), 303)


@pages.post("/entries/<entry_id>/appeal")
def appeal(entry_id: str) -> AnyResponse:
    """Sends the author's word against a decision to a person."""
    seen(entry_id)
    try:
        appeals.appeal(entry_id, request.form.get("text", ""), identity.require())
        flash(gettext("A person reads it. What they decide stands here then."))
    except (Conflict, Invalid) as refusal:
        flash(str(refusal))
    return redirect(url_for(".show", entry_id=entry_id), 303)


def handed_in(entry_id: str) -> Entry | Pending:
    """An entry, or what is going to be one, if the visitor may see it; raises Missing."""
    return entries.require_seen(entries.handed_in(entry_id), identity.current())


def _is_by_visitor(entry: EntryView) -> bool:
    me = identity.current()
    return me is not None and me.id == entry.player["id"]


def _waiting(found: Pending) -> Response:
    """What is shown until the judge is back; once it is, the same address shows the verdict, as a whole page."""
    if fragments.wanted():
        return fragments.fragment("play/pending_note.html", False)
    me = identity.current()
    entry = pending.views([found])[0]
    return fragments.page("play/pending.html", entry=entry, yours=me is not None and me.id == found.player_id)


def seen(entry_id: str) -> EntryView:
    """The entry, if the visitor may see it; what does not hang is there for its player and for administrators only."""
    entries.require_seen(entries.row(entry_id), identity.current())
    return entries.get(entry_id)
