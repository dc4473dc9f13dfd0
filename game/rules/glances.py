"""A glance: what the judge makes of a drawing under way. Nothing is kept, nothing hangs, nobody is ranked.

It costs a rendering and a look each time, so few are taken at once in a process, and none waits: whoever finds the desk
taken is told to come back, and those who hand in do not stand behind a crowd that only wants to know.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from game import judging
from game.extensions import db
from game.judge import Floats
from game.judging import JudgeBusy
from game.rules import prompts, raster
from game.rules.drawing import Drawing

AT_ONCE = 2  # in a process: while one is rendered another is judged
COME_BACK = 2  # seconds

_desk = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Glance:
    """How well an unfinished drawing fits its prompt's text: cosine and percentile, before anything is taken off.

    Similarities that are nearer than `noise` are the same to this judge.
    """

    judge: str
    similarity: float
    percentile: float
    noise: float


def glance(prompt_id: str, drawing: Drawing) -> Glance:
    """Return what the judge that sits makes of a drawing for an open prompt, and keep nothing of it.

    Raises Missing or Conflict for the prompt, DrawingError for a blank drawing, JudgeBusy while others are looked at,
    JudgeUnavailable.
    """
    text = prompts.require_open(prompt_id).text
    with _at_desk():
        score = judging.judge_picture(_rendered(drawing), text)
    return Glance(score.judge, score.similarity, score.percentile, judging.current().noise)


def embedding(drawing: Drawing) -> Floats:
    """Return the unit embedding (d,) that the judge that sits gives a drawing, and keep nothing of it.

    Raises DrawingError for a blank drawing, JudgeBusy while others are looked at, JudgeUnavailable.
    """
    with _at_desk():
        row: Floats = judging.current().embed_images([_rendered(drawing)])[0]
    return row


@contextmanager
def _at_desk() -> Iterator[None]:
    db.session.commit()  # judging takes a while: no connection is held meanwhile
    if not _desk.acquire(blocking=False):
        raise JudgeBusy("other drawings under way are being looked at", COME_BACK)
    try:
        yield
    finally:
        _desk.release()


def _rendered(drawing: Drawing) -> Image.Image:
    grid = raster.master(drawing)
    raster.require_marks(drawing, grid)
    return raster.picture_of(grid, drawing.palette)
