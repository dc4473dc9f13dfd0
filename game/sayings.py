"""What rules say, in the language of whoever asked: English in the API, in feeds, in workers and without a request.

Rules need no server, so they speak through this door. What is kept in the database is never a sentence made here, only
what it is made from: it is said when somebody reads it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import flask_babel
from babel.dates import format_datetime
from babel.numbers import format_decimal

from game import languages


def say(text: str, /, **values: object) -> str:
    """Return a text in the language of the answer; `values` take the places of `%(name)s` in it."""
    said: str = flask_babel.gettext(text, **values)
    return said


def several(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the text for `n` of something, in the form that the language has for this number; `%(num)s` is `n`."""
    told = flask_babel.get_domain().get_translations().ungettext(one, many, n)
    return str(told) % {"num": figure(n), **values}


def figure(number: float, digits: int = 0) -> str:
    """Return a number as the language of the answer writes it, rounded to so many digits after the point."""
    rounded = Decimal(f"{number:.{digits}f}")
    return format_decimal(rounded, "#,##0" + "." * bool(digits) + "0" * digits, languages.written())


def moment(when: datetime) -> str:
    """Return a moment in UTC as the language of the answer writes it: `21 November 2026, 15:02`."""
    return format_datetime(when, "d MMMM y, HH:mm", UTC, languages.written())


def capital(text: str) -> str:
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]


def mark(text: str) -> str:
    """Return the text as it is; it goes into the catalogues, to be said later."""
    return text


def marks(one: str, many: str) -> tuple[str, str]:
    """As `mark`, for a text that depends on a number."""
    return one, many
