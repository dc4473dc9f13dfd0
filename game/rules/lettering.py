"""Words on pictures: the display face where set-up has cut it, another one where not, and lines that fit a place.

The face is read from static/fonts/display.woff2 as the pages use it; without it Pillow's own face stands in.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Face = FreeTypeFont | ImageFont

DISPLAY = Path(__file__).resolve().parents[2] / "static" / "fonts" / "display.woff2"
LEADING = 1.12  # of the size, from line to line
MORE = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True)
class Block:
    """Lines of a text at a size in px, and how high they stand together in px."""

    lines: tuple[str, ...]
    size: int

    @property
    def height(self) -> int:
        """From the top of the first line to the bottom of the last, in px."""
        return round(self.size * LEADING * len(self.lines))


@functools.lru_cache(maxsize=64)
def face(size: int) -> Face:
    """Return the display face at a size in px."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(DISPLAY), size)
    except OSError:  # not cut, or a Pillow that reads no woff2
        return ImageFont.load_default(size)


def width(text: str, size: int) -> float:
    """Return how wide a text is at a size, in px."""
    return face(size).getlength(text)


def fitted(text: str, across: int, down: int, most: int, least: int) -> Block:
    """Return a text in lines of at most `across` px, as large as fits `down` px, `most` to `least` px a letter.

    What does not fit at the least size is cut off, with an ellipsis.
    """
    for size in range(most, least, -2):
        block = Block(_wrapped(text, across, size), size)
        if block.height <= down and all(width(line, size) <= across for line in block.lines):
            return block
    lines = _wrapped(text, across, least)
    room = max(1, int(down / (least * LEADING)))
    kept = [line if width(line, least) <= across else _cut(line, across, least) for line in lines[:room]]
    if len(lines) > room:
        kept[-1] = _cut(kept[-1], across, least)
    return Block(tuple(kept), least)


def _wrapped(text: str, across: int, size: int) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= across:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _cut(line: str, across: int, size: int) -> str:
    """The beginning of a line that still fits with an ellipsis behind it."""
    while line and width(line + MORE, size) > across:
        line = line[:-1]
    return line.rstrip() + MORE
