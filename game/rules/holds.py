"""What waits for a person before it hangs: all, or what machines paint, holds writing or looks like an unwanted text.

The operator says which in PAINTOFF_HOLD. What is drawn for a room is for its eyes only and does not wait.
"""

from __future__ import annotations

from flask import current_app

from game.judge import Judge
from game.models import Decision, Entry
from game.rules import filters, writing
from game.rules.embeddings import unpacked
from game.rules.ranking import VISIBLE
from game.sayings import mark

HELD = "held"
EVERYTHING = mark("Every picture waits here until a person has looked at it.")
PAINTED = mark("What a machine paints waits here until a person has looked at it.")
WRITING = mark("There is writing in it, and a person reads it first.")
UNWANTED = mark("To the judge it looks like something that is not shown here. A person decides.")
WORDS = mark("There is a word in it that does not hang here. A person decides.")


def hold(entry: Entry, judge: Judge) -> None:
    """Let an entry that was just judged wait for a person if it has to; the reason is kept with it."""
    if entry.state != VISIBLE:
        return
    reason = reason_for(entry, judge)
    if reason is not None:
        entry.decisions.append(Decision(before=VISIBLE, state=HELD, reason=reason))
        entry.state = HELD


def reason_for(entry: Entry, judge: Judge) -> str | None:
    """Return why an entry has to wait, None where it has not to."""
    chosen: frozenset[str] = current_app.config["PAINTOFF"].hold
    if "everything" in chosen:
        return EVERYTHING
    if "machines" in chosen and entry.kind == "ai":
        return PAINTED
    if "writing" in chosen and any(penalty["kind"] in (writing.KIND, writing.LETTERS) for penalty in entry.penalties):
        return WRITING
    if "unwanted" in chosen and _looks_unwanted(entry, judge):
        return UNWANTED
    return None


def state_of_words(text: str) -> str:
    """Return the state of words that are new on a wall: held where the operator's list has one of them."""
    return VISIBLE if filters.unwanted_word(text) is None else HELD


def _looks_unwanted(entry: Entry, judge: Judge) -> bool:
    """Whether a picture fits an unwanted text as hardly one of the background does."""
    texts = filters.lines(filters.TEXT)
    if not texts:
        return False
    least = current_app.config["PAINTOFF"].unwanted_from
    similarities = judge.embed_texts(texts) @ unpacked(entry.embedding)
    return any(
        judge.percentile(float(similarity), text) >= least for text, similarity in zip(texts, similarities, strict=True)
    )
