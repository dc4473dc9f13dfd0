"""What a rule says when it refuses. Each message says what happened and what to do, and is shown to players."""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(ValueError):
    """A rule refuses; the message is for whoever asked."""


class Missing(Refusal, LookupError):
    """What was asked for does not exist, or not for whoever asked."""


class Conflict(Refusal):
    """It cannot be done as things stand now."""


class Spent(Refusal):
    """Whoever asks has had as much of it as one may have for now."""


class Forbidden(Refusal):
    """Whoever asks may not do this."""


class Invalid(Refusal):
    """Something given is wrong; `errors` lists JSON pointers into the body with what is wrong there."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = [{"pointer": pointer, "detail": detail} for pointer, detail in errors]
        self.pointer, self.detail = errors[0]
        super().__init__(self.detail)
