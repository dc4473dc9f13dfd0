"""How a machine would begin: the first strokes of a drawing that one made, as an example for whoever draws."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import select

from game import judging
from game.extensions import db
from game.models import Entry
from game.rules import drawing as drawings
from game.rules import entries, raster
from game.rules.ranking import VISIBLE
from game.rules.refusals import Missing
from game.rules.views import EntryView, entry_views, loaded
from game.sayings import say

if TYPE_CHECKING:
    from PIL import Image

SHARE = 3  # one in so many of a drawing's strokes is shown: the broad ones, for machines paint these first
EDITION = 1  # goes up when beginnings look different


@dataclass(frozen=True)
class Beginning:
    """An example: the machine's entry that it is the beginning of, and whether that hangs under the very prompt."""

    entry: EntryView
    own: bool


def of_prompt(prompt_id: str) -> Beginning | None:
    """Return how the best machine under a prompt began, or else one under another; None while no machine has drawn."""
    drawn = select(Entry.id).where(
        Entry.judge == judging.spec(), Entry.kind == "ai", Entry.state == VISIBLE, Entry.drawing.is_not(None)
    )
    best = drawn.where(Entry.prompt_id == prompt_id).order_by(Entry.penalised.desc(), Entry.id.desc())
    found = db.session.scalar(best.limit(1)) or db.session.scalar(drawn.order_by(Entry.id).limit(1))
    if found is None:
        return None
    entry = entry_views(list(loaded([found]).values()))[0]
    return Beginning(entry, entry.prompt_id == prompt_id)


def picture(entry: Entry) -> Image.Image:
    """Return what stood on the sheet after an entry's first strokes, 512 px a side; raises Missing for paintings."""
    if entry.drawing is None:
        raise Missing(say("This picture was painted without strokes."))
    drawing = drawings.parse(json.loads(entries.drawing_json(entry)))
    return raster.picture(replace(drawing, ops=drawing.ops[: ceil(len(drawing.ops) / SHARE)]))
