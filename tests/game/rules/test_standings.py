"""The overall board, a machine's record, and numbers that are kept for a while."""

import threading
from datetime import timedelta

import pytest

from game.rules import attempts, keeping, numbers, standings
from game.rules.refusals import Invalid, Missing
from game.rules.standings import Mark
from tests.game.rules.rows import hang, run


def mark(prompt, player, score, noise=0.01):
    return Mark(prompt, player, "human", score, noise)


def test_points_are_the_part_of_the_others_that_ones_best_beats():
    found = {one.player_id: one for one in standings.tallies(
        [mark("cat", "ann", 0.9), mark("cat", "bob", 0.5), mark("cat", "cyd", 0.1), mark("dog", "bob", 0.4)]
    )}  # fmt: skip
    assert {name: one.points for name, one in found.items()} == {"ann": 1.0, "bob": 0.5, "cyd": 0.0}
    assert {name: one.rank for name, one in found.items()} == {"ann": 1, "bob": 2, "cyd": 3}
    assert {name: one.prompts for name, one in found.items()} == {"ann": 1, "bob": 2, "cyd": 1}
    assert {name: one.won for name, one in found.items()} == {"ann": 1, "bob": 0, "cyd": 0}, "alone nobody wins"


def test_closer_than_the_noise_beats_nobody_and_equal_points_share_a_rank():
    found = standings.tallies([mark("cat", "ann", 0.500), mark("cat", "bob", 0.505), mark("cat", "cyd", 0.1)])
    assert [(one.player_id, one.points, one.rank, one.tied, one.won) for one in found] == [
        ("ann", 0.5, 1, True, 1), ("bob", 0.5, 1, True, 1), ("cyd", 0.0, 3, False, 0)
    ]  # fmt: skip


def test_the_board_counts_each_players_best_visible_entry(context, red_cat, ann, bob, machine):
    hang(red_cat, ann, 0.2)
    hang(red_cat, ann, 0.6)
    hang(red_cat, bob, 0.9, state="hidden")
    hang(red_cat, bob, 0.8, penalised=0.4)
    hang(red_cat, machine, 0.5)
    board = standings.standings()
    assert [(one.player["name"], one.rank, one.points) for one in board.items] == [
        ("Ann", 1, 1.0), ("the strokes machine", 2, 0.5), ("Bob", 3, 0.0)
    ]  # fmt: skip
    assert (board.of, board.next) == (3, None)
    people = standings.standings("human")
    assert [(one.player["name"], one.rank) for one in people.items] == [("Ann", 1), ("Bob", 3)]
    assert standings.of_player(bob.id).rank == 3
    assert standings.of_player("nobody") is None


def test_the_board_is_read_in_stretches(context, red_cat, ann, bob, machine):
    for player, similarity in ((ann, 0.6), (bob, 0.4), (machine, 0.5)):
        hang(red_cat, player, similarity)
    first = standings.standings(limit=2)
    rest = standings.standings(cursor=first.next, limit=2)
    assert [one.rank for one in first.items + rest.items] == [1, 2, 3]
    assert rest.next is None
    for bad in ("x", "bnVsbA==", "WzEsMiwzXQ=="):
        with pytest.raises(Invalid):
            standings.standings(cursor=bad)


def test_there_is_no_board_by_a_judge_that_does_not_sit(context):
    for wrong in ({"by": "second"}, {"by": "cat"}, {"kind": "cat"}):
        with pytest.raises(Invalid):
            standings.standings(**wrong)


def test_all_runs_of_a_machine_are_declared_hung_or_not(context, red_cat, ann, machine):
    hung, shy = run(red_cat, machine, seed=1), run(red_cat, machine, seed=2, sizes=[[0, 64], [9, 128]])
    failed, waits = run(red_cat, machine, "failed", seed=3), run(red_cat, machine, "queued", seed=4)
    hang(red_cat, machine, 0.4, run_id=hung.id)
    hang(red_cat, machine, 0.4, run_id=shy.id, state="held")
    first = attempts.listing(machine.id, None, 3)
    found = {one.seed: one for one in first.items + attempts.listing(machine.id, first.next, 3).items}
    assert [one.seed for one in first.items] == [4, 3, 2], "the newest first"
    assert found[1].entry_id is not None
    assert found[2].entry_id is None, "what a person has not let onto the wall is not shown"
    assert (found[2].sizes, found[2].start, found[2].guides) == ("64 → 128 px", "noise", ["fake:guide"])
    assert (found[1].similarity, found[3].similarity) == (0.4, None)
    assert vars(attempts.record(machine.id)) == {
        "runs": 4, "done": 2, "failed": 1, "cancelled": 0, "open": 1, "hung": 1
    }  # fmt: skip
    assert attempts.listing(ann.id, None, 3).items == []
    assert {failed.state, waits.state} == {"failed", "queued"}


def test_the_numbers_are_one_record_with_a_table_for_each_list(context, red_cat, ann, machine):
    for similarity in (0.1, 0.2, 0.3, 0.4):
        hang(red_cat, ann, similarity)
    hang(red_cat, machine, 0.6, run_id=run(red_cat, machine).id)
    told = numbers.numbers()
    assert [(one.by, one.penalties, one.ai_share) for one in told.contests] == [
        ("main", "with", 100), ("main", "without", 100)
    ]  # fmt: skip
    assert [one.by for one in told.elections] == ["pairs", "best"]
    heading, row = numbers.table(told, "prompts")
    assert dict(zip(heading, row, strict=True))["prompt"] == "a red cat"
    for name in numbers.TABLES:
        rows = numbers.table(told, name)
        assert len({len(row) for row in rows}) == 1, name
    with pytest.raises(Missing):
        numbers.table(told, "judge")


def test_kept_numbers_are_worked_out_once_and_again_when_they_are_old(context, monkeypatch):
    asked, done = [], threading.Event()

    def work_out():
        asked.append(len(asked))
        if len(asked) == 2:
            done.set()
        return asked[-1]

    first = keeping.kept("test", work_out)
    assert keeping.kept("test", work_out) is first
    assert asked == [0]
    monkeypatch.setattr(keeping, "FRESH", timedelta(0))
    assert keeping.kept("test", work_out).value == 0, "the old one is told while a thread works"
    assert done.wait(30)
    monkeypatch.setattr(keeping, "STALE", timedelta(0))
    assert keeping.kept("test", work_out).value >= 2, "what is much too old is not told"
