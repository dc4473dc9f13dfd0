"""Moderation: reports, decisions, and the log of both."""

import pytest

from game.rules import moderation, players, prompts
from game.rules.refusals import Invalid, Missing


@pytest.fixture
def admin(context):
    """An administrator."""
    return players.by_token(players.admin_token())


def test_a_report_waits_for_a_decision(context, red_cat, ann, bob, admin, enter):
    entry = enter(red_cat, ann)
    moderation.report(entry.id, "  not   a cat ", bob)
    (waiting,) = moderation.reports(None, 9).items
    assert (waiting.reason, waiting.entry.id) == ("not a cat", entry.id)
    moderation.decide(entry.id, "visible", "it is a cat", admin)
    assert moderation.reports(None, 9).items == []


def test_a_player_reports_an_entry_once(context, red_cat, ann, bob, enter):
    entry = enter(red_cat, ann)
    for reason in ("rude", "still rude"):
        moderation.report(entry.id, reason, bob)
    moderation.report(entry.id, "rude", ann)
    assert sorted(found.reason for found in moderation.reports(None, 9).items) == ["rude", "rude"]


def test_a_report_needs_a_reason_and_an_entry(context, red_cat, ann, enter):
    entry = enter(red_cat, ann)
    for reason in ("", " ", "x" * 301):
        with pytest.raises(Invalid):
            moderation.report(entry.id, reason, ann)
    with pytest.raises(Missing):
        moderation.report("nobody", "rude", ann)


def test_every_decision_is_kept(context, red_cat, ann, admin, enter):
    entry = enter(red_cat, ann)
    assert moderation.decide(entry.id, "hidden", "rude", admin).state == "hidden"
    moderation.decide(entry.id, "held", "", None)
    told = [(found.before, found.state, found.reason, found.player_id) for found in moderation.decisions(entry.id)]
    assert told == [("visible", "hidden", "rude", admin.id), ("hidden", "held", "", None)]


def test_a_prompt_counts_what_hangs(context, red_cat, ann, admin, enter):
    entry = enter(red_cat, ann)
    enter(red_cat, ann, "blue")
    counts = []
    for state in ("hidden", "held", "visible"):
        moderation.decide(entry.id, state, "", admin)
        counts.append(prompts.get(red_cat.id).entries)
    assert counts == [1, 1, 2]


def test_there_are_three_states(context, red_cat, ann, admin, enter):
    entry = enter(red_cat, ann)
    with pytest.raises(Invalid):
        moderation.decide(entry.id, "burnt", "", admin)
    with pytest.raises(Missing):
        moderation.decide("nobody", "hidden", "", admin)
