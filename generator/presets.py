"""Styles by name: phrases that steer a picture's manner, for the prompt line (`{oil}`) and the setting `style`."""

from __future__ import annotations

import difflib
import re

PRESETS = {
    "oil": "in the style of an oil painting with thick brush strokes",
    "watercolour": "in the style of a watercolour with soft washes on white paper",
    "gouache": "in the style of a gouache painting in flat opaque colours",
    "ink": "in the style of a brush drawing in black ink on white paper",
    "pencil": "in the style of a pencil sketch with fine hatching",
    "crayon": "in the style of a child's drawing in wax crayon",
    "pastel": "in the style of a soft chalk pastel",
    "one line": "drawn with one thin unbroken line on white paper",
    "woodcut": "in the style of a woodcut with bold black lines",
    "ukiyo-e": "in the style of a Japanese woodblock print",
    "comic": "in the style of a comic with black outlines and flat colours",
    "poster": "in the style of a screen-printed poster in few colours",
    "impressionist": "in the style of an impressionist painting full of light",
    "cubist": "in the style of a cubist painting of broken planes",
    "art deco": "in the style of art deco with gold lines and clean curves",
    "stained glass": "in the style of a stained glass window with dark lead lines",
    "mosaic": "in the style of a mosaic of small coloured stones",
    "paper": "in the style of a collage of cut coloured paper",
    "pixel art": "in the style of pixel art from an early video game",
    "low poly": "in the style of low poly art made of flat triangles",
    "icon": "as a simple flat icon on a white background",
    "clay": "as a clay figure photographed in a studio",
    "unreal": "rendered with unreal engine in soft cinematic light",
    "photo": "as a sharp photograph taken in daylight",
}


def key(name: str) -> str:
    """Returns a preset's name as PRESETS has it: capitals, blanks, hyphens and underscores make no difference."""
    plain = _plain(name)
    return next((known for known in PRESETS if _plain(known) == plain), plain)


def near(name: str) -> list[str]:
    """Returns up to three names of presets that are spelt alike, or else all of them."""
    return difflib.get_close_matches(key(name), PRESETS, 3, 0.5) or list(PRESETS)


def with_style(text: str, phrase: str) -> str:
    """Returns a text with a style's phrase after it: `a cat` becomes `a cat, in the style of ...`."""
    return f"{text.rstrip(' ,.')}, {phrase}"


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()
