"""Prompts: what players are asked to draw."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from game import judging
from game.extensions import db
from game.models import Entry, Prompt
from game.rules import daily, idempotency, rejudging
from game.rules.pages import Page, descending
from game.rules.refusals import Conflict, Invalid, Missing
from game.rules.views import PromptView, is_open, prompt_views
from game.sayings import say
from game.tables import new_id

LONGEST = 200  # characters
STATES = ("open", "closed")
SORTS = ("new", "popular")


def listing(sort: str, cursor: str | None, limit: int, state: str | None = "open") -> Page[PromptView]:
    """Return a page of the open prompts, or with `state` None of all: the newest or the most drawn first."""
    if sort not in SORTS:
        raise Invalid([("#/sort", f"Prompts are sorted by {' or '.join(SORTS)}.")])
    query = select(Prompt) if state is None else select(Prompt).where(is_open())
    keys = (Prompt.created_at, Prompt.id) if sort == "new" else (Prompt.entry_count, Prompt.id)
    return descending(query, keys, cursor, limit).map(prompt_views)


def get(prompt_id: str) -> PromptView:
    """Return a prompt, open or not; raises Missing."""
    return prompt_views([row(prompt_id)])[0]


def random() -> PromptView:
    """Return some open prompt; raises Missing when none is open."""
    query = select(Prompt).where(is_open()).order_by(Prompt.id).limit(1)
    start = new_id()  # ids are random, so the first one past a random point will do
    prompt = db.session.scalar(query.where(Prompt.id >= start)) or db.session.scalar(query)
    if prompt is None:
        raise Missing(say("No prompt is open. An administrator can open one."))
    return prompt_views([prompt])[0]


def row(prompt_id: str) -> Prompt:
    """Return a prompt's row; raises Missing."""
    prompt = db.session.get(Prompt, prompt_id)
    if prompt is None:
        raise Missing(say("There is no such prompt."))
    return prompt


def require_open(prompt_id: str) -> Prompt:
    """Return the row of a prompt that takes entries; raises Missing, or Conflict for a closed one."""
    prompt = db.session.scalar(select(Prompt).where(Prompt.id == prompt_id, is_open()))
    if prompt is None:
        row(prompt_id)
        raise Conflict(say("This prompt is closed. Its wall stays; pick one that is open to draw."))
    return prompt


def add(
    text: str,
    closes_at: datetime | None = None,
    needs_clip: bool = False,
    state: str = "open",
    opens_at: datetime | None = None,
) -> PromptView:
    """Write a new prompt; raises Invalid for a text that will not do and Conflict for one that is there already."""
    require_order(opens_at, closes_at)
    prompt = Prompt(
        text=checked(text), opens_at=opens_at, closes_at=closes_at, needs_clip=needs_clip, state=_checked_state(state)
    )
    db.session.add(prompt)
    _commit()
    return prompt_views([prompt])[0]


def update(
    prompt_id: str,
    text: str | None = None,
    state: str | None = None,
    closes_at: datetime | None = None,
    opens_at: datetime | None = None,
) -> PromptView:
    """Reword, open or close a prompt, now or at a time; what is None stays. Rewording judges its entries anew.

    Opening a prompt whose time is over also takes its end away, unless a new one is given; one that has yet to open
    opens now. A closed one is no longer the prompt of a day to come.
    """
    prompt = row(prompt_id)
    require_order(opens_at or prompt.opens_at, closes_at)
    if opens_at is not None or state == "open":
        prompt.opens_at = opens_at
    if closes_at is not None:
        prompt.closes_at = closes_at
    if state is not None:
        prompt.state = _checked_state(state)
        if state == "open" and closes_at is None:
            prompt.closes_at = None
        if state == "closed":
            daily.unplan(prompt_id)
    reworded = text is not None and text != prompt.text
    if text is not None:
        prompt.text = checked(text)
    _commit()
    if reworded and db.session.scalar(select(Entry.id).where(Entry.prompt_id == prompt_id).limit(1)):
        rejudging.reword(judging.current(), judging.second(), prompt_id)
    return prompt_views([prompt])[0]


def require_order(opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raise Invalid for a prompt that would close before it opens."""
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid([("#/closes_at", "A prompt closes after it opens.")])


def seed() -> int:
    """Write the prompts of prompts.toml that were never seeded before; returns how many there were."""
    lists = tomllib.loads((Path(__file__).parent / "prompts.toml").read_text("utf-8"))
    known = set(db.session.scalars(select(Prompt.seed))) | set(db.session.scalars(select(Prompt.text)))
    fresh = [
        Prompt(text=text, seed=text, needs_clip=kind == "clip")
        for kind in ("clip", "embedded")
        for text in reversed(lists[kind])
        if text not in known
    ]
    for prompt in fresh:  # one after the other, so that the newest come first in the order of the file
        db.session.add(prompt)
        db.session.flush()
    db.session.commit()
    return len(fresh)


def _commit() -> None:
    try:
        idempotency.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict(say("There is a prompt with these very words already.")) from None


def checked(text: str) -> str:
    """Return a prompt's words in their normal form, blanks tidied up; raises Invalid."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text:
        raise Invalid([("#/text", say("A prompt needs words."))])
    if len(text) > LONGEST:
        raise Invalid(
            [
                (
                    "#/text",
                    say("A prompt has at most %(most)s characters, this one %(here)s.", most=LONGEST, here=len(text)),
                )
            ]
        )
    if any(unicodedata.category(letter).startswith("C") for letter in text):
        raise Invalid([("#/text", say("The text holds characters that cannot be seen. Leave these out."))])
    return text


def _checked_state(state: str) -> str:
    if state not in STATES:
        raise Invalid([("#/state", f"A prompt is {' or '.join(STATES)}.")])
    return state
