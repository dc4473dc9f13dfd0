"""Doodles made for the tests: `drawing("cat")` is a drawing in the format of the API, as a player would send it.

Every word is one of the 345 that Quick, Draw! asks for, so the embedded judge knows it.
"""

from typing import Any

from tests.doodles import animals, food, outdoors, scenes, things, travel
from tests.doodles.sheet import Sheet

DOODLES = {
    function.__name__.replace("_", " ").replace("t shirt", "t-shirt"): function
    for module in (animals, food, outdoors, things, travel)
    for function in module.DOODLES
}
WORDS = sorted(DOODLES)


def drawing(word: str) -> dict[str, Any]:
    """The doodle of a word, or the scene of a prompt, as a drawing of format 1; KeyError where there is none."""
    sheet = Sheet()
    {**DOODLES, **scenes.SCENES}[word](sheet)
    return sheet.drawing()
