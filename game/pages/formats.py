"""Numbers and dates as the pages show them, in the visitor's language; registered as template filters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import gettext

from game import languages
from game.rules.scores import penalise
from game.rules.views import Penalty

AHEAD = "\N{LEFT-TO-RIGHT MARK}"  # keeps a sign before its number where the words around it run from the right


def count(number: int) -> str:
    """`31204` as `31,204`."""
    return decimal(number, "#,##0")


def decimal(number: float, pattern: str) -> str:
    """A number by a pattern such as `0.00` (Unicode's, https://unicode.org/reports/tr35/tr35-numbers.html)."""
    shown: str = format_decimal(number, pattern, languages.written(), numbering_system="latn")
    sign = AHEAD if languages.current() == "ar" and shown.lstrip(AHEAD).startswith("-") else ""
    return sign + shown.replace(AHEAD, "").replace("-", "\N{MINUS SIGN}")


def signed(number: float, pattern: str = "0.000") -> str:
    """A number that was added or taken away, with its sign; a cosine's three digits unless told otherwise."""
    if number < 0:
        return decimal(number, pattern)
    return (AHEAD if languages.current() == "ar" else "") + "+" + decimal(number, pattern)


def several(number: int, one: str, many: str) -> str:
    """`3, "entry", "entries"` as `3 entries`."""
    return f"{count(number)} {one if number == 1 else many}"


def cosine(similarity: float) -> str:
    """A cosine with three digits and a true minus sign."""
    return decimal(similarity, "0.000")


def percent(percentile: float) -> str:
    """A percentile with one digit, never rounded up to 100 nor down to 0 unless it is."""
    return decimal(float(tenths(percentile)), "0.0")


def tenths(percentile: float) -> str:
    """The same for scripts: always with a point."""
    if 0 < percentile < 100:
        percentile = min(max(percentile, 0.1), 99.9)
    return f"{percentile:.1f}"


def share(part: float) -> str:
    """A part of a hundred, which may be below 0, as whole percent with a true minus sign."""
    return gettext("%(part)s %%", part=decimal(round(part), "0"))


def fit(percentile: float) -> str:
    """A percentile in words: `a better fit than 93 of 100 unrelated drawings`."""
    if percentile >= 100:
        return gettext("a better fit than all unrelated drawings")
    if percentile > 99:
        part = count(math.floor(percentile * 10))
        return gettext("a better fit than %(part)s of 1,000 unrelated drawings", part=part)
    if percentile >= 1:
        return gettext("a better fit than %(part)s of 100 unrelated drawings", part=count(math.floor(percentile)))
    if percentile > 0:
        return gettext("a better fit than hardly any of the unrelated drawings")
    return gettext("a better fit than none of the unrelated drawings")


def of_hundred(percentile: float) -> str:
    """A percentile in English words, for a card: `93 of 100`."""
    if percentile >= 100:
        return "all"
    if percentile > 99:
        return f"{math.floor(percentile * 10)} of 1,000"
    if percentile < 1:
        return "hardly any of the" if percentile > 0 else "none of the"
    return f"{math.floor(percentile)} of 100"


def ordinal(number: int) -> str:
    """`1` as `1st`, `12` as `12th`; German sets a point, Arabic the bare number behind its words."""
    if languages.current() != languages.SOURCE:
        return count(number) + {"de": "."}.get(languages.current(), "")
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{count(number)}{tail}"


def day(moment: date | str) -> str:
    """A moment, a date or the ISO 8601 text of either as `21 November 2026`."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    shown: str = format_date(when, "long", languages.written())
    return shown


def moment(when: datetime) -> str:
    """A moment as `21 November 2026, 15:02`, in UTC."""
    return gettext("%(day)s, %(time)s", day=day(when), time=f"{when.astimezone(UTC):%H:%M}")


def penalised(similarity: float, penalties: Sequence[Penalty]) -> float:
    """The similarity that boards go by."""
    return penalise(similarity, [penalty["factor"] for penalty in penalties])


FILTERS = {
    "penalised": penalised,
    "count": count,
    "several": several,
    "cosine": cosine,
    "percent": percent,
    "tenths": tenths,
    "share": share,
    "fit": fit,
    "decimal": decimal,
    "signed": signed,
    "ordinal": ordinal,
    "day": day,
    "moment": moment,
}
