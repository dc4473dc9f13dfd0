"""Short links: the first letters of an entry's id, as few as it takes.

Nothing is written down. Letters that several entries begin with belong to the oldest of them, so a link that was once
given out leads to the same entry for good.
"""

from __future__ import annotations

from sqlalchemy import select

from game.extensions import db
from game.models import Entry
from game.rules.refusals import Missing
from game.sayings import say
from game.tables import ALPHABET

SHORTEST, LONGEST = 6, 12  # letters; an id has twelve


def code(entry_id: str) -> str:
    """Return the fewest first letters of an entry's id that lead to it."""
    for length in range(SHORTEST, LONGEST):
        if _oldest(entry_id[:length]) == entry_id:
            return entry_id[:length]
    return entry_id


def entry_id(code: str) -> str:
    """Return the id of the entry that a code leads to; raises Missing."""
    wanted = code.strip().lower()
    if not SHORTEST <= len(wanted) <= LONGEST or not set(wanted) <= set(ALPHABET):
        raise Missing(say("This link leads nowhere. Some of it may have been cut off on the way."))
    found = _oldest(wanted)
    if found is None:
        raise Missing(say("This link leads nowhere. Some of it may have been cut off on the way."))
    return found


def _oldest(letters: str) -> str | None:
    lacking = LONGEST - len(letters)
    first, last = letters + ALPHABET[0] * lacking, letters + ALPHABET[-1] * lacking
    query = select(Entry.id).where(Entry.id.between(first, last)).order_by(Entry.created_at, Entry.id)
    return db.session.scalar(query.limit(1))
