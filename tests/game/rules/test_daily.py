"""The prompt of the day, and who comes back for it."""

from datetime import UTC, datetime, timedelta

import pytest

from game.extensions import db
from game.models import PromptDay
from game.rules import daily, prompts
from game.tables import now
from tests.game.rules.rows import hang

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_day_has_one_prompt_for_everybody(context):
    for text in ("a red cat", "a red dog", "a red fish"):
        prompts.add(text)
    first = daily.today(NOON)
    assert first.day == "2026-11-21"
    assert {daily.today(NOON + timedelta(hours=h)).prompt.id for h in (-12, -1, 3, 11)} == {first.prompt.id}


def test_the_next_days_have_other_prompts_until_all_had_their_turn(context):
    ids = {prompts.add(text).id for text in ("a red cat", "a red dog", "a red fish")}
    assert {daily.today(NOON + timedelta(days=d)).prompt.id for d in range(3)} == ids
    assert daily.today(NOON + timedelta(days=3)).prompt.id in ids


def test_a_prompt_that_closes_on_the_day_is_no_prompt_of_the_day_while_there_is_another(context):
    lasting = prompts.add("a red dog")
    for i in range(5):
        prompts.add(f"{i} red cats", closes_at=now() + timedelta(minutes=1 + i))
    assert daily.today().prompt.id == lasting.id


def test_without_an_open_prompt_there_is_none_and_none_is_written_down(context):
    assert daily.today(NOON) is None
    prompts.add("a red cat")
    assert daily.today(NOON) is not None


@pytest.mark.parametrize(
    ("days", "current", "longest", "today"),
    [
        ([], 0, 0, False),
        ([21], 1, 1, True),
        ([19, 20], 2, 2, False),
        ([18, 19], 0, 2, False),
        ([10, 11, 12, 20, 21], 2, 3, True),
    ],
)
def test_a_streak_runs_until_a_whole_day_is_missed(days, current, longest, today):
    found = daily.streak_of([f"2026-11-{day}" for day in days], NOON)
    assert (found.current, found.longest, found.today) == (current, longest, today)


def test_a_streak_goes_over_the_end_of_a_month():
    assert daily.streak_of(["2026-10-31", "2026-11-01"], datetime(2026, 11, 1, tzinfo=UTC)).current == 2


def played(prompt, day):
    """Makes the prompt the day's of a day of November."""
    starts = datetime(2026, 11, day, tzinfo=UTC)
    ends = starts + timedelta(days=1)
    db.session.add(PromptDay(day=f"2026-11-{day}", prompt_id=prompt.id, starts_at=starts, ends_at=ends))
    db.session.commit()


def test_only_the_days_own_prompt_drawn_on_that_day_counts(context, ann, bob, machine):
    cat, dog = prompts.add("a red cat"), prompts.add("a red dog")
    played(cat, 20)
    played(dog, 21)
    before, after = NOON - timedelta(days=1), NOON + timedelta(minutes=5)
    for player, prompt, at, state in (
        (ann, cat, before, "visible"),
        (ann, cat, before, "visible"),  # twice is once
        (ann, dog, after, "held"),
        (bob, cat, after, "visible"),  # too late
        (bob, dog, before, "visible"),  # too early
        (bob, dog, after, "hidden"),
        (machine, dog, after, "visible"),
    ):
        hang(prompt, player, 0.1, created_at=at, state=state)
    assert daily.streak(ann.id, after) == daily.Streak(2, 2, True, ["2026-11-20", "2026-11-21"])
    assert daily.streak(bob.id, after) == daily.Streak(0, 0, False, [])
    assert [(runner.player["name"], runner.current) for runner in daily.longest_streaks(after)] == [("Ann", 2)]


def test_days_are_listed_the_latest_first_without_today(context):
    for i in range(3):
        prompts.add(f"{i} red cats")
    for back in (0, 1, 2):
        daily.today(now() - timedelta(days=back))
    first = daily.listing(None, 1)
    rest = daily.listing(first.next, 5)
    days = [day.day for day in first.items + rest.items]
    assert days == [(now() - timedelta(days=back)).date().isoformat() for back in (1, 2)]
    assert rest.next is None
