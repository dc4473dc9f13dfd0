"""A prompt line's characters: which of them mean something, where each stands, and errors that point at one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

SPECIAL = "|:{}"
SHOWN = 72  # columns of the line that an error shows


class PromptError(ValueError):
    """The line cannot be read; `position` counts its characters from 0, `detail` says what to do there."""

    def __init__(self, detail: str, line: str, position: int) -> None:
        self.detail, self.line, self.position = detail, line, position
        super().__init__(f"{detail}\n{self.pointed()}")

    def pointed(self) -> str:
        """Returns the line, or the part of it around the position, and below it a caret."""
        first = max(0, self.position - SHOWN // 2)
        shown = "".join(sign if sign.isprintable() else " " for sign in self.line[first : first + SHOWN])
        return f"{shown}\n{' ' * sum(_columns(sign) for sign in shown[: self.position - first])}^"


class Part(NamedTuple):
    """A stretch of the line: its characters as text (`signs`), and as what they may mean (`shape`).

    Both have the same length; where a sign was escaped, the shape has a NUL. `places` are the signs' positions in the
    line, and one more for the end.
    """

    shape: str
    signs: str
    places: tuple[int, ...]

    def cut(self, start: int, end: int) -> Part:
        """Returns the signs from `start` until before `end`."""
        return Part(self.shape[start:end], self.signs[start:end], self.places[start : end + 1])


def read(line: str) -> Part:
    """Resolves the backslashes of a line."""
    shape, signs, places = "", "", []
    for found in re.finditer(rf"(\\*)([{re.escape(SPECIAL)}])|(.)", line, re.DOTALL):
        run, special, other = found.groups()
        if other is not None:
            shape, signs = shape + other, signs + other
            places.append(found.start())
            continue
        kept = "\\" * (len(run) // 2)
        shape += kept + ("\0" if len(run) % 2 else special)
        signs += kept + special
        places += [found.start() + 2 * place for place in range(len(kept))] + [found.end() - 1]
    return Part(shape, signs, (*places, len(line)))


def pieces(whole: Part) -> Iterator[tuple[str, Part, str]]:
    """Yields the parts between bars, each with the bar before it and the one after it (empty at the ends)."""
    start, before = 0, ""
    for bar in re.finditer(r"\|\|?", whole.shape):
        yield before, whole.cut(start, bar.start()), bar.group()
        start, before = bar.end(), bar.group()
    yield before, whole.cut(start, len(whole.shape)), ""


def escaped(text: str, special: str) -> str:
    """Returns a text with a backslash before each of the special characters; `read` gives it back."""
    return re.sub(rf"(\\*)([{re.escape(special)}])", lambda found: found[1] * 2 + "\\" + found[2], text)


def refuse(detail: str, line: str, part: Part, place: int) -> NoReturn:
    """Raises PromptError at a place of a part, or at the first character there that is not blank."""
    blank = len(part.shape[place:]) - len(part.shape[place:].lstrip())
    raise PromptError(detail, line, part.places[min(place + blank, len(part.shape))])


def _columns(sign: str) -> int:
    """How many columns a terminal gives a character."""
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
