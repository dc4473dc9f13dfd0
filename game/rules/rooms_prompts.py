"""What a room draws: words that it brings along, or open prompts that the jury picks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from game import judging
from game.extensions import db
from game.models import Entry, Prompt, RoomRound
from game.rules import prompts
from game.rules.ranking import VISIBLE
from game.rules.refusals import Invalid, Missing
from game.rules.views import is_open
from game.sayings import say

MOST = 10  # prompts of a room


def rounds(texts: Sequence[str], picked: int) -> list[RoomRound]:
    """Return a room's rounds: one for each text, or for `picked` (1 to 10) open prompts; the caller gives them a room.

    Words that are an open prompt's are that prompt; others are the room's own, and closed to everybody else.
    Raises Invalid, and Missing when there is nothing to pick from.
    """
    wanted = _wanted(texts)
    found = _named(wanted) if wanted else [(prompt_id, False) for prompt_id in _picked(picked)]
    return [RoomRound(number=i, prompt_id=prompt_id, own=own) for i, (prompt_id, own) in enumerate(found, 1)]


def _wanted(texts: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(prompts.checked(text) for text in texts if text.strip()))
    if len(wanted) > MOST:
        raise Invalid(
            [("#/texts", say("A room has at most %(most)s prompts, these are %(here)s.", most=MOST, here=len(wanted)))]
        )
    return wanted


def _named(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """The prompt of each text, made where there is none, and whether the words are the room's own."""
    known = select(Prompt.id, Prompt.text, is_open()).where(Prompt.text.in_(texts))
    found = {text: (prompt_id, not takes) for prompt_id, text, takes in db.session.execute(known)}
    made = {text: Prompt(text=text, state="closed") for text in texts if text not in found}
    db.session.add_all(made.values())
    db.session.flush()
    return [found[text] if text in found else (made[text].id, True) for text in texts]


def _picked(count: int) -> list[str]:
    """Open prompts at random, those first that a machine has painted: it has something to show there."""
    if not 1 <= count <= MOST:
        raise Invalid([("#/picked", say("The jury picks 1 to %(most)s prompts.", most=MOST))])
    painted = (
        select(Entry.id)
        .where(Entry.prompt_id == Prompt.id, Entry.judge == judging.spec(), Entry.kind == "ai", Entry.state == VISIBLE)
        .correlate(Prompt)
        .exists()
    )
    query = select(Prompt.id).where(is_open()).order_by(painted.desc(), func.random()).limit(count)
    found = list(db.session.scalars(query))
    if not found:
        raise Missing(say("No prompt is open to pick from. Bring words of your own."))
    return found
