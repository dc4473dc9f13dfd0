"""Strengths from votes, held against worlds in which the truth is known."""

import numpy as np
import pytest

from game.rules.arena_evidence import is_outlier, of_voters
from game.rules.arena_strengths import Ballots, fit, standing


def world(pictures, votes, voters, seed=0, odd=()):
    """Votes by voters who see true strengths with Bradley and Terry's noise; `odd` ones, by index, vote otherwise."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=pictures)
    first = rng.integers(0, pictures, votes)
    second = (first + rng.integers(1, pictures, votes)) % pictures
    voter = rng.integers(0, voters, votes)
    chance = 1 / (1 + np.exp(true[second] - true[first]))
    won = (rng.random(votes) < chance).astype(float)
    won[rng.random(votes) < 0.1] = 0.5
    for who, way in dict(odd).items():
        own = voter == who
        shape = {"coin": 0.5, "turned": 1 - chance[own], "left": 1.0}[way]
        won[own] = (rng.random(own.sum()) < shape).astype(float)
    return true, Ballots(pictures, first, second, voter, won, np.full(votes, 0.5))


def duel(*won, judged=0.5, voters=None):
    """Votes on one pair of pictures, each by a voter of its own unless told otherwise."""
    votes = len(won)
    who = np.arange(votes) if voters is None else np.array(voters)
    zero = np.zeros(votes, int)
    return Ballots(2, zero, zero + 1, who, np.array(won, float), np.full(votes, judged))


def stood(ballots):
    return standing(ballots, np.random.default_rng(1))


def test_true_strengths_are_found_and_lie_in_their_intervals():
    true, ballots = world(16, 900, 40)
    found = stood(ballots)
    assert np.corrcoef(found.strength, true)[0, 1] > 0.95
    inside = (found.low <= true - true.mean()) & (true - true.mean() <= found.high)
    assert inside.mean() >= 0.85
    assert found.votes.sum() == 2 * 900


def test_the_fit_is_where_expected_wins_equal_wins():
    """The equation that Bradley and Terry's likelihood, with the win and the loss from the beginning, is highest at."""
    _, ballots = world(6, 200, 9, seed=3)
    strength = fit(ballots, np.ones((200, 1)), np.ones((2, 6, 1)))[:, 0]
    for picture in range(6):
        as_first, as_second = ballots.first == picture, ballots.second == picture
        won = ballots.won[as_first].sum() + (1 - ballots.won[as_second]).sum() + 1
        others = np.concatenate([strength[ballots.second[as_first]], strength[ballots.first[as_second]], [0, 0]])
        assert won == pytest.approx((1 / (1 + np.exp(others - strength[picture]))).sum(), abs=0.3)


def test_few_votes_of_one_opinion_are_not_certain():
    few, many = stood(duel(1, 1)), stood(duel(*[1] * 60))
    assert few.strength[0] > 0 > few.low[0]
    assert many.low[0] > few.low[0]
    assert np.isfinite([*few.high, *many.high]).all()


def test_two_voters_of_two_minds_are_less_sure_than_many():
    two = stood(duel(*[1] * 40, *[0] * 40, voters=[0] * 40 + [1] * 40))
    many = stood(duel(*[1] * 40, *[0] * 40))
    assert two.strength == pytest.approx(many.strength)
    assert two.high[0] - two.low[0] > many.high[0] - many.low[0]


def test_ties_leave_both_where_they_were():
    found = stood(duel(*[0.5] * 12))
    assert found.strength == pytest.approx([0, 0], abs=1e-6)
    assert (found.low < 0).all()
    assert (found.high > 0).all()


def test_what_the_judge_loves_and_people_do_not_shows_with_its_uncertainty():
    loved, unsure, agreed = (stood(duel(*[0] * n, judged=wish)) for n, wish in ((30, 1.0), (2, 1.0), (30, 0.0)))
    assert (loved.judge_share[0], loved.people_share[0]) == (1, 0)
    assert loved.judge_over[0] > 0.5
    assert loved.people_over[0] < 0
    assert loved.people_over[1] > 0.5, "the other picture is the people's"
    assert unsure.judge_over[0] < loved.judge_over[0]
    assert agreed.judge_over[0] < 0


def test_no_votes_at_all_are_no_trouble():
    found = stood(duel(1, 0).of(np.zeros(2, bool)))
    assert found.votes.tolist() == [0, 0]


def dropped(ballots):
    return {voter for voter, found in enumerate(of_voters(ballots)) if is_outlier(found.votes, found.logs)}


def test_voters_who_do_not_look_are_dropped_and_honest_ones_are_kept():
    _, ballots = world(12, 2400, 40, odd={3: "turned", 7: "left"})
    assert dropped(ballots) == {3, 7}


def test_a_coin_is_told_from_a_voter_by_many_votes():
    _, ballots = world(12, 2400, 12, odd={5: "coin"})
    assert dropped(ballots) == {5}


@pytest.mark.parametrize("seed", range(4))
def test_honest_voters_are_hardly_ever_dropped(seed):
    _, ballots = world(10, 600, 30, seed)
    assert len(dropped(ballots)) <= 1


def test_nobody_is_dropped_for_fewer_than_five_votes():
    assert not is_outlier(4, (50.0, 50.0, 50.0, 50.0))
    assert is_outlier(5, (50.0, 50.0, 50.0, 50.0))
