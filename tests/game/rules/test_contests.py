"""People against machines, prompt by prompt: by the judges, with and without penalties, and by people's votes."""

import numpy as np
import pytest

from game.extensions import db
from game.judging import INJECTED_SECOND
from game.models import Rating, Vote
from game.rules import contests, elections, intervals, prompts
from tests.fakes import ColourJudge
from tests.game.rules.rows import hang


def crowd(prompt, ann, machine, people, machines, **more):
    """Hangs an entry of each similarity, by a person and by a machine."""
    for player, values in ((ann, people), (machine, machines)):
        for value in values:
            hang(prompt, player, value, **more)


def test_an_interval_holds_the_mean_and_narrows_with_more_numbers():
    rng = np.random.default_rng(0)
    few, many = (intervals.estimate(rng.normal(0.2, 1, size)) for size in (20, 2000))
    assert few.low < few.mean < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert many.high - many.low == pytest.approx(4 / np.sqrt(2000), rel=0.1)
    assert many.sign == 1
    assert intervals.estimate([-1.0, -2, -1, -2, -1]).sign == -1


def test_too_few_numbers_have_a_mean_but_no_interval():
    found = intervals.estimate([0.1, 0.3, 0.2])
    assert (found.mean, found.low, found.high, found.of) == (pytest.approx(0.2), None, None, 3)
    assert found.sign == 0
    assert intervals.estimate([]) == intervals.Estimate(None, None, None, 0)


def test_the_same_numbers_have_the_same_interval():
    assert intervals.estimate([1.0, 2, 3, 4, 5, 9]) == intervals.estimate([1.0, 2, 3, 4, 5, 9])


def test_only_prompts_with_enough_entries_of_both_sides_count(context, ann, machine):
    enough, few, alone = (prompts.add(text) for text in ("a red cat", "a red dog", "a red fish"))
    crowd(enough, ann, machine, [0.1, 0.5, 0.2, 0.3], [0.6])
    crowd(few, ann, machine, [0.1, 0.2, 0.3], [0.9])
    crowd(alone, ann, machine, [0.1, 0.2, 0.3, 0.4, 0.5], [])
    crowd(alone, ann, machine, [], [0.9], state="hidden")
    [duel] = contests.duels()
    assert (duel.prompt, duel.human_entries, duel.ai_entries) == ("a red cat", 4, 1)
    assert (duel.best_human, duel.best_ai, duel.gap, duel.winner) == (0.5, 0.6, pytest.approx(0.1), "ai")


def test_closer_than_the_judges_noise_is_a_tie_and_penalties_can_turn_a_duel(context, ann, machine):
    close, turned = prompts.add("a red cat"), prompts.add("a red dog")
    crowd(close, ann, machine, [0.5, 0.1, 0.1, 0.1], [0.505])
    crowd(turned, ann, machine, [0.4, 0.1, 0.1], [0.3])
    hang(turned, machine, 0.9, penalised=0.2)
    found = contests.duels()
    assert {duel.prompt: duel.winner for duel in found} == {"a red cat": "tie", "a red dog": "human"}
    fair, raw = (contests.contest("main", penalties, found) for penalties in ("with", "without"))
    assert (fair.best_human, fair.best_ai) == (pytest.approx(0.45), pytest.approx(0.4025))
    assert fair.best_overall == pytest.approx((0.505 + 0.4) / 2)
    assert raw.best_overall == pytest.approx((0.505 + 0.9) / 2)
    assert (fair.human_share, fair.ai_share, fair.tie_share) == (50, 0, 50)
    assert (raw.human_share, raw.ai_share, raw.tie_share) == (0, 50, 50)
    assert (fair.prompts, fair.gap_low) == (2, None), "two prompts are too few for an interval"


def test_the_gap_has_an_interval_over_prompts(context, ann, machine):
    for i in range(8):
        crowd(prompts.add(f"{i} red cats"), ann, machine, [0.2, 0.1, 0.1, 0.1], [0.3 + 0.01 * i])
    found = contests.contest("main", "with", contests.duels())
    assert found.gap == pytest.approx(0.135)
    assert 0.1 < found.gap_low < found.gap < found.gap_high < 0.17
    assert contests.gap_of(found).sign == 1


def test_the_second_judge_has_its_own_duels(context, ann, machine):
    context.extensions[INJECTED_SECOND] = ColourJudge("fake:second")
    prompt = prompts.add("a red cat")
    seen = {"second_judge": "fake:second", "second_noise": 0.01, "second_percentile": 50.0}
    for player, first, other in ((ann, 0.5, 0.1), (ann, 0.4, 0.2), (ann, 0, 0), (ann, 0, 0), (machine, 0.3, 0.6)):
        hang(prompt, player, first, second_similarity=other, second_penalised=other, **seen)
    assert [duel.winner for duel in contests.duels("main")] == ["human"]
    [duel] = contests.duels("second")
    assert (duel.best_human, duel.best_ai, duel.winner) == (0.2, 0.6, "ai")


def test_without_a_second_judge_there_are_no_duels_before_it(context):
    assert contests.duels("second") == []


def vote(player, prompt, left, right, winner):
    db.session.add(Vote(player_id=player.id, prompt_id=prompt.id, left_id=left.id, right_id=right.id,
                        pair=f"{left.id}:{right.id}", winner=winner))  # fmt: skip
    db.session.commit()


def test_votes_count_where_a_person_met_a_machine(context, ann, bob, machine):
    prompt = prompts.add("a red cat")
    own, other, painted = hang(prompt, ann, 0.1), hang(prompt, ann, 0.2), hang(prompt, machine, 0.9)
    vote(bob, prompt, own, painted, "left")
    vote(bob, prompt, painted, other, "right")
    vote(ann, prompt, painted, own, "left")
    vote(ann, prompt, other, painted, "tie")
    vote(bob, prompt, own, other, "left")  # nobody's
    pairs, best = elections.elections()
    assert (pairs.by, pairs.prompts, pairs.votes) == ("pairs", 1, 4)
    assert pairs.gap == pytest.approx(-0.25), "people won two, a machine one of four"
    assert (pairs.human_share, pairs.ai_share) == (100, 0)
    assert (best.prompts, best.gap, best.human_share) == (0, None, None)


def rate(entry, low, strength, high, enough=True):
    db.session.add(Rating(entry_id=entry.id, prompt_id=entry.prompt_id, kind=entry.kind, votes=9, enough=enough,
                          strength=strength, low=low, high=high, judge_share=0.5, people_share=0.5, judge_over=0.0,
                          people_over=0.0))  # fmt: skip
    db.session.commit()


def test_the_best_by_votes_meet_if_they_have_votes_enough(context, ann, machine):
    for i, text in enumerate(("a red cat", "a red dog")):
        prompt = prompts.add(text)
        rate(hang(prompt, ann, 0.1), 0.8, 1.0, 1.2)
        rate(hang(prompt, ann, 0.1), -3.0, 2.0, 7.0)  # nobody knows yet: the lower bound counts
        rate(hang(prompt, machine, 0.1), 1.9 - i, 2.1 - i, 2.3 - i)
        rate(hang(prompt, machine, 0.1), 5.0, 6.0, 7.0, enough=False)
    best = elections.elections()[1]
    assert (best.prompts, best.gap) == (2, pytest.approx(0.6))
    assert (best.ai_share, best.tie_share) == (50, 50)
