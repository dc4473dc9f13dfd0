"""What is written down of a run at work: its numbers, and in a sentence why it failed."""

from __future__ import annotations

import math
from typing import Any, Protocol


class Moment(Protocol):
    """A run's state at a step; `seconds` of painting, over all starts."""

    @property
    def step(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def loss(self) -> float: ...
    @property
    def similarity(self) -> float: ...
    @property
    def seconds(self) -> float: ...


def numbers(now: Moment) -> dict[str, Any]:
    """Return a run's numbers for its row; JSON knows no NaN, which a loss is before its first step."""
    loss, similarity = finite(now.loss), finite(now.similarity)
    return {"step": now.step, "steps": now.steps, "loss": loss, "similarity": similarity,
            "seconds": round(now.seconds, 2)}  # fmt: skip


def finite(number: float) -> float | None:
    """Return a number as JSON knows it: None for what is none, or has no end."""
    return number if math.isfinite(number) else None


def reason(error: Exception) -> str:
    """Return in one sentence why a run failed and what to do about it."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "The machine ran out of memory. Queue the run again with fewer cutouts or a smaller size."
    if isinstance(error, ValueError | LookupError | OSError) and str(error):
        return f"{type(error).__name__}: {error}"[:500]
    return f"Something unexpected happened ({type(error).__name__}: {error}). The worker's log says where."[:500]
