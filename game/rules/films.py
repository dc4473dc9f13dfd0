"""How an entry was made, as a film to pass on: an animated WebP or GIF, or an MP4 where PyAV is installed.

A film shows the drawing grow stroke by stroke above a plate with the prompt, and holds at the end. It is made when
somebody asks, one at a time, at a cost that the drawing's own limits bound, and then kept.
"""

from __future__ import annotations

import importlib.util
import io
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from PIL import Image, ImageDraw

from game import derived, storage
from game.extensions import db
from game.models import Entry
from game.rules import entries, lettering, reels, stills
from game.rules.drawing import Drawing, parse
from game.rules.refusals import Conflict
from game.sayings import say

EDITION = 1  # goes up when films look different
SHELF = "films"
KINDS = ("webp", "gif", "mp4")
SIDE, PLATE, EDGE = 432, 64, 16  # px: the picture, the plate below it, its margin
FRAME_MS, HOLD_MS = 80, 2400
LEAST, MOST = 16, 72  # frames
PATIENCE = 20  # seconds until whoever asks is sent away to come back
PAPER, INK = "#faf5ea", "#26211c"

_desk = threading.Lock()
Pictures = Sequence[Image.Image]


class FilmsBusy(RuntimeError):
    """Films are being made for others; come back in PATIENCE seconds."""


def kinds() -> tuple[str, ...]:
    """Return which kinds of film can be made here."""
    return KINDS if importlib.util.find_spec("av") else KINDS[:2]


def film(entry: Entry, kind: str) -> bytes:
    """Return the film of an entry, of one of KINDS.

    Raises Conflict where this server cannot make that kind or where nothing is known of how the entry was made, and
    FilmsBusy.
    """
    if kind not in kinds():
        raise Conflict(say("This server makes no MP4: PyAV is not installed. The WebP and the GIF show the same."))
    text = entry.prompt.text
    called = derived.name([EDITION, entry.drawing or entry.run_id, entry.picture, text], f".{kind}")
    return derived.kept(SHELF, called, lambda: _made(entry, text, kind))


def _made(entry: Entry, text: str, kind: str) -> bytes:
    pictures = _pictures(entry)
    db.session.commit()  # no connection is held meanwhile
    if not _desk.acquire(timeout=PATIENCE):
        raise FilmsBusy
    try:
        return ENCODERS[kind](list(framed(pictures, text)))
    finally:
        _desk.release()


def _pictures(entry: Entry) -> Iterator[Image.Image]:
    if entry.drawing is not None:
        drawing = parse(json.loads(entries.drawing_json(entry)))
        return reels.moments(drawing, frames(drawing), SIDE)
    found = stills.kept(entry.run_id)
    if not found:
        raise Conflict(say("How this picture came about was not written down, so there is nothing to show."))
    step = ceil(len(found) / MOST)
    return map(_stored, [*(look.name for look in found[::step]), entry.picture])


def frames(drawing: Drawing) -> int:
    """Return how many frames a drawing's film has: enough for its own pace, within LEAST and MOST."""
    told = reels.beats(drawing)
    return min(max(ceil(told[-1].at / FRAME_MS) if told else 0, LEAST), MOST)


def framed(pictures: Iterator[Image.Image], text: str) -> Iterator[Image.Image]:
    """Yield pictures above a plate with a text; SIDE px wide, SIDE + PLATE high, both even."""
    sheet = Image.new("RGB", (SIDE, SIDE + PLATE), PAPER)
    block = lettering.fitted(text, SIDE - 2 * EDGE, PLATE - EDGE // 2, 34, 14)
    pen, top = ImageDraw.Draw(sheet), SIDE + (PLATE - block.height) // 2
    for number, line in enumerate(block.lines):
        y = top + round(number * block.size * lettering.LEADING)
        pen.text((SIDE / 2, y), line, INK, lettering.face(block.size), anchor="ma")
    for picture in pictures:
        sheet.paste(picture, (0, 0))
        yield sheet.copy()


def webp(pictures: Pictures) -> bytes:
    """Return an animated WebP that loops."""
    return _animated(pictures, "WEBP", quality=78, method=2)


def gif(pictures: Pictures) -> bytes:
    """Return an animated GIF that loops, all frames in the colours of the last."""
    colours = pictures[-1].quantize(255, dither=Image.Dither.NONE)
    return _animated([each.quantize(palette=colours, dither=Image.Dither.NONE) for each in pictures], "GIF")


def mp4(pictures: Pictures) -> bytes:
    """Return an H.264 film in an MP4, as browsers and phones play it; ImportError without PyAV."""
    import av

    frame: Any = av.VideoFrame  # typed in part only
    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(1000, FRAME_MS))
        stream.width, stream.height = pictures[0].size
        stream.pix_fmt = "yuv420p"
        for picture in (*pictures, *[pictures[-1]] * (HOLD_MS // FRAME_MS)):
            container.mux(stream.encode(frame.from_image(picture)))
        container.mux(stream.encode())
    return data.getvalue()


ENCODERS: dict[str, Callable[[Pictures], bytes]] = {"webp": webp, "gif": gif, "mp4": mp4}


def _animated(pictures: Pictures, name: str, **options: object) -> bytes:
    held = [FRAME_MS] * (len(pictures) - 1) + [HOLD_MS]
    data = io.BytesIO()
    pictures[0].save(data, name, save_all=True, append_images=pictures[1:], duration=held, loop=0, **options)
    return data.getvalue()


def _stored(name: str) -> Image.Image:
    return storage.picture(name).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
