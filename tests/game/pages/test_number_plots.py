"""Where the marks of the numbers page stand, and what it says."""

import pytest

from game.pages import number_plots, number_words
from game.pages.number_plots import Given
from game.rules.climbs import Climb
from game.rules.contests import Contest, PromptDuel
from game.rules.elections import Election
from game.rules.recipes import Option


def contest(gap: float | None, low: float | None = None, high: float | None = None, prompts: int = 9) -> Contest:
    return Contest("main", "j", "with", prompts, 9, 9, 0.3, 0.3, 0.3, gap, low, high, 40.0, 50.0, 10.0)


def option(name: str, ahead: float | None, low: float | None = None) -> Option:
    return Option("prior", name, 4, 3, 0.3, 80.0, ahead, low, None if low is None else 0.2, 6 if ahead else 0)


def test_leads_stand_on_their_side_of_zero() -> None:
    plot = number_plots.leads([Given("a", 0.1, 0.05, 0.2), Given("b", -0.1, None, None), Given("c", None, None, None)])
    assert plot is not None
    zero = plot.axis.zero
    assert zero == pytest.approx(50)
    a, b, c = plot.rows
    assert a.low is not None
    assert zero < a.low < a.at < a.high
    assert b.at < zero
    assert (a.sign, b.sign, c.at) == (1, 0, None)
    assert plot.height > c.y
    assert number_plots.leads([Given("c", None, None, None)]) is None


def test_pairs_stand_by_similarity_within_the_plot() -> None:
    duels = [
        PromptDuel(str(i), "x" * 90, 3, 2, 0.2 + i / 100, 0.3, 0.2, 0.3, 0.1, 0.01, "ai")
        for i in range(number_plots.SHOWN + 3)
    ]
    plot = number_plots.pairs(duels)
    assert plot is not None
    assert (len(plot.rows), plot.left_out) == (number_plots.SHOWN, 3)
    assert all(0 < row.human <= 100 and 0 < row.ai <= 100 for row in plot.rows)
    assert plot.rows[0].human < plot.rows[1].human < plot.rows[1].ai
    assert len(plot.rows[0].label) == number_plots.LONGEST
    assert number_plots.pairs([]) is None


def test_climbs_rise_and_their_steps_are_logarithmic() -> None:
    some = [Climb("strokes", "g", step, 3, value, None, None) for step, value in ((1, 0.1), (10, 0.2), (100, 0.3))]
    plot = number_plots.climbs([*some, Climb("siren", "g", 1, 1, 0.2, None, None)])
    assert plot is not None
    [line] = plot.lines
    xs, ys = [point.x for point in line.points], [point.y for point in line.points]
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.02)
    assert ys == sorted(ys, reverse=True)
    assert [step for _, step in plot.steps] == [1, 10, 100]
    assert number_plots.climbs(some[:1]) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (contest(None, prompts=0), "Nobody knows yet"),
        (contest(0.1, prompts=2), "Machines are ahead by 0.100 on 2 prompts, which is too few"),
        (contest(0.1, 0.05, 0.2), "Machines. Their best beats"),
        (contest(-0.1, -0.2, -0.05), "People. Their best beats the best machine by 0.100"),
        (contest(0.1, -0.1, 0.2), "Too close to call"),
    ],
)
def test_who_wins_is_said_only_if_the_interval_allows_it(found: Contest, said: str) -> None:
    assert number_words.contest(found, 5).startswith(said)


def test_votes_are_told_the_same_way() -> None:
    def told(low: float | None, high: float | None, prompts: int = 6) -> str:
        return number_words.election(Election("pairs", prompts, 9, 0.1, low, high, 0.0, 100.0, 0.0))

    assert "prefer the machines" in told(0.1, 0.2)
    assert "prefer people" in told(-0.2, -0.1)
    assert "cannot decide" in told(-0.1, 0.1)
    assert "too few" in told(None, None)
    assert "not voted enough" in told(None, None, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "No machine has"),
        ([option("strokes", None)], "Only one has been tried: strokes"),
        ([option("strokes", None), option("siren", None)], "No prompt has seen two"),
        ([option("siren", 0.1), option("strokes", -0.1)], "siren, perhaps"),
        ([option("siren", 0.1, 0.05), option("strokes", -0.1)], "siren: ahead of the others by 0.100"),
        ([option("siren", 0.1, -0.05), option("strokes", -0.1)], "Too close to call: siren leads"),
    ],
)
def test_the_best_is_named_only_if_it_is_clear(options: list[Option], said: str) -> None:
    assert number_words.best(options).startswith(said)


def test_growth_is_told_by_its_half() -> None:
    some = [Climb("strokes", "g", s, 3, v, None, None) for s, v in ((1, 0.1), (50, 0.25), (100, 0.3))]
    assert number_words.climbing(some) == "From 0.100 at step 1 to 0.300 at 100, for strokes; 75 % of that by step 50."


def test_values_are_shown_in_their_columns_way() -> None:
    assert number_words.shown(None, "cosine") == "–"
    assert number_words.shown(-0.0614, "signed") == "\N{MINUS SIGN}0.061"
    assert number_words.shown(0.0614, "signed") == "+0.061"
    assert number_words.shown(42.4, "share") == "42 %"
    assert number_words.shown("second", "judge") == "the second judge"
