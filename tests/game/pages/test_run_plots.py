"""Where a run's curves stand."""

import pytest

from game.pages import run_plots


def test_a_line_needs_two_points() -> None:
    assert run_plots.curves({"guide": [(0, 0.1)], "judge": []}, 300) is None


def test_lines_stand_on_one_scale_and_rise_with_their_values() -> None:
    plot = run_plots.curves({"guide": [(0, 0.1), (50, 0.2), (100, 0.3)], "judge": [(0, 0.0), (100, 0.4)]}, 200)
    assert plot is not None
    guide, judge = plot.lines
    ys = [float(point.split(",")[1]) for point in guide.points.split()]
    assert ys == sorted(ys, reverse=True)
    assert guide.x == judge.x == pytest.approx(plot.width / 2)
    assert judge.y < guide.y, "the higher value stands higher"
    assert (guide.whose, guide.first, guide.last) == ("guide", 0.1, 0.3)


def test_a_long_line_is_thinned_and_keeps_its_end() -> None:
    points = [(step, step / 1e4) for step in range(5001)]
    few = run_plots.thinned(points)
    assert len(few) <= run_plots.MOST + 1
    assert (few[0], few[-1]) == (points[0], points[-1])
