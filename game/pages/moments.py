"""Times and days as forms send them, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

from game.rules.refusals import Invalid


def moment(written: str) -> datetime | None:
    """What a field for a time holds, in UTC; None for an empty one. Raises Invalid."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC) if written.strip() else None
    except ValueError:
        raise Invalid([("#/opens_at", f"{written} is no time. Write it as 2026-11-30T18:00, in UTC.")]) from None


def day(written: str) -> date | None:
    """What a field for a day holds; None for an empty one. Raises Invalid."""
    try:
        return date.fromisoformat(written) if written.strip() else None
    except ValueError:
        raise Invalid([("#/day", f"{written} is no day. Write it as 2026-11-30.")]) from None
