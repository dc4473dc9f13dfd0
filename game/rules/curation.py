"""The curation queue: texts that a grammar or an endpoint suggests, weighed by the judge; a person approves each.

Two shares say what a suggestion is worth, both held against the prompts that are there. `novelty`: how many of those
lie closer to their own nearest neighbour than this text to its. `contrast`: what is left of a text without the word
that the judge hears least; how many of those lose less by losing theirs. A low one looks the same to the judge with and
without that word, so a picture can hardly be right or wrong about it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import select

from game import judging, muse
from game.extensions import db
from game.judge import Floats, Judge
from game.models import Player, Prompt, Suggestion
from game.rules import daily, filters, idempotency, prompt_grammar, prompts
from game.rules.pages import Page, descending
from game.rules.refusals import Conflict, Invalid, Missing
from game.rules.views import PromptView
from game.tables import now

GRAMMAR = "grammar"
SAME = 1e-5  # of a cosine: nobody hears that difference
MOST, AGAINST, SEEDS = 50, 500, 8  # suggestions at once, prompts held against, examples given
SMALL = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "its", "next", "of", "on", "or", "the", "to", "with"]
)


@dataclass(frozen=True)
class SuggestionView:
    """A suggestion: who made it, its nearest prompt, and what it is worth (shares, 0 to 1)."""

    id: str
    text: str
    source: str
    state: str
    nearest: str | None
    novelty: float
    contrast: float
    created_at: datetime


def suggest(count: int, source: str | None = None) -> list[SuggestionView]:
    """Make at most `count` new suggestions, by the grammar or, with source None, the endpoint where there is one.

    Raises Invalid, and Conflict when the endpoint does not answer.
    """
    if not 1 <= count <= MOST:
        raise Invalid([("#/count", f"Ask for 1 to {MOST} suggestions.")])
    known = _known()
    texts, said_by = _texts(count, source, known)
    fresh = [text for text in texts if _will_do(text, known)][:count]
    if not fresh:
        return []
    judge = judging.current()
    found = [_weighed(text, said_by, judge, known) for text in fresh]
    db.session.add_all(found)
    idempotency.commit()
    return views(sorted(found, key=lambda row: -row.worth))


def _known() -> list[str]:
    """The newest prompts, and what was ever suggested: no text comes twice, refused or not."""
    asked = list(db.session.scalars(select(Prompt.text).order_by(Prompt.created_at.desc()).limit(AGAINST)))
    return asked + list(db.session.scalars(select(Suggestion.text)))


def _texts(count: int, source: str | None, known: Sequence[str]) -> tuple[list[str], str]:
    if source not in (None, GRAMMAR):
        raise Invalid([("#/source", "Suggestions come from the grammar, or with null from the endpoint.")])
    if source == GRAMMAR or not muse.is_there():
        return prompt_grammar.made(2 * count, judging.vocabulary(), random.Random()), GRAMMAR
    seeds = random.sample(known, min(SEEDS, len(known)))
    db.session.commit()  # the endpoint takes a while: no connection is held meanwhile
    return muse.suggest(2 * count, seeds), muse.name()[:100]


def _will_do(text: str, known: Sequence[str]) -> bool:
    try:
        clean = prompts.checked(text) == text
    except Invalid:
        return False
    return clean and text.casefold() not in {one.casefold() for one in known} and filters.unwanted_word(text) is None


def _weighed(text: str, source: str, judge: Judge, known: Sequence[str]) -> Suggestion:
    others = [one for one in known if one != text][:AGAINST]
    novelty, nearest = _novelty(text, others, judge)
    contrast = _share_below([_least_heard(one, judge) for one in others[:64]], _least_heard(text, judge))
    return Suggestion(
        text=text, source=source, judge=judge.spec, nearest=nearest, novelty=novelty, contrast=contrast,
        worth=min(novelty, contrast),
    )  # fmt: skip


def _novelty(text: str, others: Sequence[str], judge: Judge) -> tuple[float, str | None]:
    if not others:
        return 1.0, None
    rows = _embedded([text, *others], judge)
    between = rows[1:] @ rows[1:].T
    np.fill_diagonal(between, -1.0)
    closest = rows[1:] @ rows[0]
    distances = 1 - between.max(1) if len(others) > 1 else np.ones(1)
    return _share_below(distances.tolist(), 1 - float(closest.max())), others[int(closest.argmax())]


def _least_heard(text: str, judge: Judge) -> float:
    """How far (1 - cosine) a text moves when it loses the word, of those that matter, whose loss moves it least."""
    words = text.split()
    shorter = [
        " ".join(words[:i] + words[i + 1 :]) for i, word in enumerate(words) if word not in SMALL and len(words) > 1
    ]
    if not shorter:
        return 1.0
    rows = _embedded([text, *shorter], judge)
    return 1 - float((rows[1:] @ rows[0]).max())


def _embedded(texts: Sequence[str], judge: Judge) -> Floats:
    return judge.embed_texts(list(texts))


def _share_below(others: Sequence[float], value: float) -> float:
    return float(np.mean([other <= value + SAME for other in others])) if others else 1.0


def waiting(cursor: str | None, limit: int) -> Page[SuggestionView]:
    """Return a page of the suggestions that wait, the most promising first."""
    query = select(Suggestion).where(Suggestion.state == "waiting")
    return descending(query, (Suggestion.worth, Suggestion.id), cursor, limit).map(views)


def views(rows: Sequence[Suggestion]) -> list[SuggestionView]:
    """Return suggestions as others see them."""
    names = SuggestionView.__dataclass_fields__
    return [SuggestionView(**{name: getattr(row, name) for name in names}) for row in rows]


@dataclass(frozen=True)
class Terms:
    """How an approved text becomes a prompt: perhaps reworded, opened and closed at a time, the prompt of a day."""

    text: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    day: date | None = None


def approve(suggestion_id: str, terms: Terms, by: Player) -> PromptView:
    """Make a prompt of a suggestion; raises Missing, Invalid, Conflict."""
    row = _waiting_row(suggestion_id)
    if terms.day is not None:
        daily.require_all_day(terms.day, terms.opens_at, terms.closes_at)
    prompt = prompts.add(terms.text.strip() or row.text, terms.closes_at, opens_at=terms.opens_at)
    row.state, row.prompt_id, row.decided_by, row.decided_at = "approved", prompt.id, by.id, now()
    db.session.commit()
    if terms.day is not None:
        daily.plan(terms.day, prompt.id)
    return prompts.get(prompt.id)


def refuse(suggestion_id: str, by: Player) -> None:
    """Put a suggestion aside; it is not made again. Raises Missing, Conflict."""
    row = _waiting_row(suggestion_id)
    row.state, row.decided_by, row.decided_at = "refused", by.id, now()
    db.session.commit()


def _waiting_row(suggestion_id: str) -> Suggestion:
    row = db.session.get(Suggestion, suggestion_id)
    if row is None:
        raise Missing("There is no such suggestion.")
    if row.state != "waiting":
        raise Conflict("Somebody has decided about this suggestion already.")
    return row
