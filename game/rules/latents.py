"""A walk between two samples of the embedded VQGAN, as one sheet of stills: made once, kept, a few at a time."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict

from PIL import Image

from game import painting
from game.rules.refusals import Missing, Spent
from game.sayings import say

COLUMNS, ROWS = 3, 3
STILLS = COLUMNS * ROWS
SIDE = 96  # px of a still
SEEDS = 10_000  # samples there are to choose from
KEPT = 128  # sheets in memory, some 15 kB each
WAITING, PATIENCE = 4, 5.0  # who may wait for the brush at once, and how many seconds

_desk = threading.BoundedSemaphore(WAITING)
_brush = threading.Lock()
_kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()


def sheet(first: int, last: int) -> bytes:
    """Return the stills from sample `first` to sample `last` (0 to SEEDS - 1), row by row on one sheet, as WebP.

    The same two samples give the same sheet. Raises Missing without a VQGAN and Spent while too many others wait.
    """
    mark = painting.vqgan()
    if mark is None:
        raise Missing(say("There is no VQGAN here yet."))
    if not (0 <= first < SEEDS and 0 <= last < SEEDS):
        raise Missing(say("Samples are numbered from 0 to %(last)s.", last=SEEDS - 1))
    key = (mark, first, last)
    known = _kept.get(key)
    if known is not None:
        return known
    if not _desk.acquire(blocking=False):
        raise Spent(say("Others are looking at pictures that nobody painted. Try again in a moment."))
    try:
        return _painted(key)
    finally:
        _desk.release()


def _painted(key: tuple[str, int, int]) -> bytes:
    if not _brush.acquire(timeout=PATIENCE):
        raise Spent(say("Others are looking at pictures that nobody painted. Try again in a moment."))
    try:
        made = _kept.get(key)  # whoever had the brush before may have wanted the same
        if made is None:
            _, first, last = key
            made = _kept[key] = _webp(painting.walk(first, last, STILLS, SIDE))
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return made
    finally:
        _brush.release()


def _webp(stills: list[Image.Image]) -> bytes:
    whole = Image.new("RGB", (COLUMNS * SIDE, ROWS * SIDE))
    for place, still in enumerate(stills):
        row, column = divmod(place, COLUMNS)
        whole.paste(still, (column * SIDE, row * SIDE))
    file = io.BytesIO()
    whole.save(file, "WEBP", quality=88, method=2)
    return file.getvalue()
