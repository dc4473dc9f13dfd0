"""The doodles are drawings that a player could have sent."""

import numpy as np
import pytest

from game.rules import drawing, raster
from tests import doodles

WHITE = 255


def test_there_are_a_few_dozen():
    assert len(doodles.WORDS) >= 36


@pytest.mark.parametrize("word", [*doodles.WORDS, *doodles.scenes.SCENES])
def test_a_doodle_is_a_drawing_on_its_sheet(word):
    picture = raster.picture(drawing.parse(doodles.drawing(word)))
    pixels = np.asarray(picture)
    assert (pixels[[0, 0, -1, -1], [0, -1, 0, -1]] == WHITE).all(), "a fill has run out of its line"
    assert 0.01 < (pixels != WHITE).any(axis=2).mean() < 0.6


def test_no_two_doodles_are_the_same():
    assert len({str(doodles.drawing(word)["ops"]) for word in doodles.WORDS}) == len(doodles.WORDS)
