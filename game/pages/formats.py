"""Numbers and dates as the pages show them; registered as template filters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime

from game.rules.scores import penalise
from game.rules.views import Penalty


def count(number: int) -> str:
    """`31204` as `31,204`."""
    return f"{number:,}"


def several(number: int, one: str, many: str) -> str:
    """`3, "entry", "entries"` as `3 entries`."""
    return f"{count(number)} {one if number == 1 else many}"


def cosine(similarity: float) -> str:
    """A cosine with three digits and a true minus sign."""
    return f"{similarity:.3f}".replace("-", "\N{MINUS SIGN}")


def percent(percentile: float) -> str:
    """A percentile with one digit, never rounded up to 100 nor down to 0 unless it is."""
    if 0 < percentile < 100:
        percentile = min(max(percentile, 0.1), 99.9)
    return f"{percentile:.1f}"


def share(part: float) -> str:
    """A part of a hundred, which may be below 0, as whole percent with a true minus sign."""
    return f"{round(part)} %".replace("-", "\N{MINUS SIGN}")


def of_hundred(percentile: float) -> str:
    """A percentile in words: `93 of 100`."""
    if percentile >= 100:
        return "all"
    if percentile > 99:
        return f"{math.floor(percentile * 10)} of 1,000"
    if percentile < 1:
        return "hardly any of the" if percentile > 0 else "none of the"
    return f"{math.floor(percentile)} of 100"


def ordinal(number: int) -> str:
    """`1` as `1st`, `12` as `12th`."""
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{count(number)}{tail}"


def day(moment: date | str) -> str:
    """A moment, a date or the ISO 8601 text of either as `21 November 2026`."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """A moment as `21 November 2026, 15:02`, in UTC."""
    return f"{day(when)}, {when.astimezone(UTC):%H:%M}"


def penalised(similarity: float, penalties: Sequence[Penalty]) -> float:
    """The similarity that boards go by."""
    return penalise(similarity, [penalty["factor"] for penalty in penalties])


FILTERS = {
    "penalised": penalised,
    "count": count,
    "several": several,
    "cosine": cosine,
    "percent": percent,
    "share": share,
    "of_hundred": of_hundred,
    "ordinal": ordinal,
    "day": day,
    "moment": moment,
}
