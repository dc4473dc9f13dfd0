"""Share cards: the picture that other sites show beside a link to an entry. Prompt, picture, rank, in the game's look.

Everything is drawn at twice the size and made smaller in the end, which smooths all edges. A card says the rank as it
was when the card was made; another rank is another card.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import cos, pi, sin

from PIL import Image, ImageDraw

from game import derived, storage
from game.models import Entry
from game.rules import lettering
from game.rules.views import EntryView

EDITION = 1  # goes up when cards look different
SHELF = "cards"
WIDE, HIGH = 1200, 630  # px, what Open Graph asks for
FINE = 2  # px drawn for each px of the card
PAPER, INK, SOFT, MAT, SHADE = "#faf5ea", "#26211c", "#625a4f", "#ffffff", "#e4dac6"
PEOPLE, MACHINES, JUDGE, JUDGE_INK = "#f0694c", "#474bc2", "#f8c92e", "#2a2100"
HUNG, MARGIN, BORDER = 470, 60, 18  # the picture with its mat, the card's margin, the mat
TEXT_X = MARGIN + HUNG + 50
TEXT_WIDE = WIDE - TEXT_X - MARGIN
STAMP = 250
TILT = 7  # degrees
Spot = tuple[float, float]


@dataclass(frozen=True)
class Facts:
    """What stands on a card; `rank` None: it does not hang. `fit` is the percentile in words."""

    prompt: str
    kind: str
    name: str
    rank: int | None
    of: int
    fit: str


def facts(entry: EntryView, fit: str) -> Facts:
    """Return what a card says of an entry whose percentile reads `fit`."""
    return Facts(entry.prompt_text, entry.kind, entry.player["name"] or "", entry.rank, entry.of, fit)


def called(entry: Entry, told: Facts) -> str:
    """Return the name of the card that says these facts of an entry."""
    return derived.name([EDITION, lettering.DISPLAY.exists(), entry.picture, *astuple(told)], ".png")


def card(entry: Entry, told: Facts) -> bytes:
    """Return the card, a PNG of WIDE by HIGH px, made at the first call and then kept."""
    return derived.kept(SHELF, called(entry, told), lambda: storage.png(drawn(storage.picture(entry.picture), told)))


def drawn(picture: Image.Image, told: Facts) -> Image.Image:
    """Return the card of a picture as an RGB image of WIDE by HIGH px."""
    sheet = _Sheet()
    sheet.hang(picture, MACHINES if told.kind == "ai" else PEOPLE)
    sheet.side(told)
    low = HIGH - MARGIN - (STAMP if told.rank else 60)
    block = lettering.fitted(told.prompt, TEXT_WIDE * FINE, (low - 118) * FINE, 92 * FINE, 26 * FINE)
    sheet.lines(block, 112)
    if told.rank:
        sheet.stamp(told.rank, told.of)
    sheet.fit(told.fit, narrow=STAMP if told.rank else 0)
    return sheet.finished()


class _Sheet:
    """A card under the pen; places and sizes are px of the finished card."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDE * FINE, HIGH * FINE), PAPER)
        self._pen = ImageDraw.Draw(self._image)

    def hang(self, picture: Image.Image, colour: str) -> None:
        """Hang a picture with its mat, a shadow, and the line of its side below."""
        top = (HIGH - HUNG) / 2 - 12
        self._box(MARGIN + 6, top + 9, HUNG, HUNG, SHADE)
        self._box(MARGIN, top, HUNG, HUNG, MAT)
        inner = round((HUNG - 2 * BORDER) * FINE)
        corner = (round((MARGIN + BORDER) * FINE), round((top + BORDER) * FINE))
        self._image.paste(picture.resize((inner, inner), Image.Resampling.LANCZOS), corner)
        self._wave((MARGIN, top + HUNG + 24), HUNG, 9, colour)

    def side(self, told: Facts) -> None:
        """Say who made it: a blob and a person, or a square and a machine."""
        x, y = TEXT_X, 78.0
        if told.kind == "ai":
            self._box(x, y, 22, 22, MACHINES)
        else:
            self._pen.polygon(_fine(_blob((x + 11, y + 11), 12, 0.06)), PEOPLE)
        words = f"{told.name or 'Somebody'} {'painted' if told.kind == 'ai' else 'drew'}"
        block = lettering.fitted(words, (TEXT_WIDE - 34) * FINE, 32 * FINE, 26 * FINE, 18 * FINE)
        self._pen.text(((x + 34) * FINE, (y - 4) * FINE), block.lines[0], SOFT, lettering.face(block.size))

    def lines(self, block: lettering.Block, top: float) -> None:
        """Write lines that were fitted at the drawn size."""
        for number, line in enumerate(block.lines):
            y = top * FINE + number * block.size * lettering.LEADING
            self._pen.text((TEXT_X * FINE, y), line, INK, lettering.face(block.size))

    def stamp(self, rank: int, of: int) -> None:
        """Land the judge's stamp on the lower right: rank X of Y, a little askew."""
        side = STAMP * FINE
        seal = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        pen, middle = ImageDraw.Draw(seal), (side / 2, side / 2)
        for share, colour in ((0.49, JUDGE_INK), (0.47, JUDGE), (0.425, JUDGE_INK), (0.418, JUDGE)):
            pen.polygon(_blob(middle, side * share, 0.012), colour)
        number = f"{rank:,}"
        size = round(side * 0.36)
        while lettering.width(number, size) > side * 0.7:
            size -= 4
        for words, height, tall in (("rank", 0.24, 0.11), (number, 0.5, size / side), (f"of {of:,}", 0.76, 0.11)):
            at = (side / 2, side * height)
            pen.text(at, words, JUDGE_INK, lettering.face(round(side * tall)), anchor="mm")
        seal = seal.rotate(TILT, Image.Resampling.BICUBIC)
        at = (round((WIDE - 40 - STAMP) * FINE), round((HIGH - 34 - STAMP) * FINE))
        self._image.paste(seal, at, seal)

    def fit(self, words: str, narrow: float) -> None:
        """Write how well it fits, and the game's name below."""
        across = round((TEXT_WIDE - narrow) * FINE)
        block = lettering.fitted(f"fits better than {words} drawings", across, 90 * FINE, 27 * FINE, 16 * FINE)
        low = HIGH - MARGIN - 60
        for number, line in enumerate(reversed(block.lines)):
            y = low * FINE - (number + 1) * block.size * lettering.LEADING
            self._pen.text((TEXT_X * FINE, y), line, SOFT, lettering.face(block.size))
        x = float(TEXT_X)
        for part, colour in (("Paint", PEOPLE), ("-", INK), ("O", JUDGE), ("ff", MACHINES)):
            self._text((x, low + 14), part, 40, colour)
            x += lettering.width(part, 40 * FINE) / FINE

    def finished(self) -> Image.Image:
        """The card at its own size."""
        return self._image.reduce(FINE)

    def _text(self, at: Spot, words: str, size: int, colour: str) -> None:
        self._pen.text((at[0] * FINE, at[1] * FINE), words, colour, lettering.face(size * FINE))

    def _box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        self._pen.rectangle((x * FINE, y * FINE, (x + wide) * FINE - 1, (y + high) * FINE - 1), colour)

    def _wave(self, at: Spot, long: float, thick: float, colour: str) -> None:
        """A line as drawn by a hand: it sways a little and is not equally thick."""
        steps = [long * i / 60 for i in range(61)]
        upper = [(at[0] + x, at[1] + 1.6 * sin(x / 47)) for x in steps]
        lower = [(x, y + thick * (0.8 + 0.2 * cos(x / 31))) for x, y in reversed(upper)]
        self._pen.polygon(_fine([*upper, *lower]), colour)


def _blob(middle: Spot, radius: float, wobble: float) -> list[Spot]:
    """A circle as drawn by a hand."""
    found = []
    for i in range(120):
        turn = 2 * pi * i / 120
        reach = radius * (1 - wobble + wobble * sin(3 * turn + 0.7) * cos(2 * turn))
        found.append((middle[0] + reach * cos(turn), middle[1] + reach * sin(turn)))
    return found


def _fine(points: list[Spot]) -> list[Spot]:
    return [(x * FINE, y * FINE) for x, y in points]
