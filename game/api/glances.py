"""The call about a drawing under way: what the judge makes of it so far."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from game.api.calls import Answer, Body, call
from game.api.shapes import address, visitor
from game.extensions import limiter
from game.rules import drawing, glances
from game.rules.drawing_format import DrawingIn
from game.rules.glances import Glance

api = Blueprint("api_glances", __name__)


@call(
    api,
    "POST /prompts/<prompt_id>/glance",
    Answer(Glance),
    body=Body(DrawingIn, drawing.parse),
    refuses=[404, 409, 503],
)
@limiter.limit("60 per minute; 900 per hour", key_func=visitor)
@limiter.limit("240 per minute", key_func=address)
def glance(prompt_id: str, body: drawing.Drawing) -> Any:
    """What the judge makes of a drawing under way. Nothing of it is kept, and nothing hangs.

    Ask at most once a second. While others are being looked at it is refused (503 with `Retry-After`), at once.
    """
    return glances.glance(prompt_id, body)
