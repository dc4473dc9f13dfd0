"""What the lessons under /explore share: their order, and how a page tells that its judge is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from game.judging import JudgeBusy, JudgeUnavailable
from game.pages import fragments
from game.rules.refusals import Invalid

PIECES = frozenset({"words"})  # lessons of which a piece may be asked for alone: what was found
log = logging.getLogger(__name__)

# In the order in which they are best read; a name is the template's, under templates/explore/.
LESSONS = (
    ("angle", "explore.angle"),
    ("cosine", "explore_looking.cosine"),
    ("words", "explore_looking.words"),
    ("search", "explore.search_entries"),
    ("map", "explore.map_of_prompt"),
    ("latent", "explore_painting.latent"),
    ("climb", "explore_painting.climb"),
)


def lesson(name: str, ask: Callable[[], Mapping[str, Any]] = dict, **values: Any) -> Response:
    """Shows a lesson with `values` and what `ask` finds out.

    A judge that is away (503) and a refusal of what was asked for (422) are told on the page itself, which keeps what
    was entered.
    """
    try:
        return _shown(name, None, {**values, **ask()})
    except JudgeUnavailable as error:
        busy = isinstance(error, JudgeBusy)
        log.log(logging.INFO if busy else logging.ERROR, "a lesson without its judge: %s", error)
        page = _shown(name, "busy" if busy else "away", values)
        page.status_code = _status(page, 503)
        if error.retry_after is not None:
            page.headers["Retry-After"] = str(error.retry_after)
    except Invalid as error:
        page = _shown(name, error.detail, values)
        page.status_code = _status(page, 422)
    return page


def _status(page: Response, status: int) -> int:
    """A piece of a page is there to be shown, whatever it says; a browser would call anything but 200 a failure."""
    return 200 if "X-Fragment" in page.headers else status


def _shown(name: str, trouble: str | None, values: Mapping[str, Any]) -> Response:
    if name in PIECES and fragments.wanted():
        return fragments.fragment(f"explore/{name}_found.html", True, trouble=trouble, **values)
    names = [key for key, _ in LESSONS]
    place = names.index(name)
    after = LESSONS[place + 1] if place + 1 < len(LESSONS) else None
    return fragments.page(f"explore/{name}.html", trouble=trouble, lesson=name, after=after, **values)
