"""Where bars, needles and curves stand."""

import pytest

from game.pages import plots

EDGES, COUNTS = [0.0, 0.1, 0.2, 0.3, 0.4], [1, 4, 4, 1]


def test_the_needle_stands_between_the_bars_it_divides() -> None:
    plot = plots.needle(EDGES, COUNTS, 0.2)
    below = [bar for bar in plot.bars if bar.below]
    assert len(below) == 2
    assert max(bar.x + bar.width for bar in below) <= plot.needle <= min(bar.x for bar in plot.bars if not bar.below)


@pytest.mark.parametrize("similarity", [-0.6, 0.9])
def test_the_axis_grows_to_hold_a_needle_off_the_background(similarity: float) -> None:
    plot = plots.needle(EDGES, COUNTS, similarity)
    assert 0 < plot.needle < plot.width
    assert plot.low < similarity < plot.high


def test_bars_stand_on_the_axis_and_keep_their_proportion() -> None:
    plot = plots.needle(EDGES, COUNTS, 0.2)
    assert {bar.y + bar.height for bar in plot.bars} == {plot.height}
    assert plot.bars[1].height == pytest.approx(4 * plot.bars[0].height, rel=0.02)


def test_a_background_of_one_value_is_drawn_too() -> None:
    assert plots.needle([0.2, 0.2], [7], 0.2).total == 7
