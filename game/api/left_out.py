"""The call about what was taken for writing: the picture without it."""

from __future__ import annotations

from flask import Blueprint, Response

from game import identity
from game.api import pictures
from game.api.calls import Answer, call
from game.rules import entries, writing
from game.rules.refusals import Missing

api = Blueprint("api_left_out", __name__)


@call(api, "GET /entries/<entry_id>/left-out.png", Answer(None, media="image/png"), refuses=[404])
def get_left_out(entry_id: str) -> Response:
    """The picture without what was taken for writing, where a penalty says that something was."""
    entry = entries.row(entry_id)
    if entry.state != "visible":  # whoever asks; only for the rest does it matter who that is
        entries.require_seen(entry, identity.current())
    name = writing.left_out(entry.penalties)
    if name is None:
        raise Missing("No ink was left out of this picture.")
    return pictures.send(name, pictures.FULL, entry.state == "visible")
