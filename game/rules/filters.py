"""The operator's lists: texts that pictures must not look like, and words that do not belong on a wall.

Both are empty at first. A word stands for itself, however it is spelled (see game.rules.lookalikes); with a star at its
end it stands for all that begins with it, with a star at both ends for all that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import select

from game.extensions import db
from game.models import FilterLine
from game.rules.lookalikes import folded, readings
from game.rules.refusals import Invalid

TEXT, WORD = "text", "word"
LONGEST, MOST = 200, 500  # characters of a line, lines of a list


def lines(kind: str) -> list[str]:
    """Return a list, in alphabetical order."""
    return list(db.session.scalars(select(FilterLine.text).where(FilterLine.kind == kind).order_by(FilterLine.text)))


def write(kind: str, written: str) -> None:
    """Put the lines of a text in the place of a list; blank ones do not count. Raises Invalid."""
    wanted = {" ".join(line.split()) for line in written.splitlines() if line.strip()}
    if len(wanted) > MOST or any(len(line) > LONGEST for line in wanted):
        raise Invalid([(f"#/{kind}", f"A list has at most {MOST} lines, a line at most {LONGEST} characters.")])
    empty = [line for line in wanted if kind == WORD and not folded(line.strip("*"))]
    if empty:
        raise Invalid([(f"#/{kind}", f"“{empty[0]}” has no letters to look for.")])
    for kept in db.session.scalars(select(FilterLine).where(FilterLine.kind == kind)):
        if kept.text not in wanted:
            db.session.delete(kept)
        wanted.discard(kept.text)
    db.session.add_all(FilterLine(kind=kind, text=line) for line in sorted(wanted))
    db.session.commit()


def unwanted_word(text: str) -> str | None:
    """Return the first word of the operator's list that a text holds, None without one."""
    return held_word(text, lines(WORD))


def held_word(text: str, words: Iterable[str]) -> str | None:
    """Return the first of some words, written as in the list, that a text holds, None without one."""
    read = readings(text)
    return next((word for word in words if any(_sought(word).search(one) for one in read)), None)


@lru_cache(maxsize=2 * MOST)
def _sought(word: str) -> re.Pattern[str]:
    """What finds a word, each of its letters once or more."""
    before = "" if word.startswith("*") else r"\b"
    after = "" if word.endswith("*") else r"\b"
    return re.compile(before + "".join(" +" if one == " " else f"{one}+" for one in folded(word.strip("*"))) + after)
