"""Hands: what writing looks like, from stroke fonts and script fonts that the training machine has installed.

Nothing of a font is kept but what the network learns.  Stroke fonts are Hershey's (package Hershey-Fonts); script fonts
are the hand-like ones among the system's, found by their file names.  A few of each are held back for the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

STROKE_FACES = ("futural", "futuram", "rowmans", "rowmant", "scripts", "scriptc", "timesr", "timesi")
HELD_BACK_STROKE_FACES = ("cursive", "rowmand")
SCRIPT_FACES = (
    "BecauseWeBuild-Regular", "BecauseWeConnect-Regular", "BecauseWeCreate-Regular", "BecauseWeLearn-Regular",
    "BecauseWeMentor-Regular", "BecauseWeOrganize-Regular", "Beteckna", "BetecknaGS-Italic", "CabinSketch-Regular",
    "ComicNeue-Bold", "ComicNeue-Italic", "ComicNeue-Light", "ComicNeue-Regular", "Comfortaa-Light", "Comfortaa-Bold",
    "DancingScript-Bold", "DancingScript-Regular", "Delphine", "DejaVuSans", "Ecolier-court", "Isabella",
    "KaushanScript-Regular", "LeckerliOne-Regular", "lobster", "Rufscript010", "TomsonTalks", "dkgBI", "dkgBd", "dkgIt",
    "summersby",
)  # fmt: skip
HELD_BACK_SCRIPT_FACES = ("Breip", "femkeklaver", "Humor-Sans", "Kristi", "SteveHand", "KleeOne-Regular")
PACKAGES = (
    "fonts-beteckna fonts-breip fonts-bwht fonts-cabinsketch fonts-comfortaa fonts-comic-neue fonts-dancingscript "
    "fonts-dejavu-core fonts-dkg-handwriting fonts-ecolier-court fonts-femkeklaver fonts-humor-sans fonts-isabella "
    "fonts-kaushanscript fonts-klee fonts-kristi fonts-leckerli-one fonts-lobster fonts-rufscript fonts-sjfonts "
    "fonts-summersby fonts-tomsontalks"
)
LETTER = 40  # px, the height at which a script font's line is set before it is scaled

Line = list[tuple[float, float]]


@dataclass(frozen=True)
class Manner:
    """How a line is written: height of a capital and width of the pen in px, angle in degrees, slant and jitter."""

    height: float
    pen: int
    angle: float
    slant: float
    jitter: float


class StrokeHand:
    """Writes with a pen along the strokes of a Hershey face."""

    def __init__(self, face: str) -> None:
        from HersheyFonts import HersheyFonts

        self.name = face
        self._font: Any = HersheyFonts()
        self._font.load_default_font(face)
        self._glyph = lru_cache(maxsize=256)(self._read)

    def _read(self, letter: str) -> tuple[tuple[Line, ...], float]:
        self._font.normalize_rendering(21)
        # The faces count y upwards, pictures downwards.
        strokes = tuple([(float(x), -float(y)) for x, y in stroke] for stroke in self._font.strokes_for_text(letter))
        width = max((x for stroke in strokes for x, _ in stroke), default=8.0)
        return strokes, width + 5

    def strokes(self, text: str, manner: Manner, rng: np.random.Generator) -> list[np.ndarray]:
        """Return the strokes of a line, each (n, 2) in px, turned and shaken as a hand would."""
        out, x, apart = [], 0.0, rng.uniform(-1, 5) if manner.jitter else 0.0
        for letter in text:
            glyph, width = self._glyph(letter)
            rise, grown = rng.normal(0, manner.jitter * 2), math.exp(rng.normal(0, manner.jitter * 0.12))
            for stroke in glyph:
                points = np.array(stroke) * grown + (x, rise)
                out.append(points + rng.normal(0, manner.jitter * 0.5, points.shape))
            x += width * grown + apart + rng.normal(0, manner.jitter)
        turn = math.radians(manner.angle)
        cos, sin = math.cos(turn), math.sin(turn)
        scale = manner.height / 16
        matrix = np.array([[cos, sin], [manner.slant * cos - sin, manner.slant * sin + cos]]) * scale
        return [points @ matrix for points in out]

    def write(self, text: str, manner: Manner, rng: np.random.Generator) -> Image.Image:
        """Return a line of writing as a tight stencil "L", 255 where ink is."""
        strokes = self.strokes(text, manner, rng)
        points = np.concatenate(strokes) if strokes else np.zeros((1, 2))
        low = points.min(0) - manner.pen
        wide, high = (int(v) for v in np.ceil(points.max(0) + manner.pen - low) + 1)
        stencil = Image.new("L", (wide, high))
        draw = ImageDraw.Draw(stencil)
        for stroke in strokes:
            draw_stroke(draw, stroke - low, manner.pen)
        return stencil


class ScriptHand:
    """Writes in a script font."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self._font = ImageFont.truetype(str(path), LETTER)
        left, top, right, bottom = self._font.getbbox("HAnd")
        self._high = max(1.0, (bottom - top) * 0.95)
        self._space = right - left

    def write(self, text: str, manner: Manner, rng: np.random.Generator) -> Image.Image:
        """Return a line of writing as a tight stencil "L", 255 where ink is."""
        left, top, right, bottom = self._font.getbbox(text)
        pad = LETTER // 3
        wide, high = int(right - left) + 2 * pad, int(bottom - top) + 2 * pad
        sheet = Image.new("L", (wide, high))
        ImageDraw.Draw(sheet).text((pad - left, pad - top), text, fill=255, font=self._font)
        scale = manner.height / self._high
        sheet = sheet.transform(
            (max(2, round(wide * scale)), max(2, round(high * scale))),
            Image.Transform.AFFINE,
            (1 / scale, manner.slant / scale, -manner.slant * high / 2, 0, 1 / scale, 0),
            Image.Resampling.BILINEAR,
        )
        if manner.pen >= 4 and rng.random() < 0.5:
            sheet = sheet.filter(ImageFilter.MaxFilter(3))
        if manner.angle:
            sheet = sheet.rotate(-manner.angle, Image.Resampling.BILINEAR, expand=True)
        sheet = sheet.point(lambda value: 255 if value > 90 else 0)
        return sheet.crop(sheet.getbbox() or (0, 0, 2, 2))


Hand = StrokeHand | ScriptHand


def find(folders: Sequence[Path], held_back: bool) -> list[Hand]:
    """Return the hands of one half of the split; raises FileNotFoundError, with what to install, where fonts lack."""
    faces = HELD_BACK_SCRIPT_FACES if held_back else SCRIPT_FACES
    files = {path.stem: path for folder in folders for path in sorted(folder.rglob("*.[ot]tf"))}
    missing = [face for face in faces if face not in files]
    if missing:
        raise FileNotFoundError(
            f"no font {', '.join(missing)}: install the Debian packages {PACKAGES}, or give --fonts a folder with them"
        )
    strokes = HELD_BACK_STROKE_FACES if held_back else STROKE_FACES
    return [*(StrokeHand(face) for face in strokes), *(ScriptHand(files[face]) for face in faces)]


def choose(hands: Sequence[Hand], rng: np.random.Generator) -> Hand:
    """Return a hand by lot, half of the time one with a pen: most who write into a drawing write that way."""
    pens: list[Hand] = [hand for hand in hands if isinstance(hand, StrokeHand)]
    others: list[Hand] = [hand for hand in hands if not isinstance(hand, StrokeHand)]
    some = (pens if rng.random() < 0.5 else others) or list(hands)
    return some[int(rng.integers(len(some)))]


def draw_stroke(draw: ImageDraw.ImageDraw, points: np.ndarray, pen: int, ink: int = 255) -> None:
    """Draw a polyline (n, 2) in px with round ends."""
    path = [(float(x), float(y)) for x, y in points]
    if len(path) > 1:
        draw.line(path, fill=ink, width=pen, joint="curve" if pen > 3 else None)
    if pen > 2:
        half = pen / 2
        for x, y in (path[0], path[-1]):
            draw.ellipse([x - half, y - half, x + half, y + half], fill=ink)


def pasted(sheet: Image.Image, stencil: Image.Image, left: int, top: int, ink: int = 255) -> None:
    """Lay a stencil's ink on a sheet at a place; what hangs over the edge is cut."""
    sheet.paste(ink, (left, top, left + stencil.width, top + stencil.height), stencil)
