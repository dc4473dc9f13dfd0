"""Ranks: counted through indexes, ties shared, pages that follow each other."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from game.extensions import db
from game.judging import INJECTED_SECOND
from game.models import Entry
from game.rules import entries, moderation, prompts, ranking, scores
from game.rules.pages import descending
from game.rules.refusals import Invalid
from tests.fakes import ColourJudge


def hang(prompt_id: str, player_id: str, penalised: float, **values: object) -> str:
    """Put an entry of a certain score on a wall, as if it had been judged."""
    given = {"kind": "human", "judge": "fake:colours", "noise": 0.01, "state": "visible", "embedding": b"", **values}
    numbers = {"similarity": penalised, "penalised": penalised, "percentile": 50, "penalties": []}
    entry = Entry(prompt_id=prompt_id, player_id=player_id, picture="-", **numbers, **given)
    db.session.add(entry)
    db.session.flush()
    return entry.id


def ranks(*ids: str) -> list[int | None]:
    """The ranks of entries."""
    return [entries.get(entry_id).rank for entry_id in ids]


def test_scores_closer_than_the_noise_share_a_rank(context, red_cat, ann):
    ids = [hang(red_cat.id, ann.id, score) for score in (0.30, 0.295, 0.28, 0.279, 0.1)]
    assert ranks(*ids) == [1, 1, 3, 3, 5]


def test_a_chain_of_near_ties_does_not_tie_its_ends(context, red_cat, ann):
    ids = [hang(red_cat.id, ann.id, score) for score in (0.30, 0.293, 0.286)]
    assert ranks(*ids) == [1, 1, 2]


def test_what_does_not_hang_has_no_rank_and_takes_none(context, red_cat, ann):
    top, hidden, low = (hang(red_cat.id, ann.id, score) for score in (0.9, 0.5, 0.1))
    moderation.decide(hidden, "held", "", None)
    assert ranks(top, hidden, low) == [1, None, 2]
    assert [entries.get(entry_id).of for entry_id in (top, hidden, low)] == [2, 2, 2]
    moderation.decide(hidden, "visible", "", None)
    assert ranks(top, hidden, low) == [1, 2, 3]


def test_other_prompts_and_other_judges_do_not_count(context, red_cat, ann):
    here = hang(red_cat.id, ann.id, 0.2)
    hang(prompts.add("a dog").id, ann.id, 0.9)
    hang(red_cat.id, ann.id, 0.9, judge="fake:other")
    assert (ranks(here), entries.get(here).of) == ([1], 1)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_ranks_and_ties_are_those_of_a_count_by_hand(context, red_cat, ann, scores):
    db.session.query(Entry).delete()
    ids = [hang(red_cat.id, ann.id, score * 0.003) for score in scores]  # the noise lies between 3 and 4 steps
    by_hand = [1 + sum(other - score > 3 for other in scores) for score in scores]
    assert ranks(*ids) == by_hand
    assert [entries.get(entry_id).tied for entry_id in ids] == [by_hand.count(rank) > 1 for rank in by_hand]


def test_a_second_judges_board_has_ranks_pages_and_ties_of_its_own(context, red_cat, ann):
    def seen(main: float, second: float, judge: str = "fake:second") -> str:
        opinion = {"second_judge": judge, "second_noise": 0.01, "second_penalised": second}
        return hang(red_cat.id, ann.id, main, **opinion, second_similarity=second, second_percentile=50)

    context.extensions[INJECTED_SECOND] = ColourJudge("fake:second")
    ids = [seen(0.1, 0.9), seen(0.3, 0.895), seen(0.5, 0.2), seen(0.9, 0.8)]
    unseen, others = hang(red_cat.id, ann.id, 0.7), seen(0.2, 0.99, "fake:former")
    board, cursor = [], None
    while True:
        page = entries.leaderboard(red_cat.id, "human", cursor, 3, "second")
        board, cursor = [*board, *page.items], page.next
        if cursor is None:
            break
    assert [view.id for view in board] == [ids[0], ids[1], ids[3], ids[2]]
    assert [(view.second["rank"], view.second["of"], view.second["tied"]) for view in board] == [
        (1, 4, True), (1, 4, True), (3, 4, False), (4, 4, False),
    ]  # fmt: skip
    assert [view.rank for view in board] == [6, 4, 1, 3]
    assert entries.get(unseen).second is None
    assert entries.get(others).second["of"] == 1
    assert entries.leaderboard(red_cat.id, "ai", None, 3, "second").items == []
    del context.extensions[INJECTED_SECOND]
    with pytest.raises(Invalid) as refusal:
        entries.leaderboard(red_cat.id, "all", None, 3, "second")
    assert refusal.value.pointer == "#/judge"


def test_pages_follow_each_other_through_equal_scores(context, red_cat, ann):
    expected = {hang(red_cat.id, ann.id, score) for score in (0.5, 0.5, 0.5, 0.4, 0.4, 0.3, 0.2)}
    seen, cursor = [], None
    while True:
        page = entries.leaderboard(red_cat.id, "all", cursor, 2)
        seen += [view.id for view in page.items]
        cursor = page.next
        if cursor is None:
            break
        hang(red_cat.id, ann.id, 0.9)  # whoever comes in above does not push anybody onto the next page
    assert len(seen) == 7
    assert set(seen) == expected


@pytest.mark.parametrize(
    "cursor", ["", "x", "bnVsbA", "WzFd", "WyJhIiwgImIiXQ", "W251bGwsIDFd", "[[[[", "é", "WzEsMl0"]
)
def test_a_cursor_that_is_none_is_refused(context, red_cat, cursor):
    with pytest.raises(Invalid) as refusal:
        entries.leaderboard(red_cat.id, "all", cursor, 2)
    assert refusal.value.pointer == "#/cursor"


def test_neighbours_are_the_next_ones_up_and_down(context, red_cat, ann):
    ids = [hang(red_cat.id, ann.id, score) for score in (0.5, 0.4, 0.4, 0.3)]
    middle = sorted(ids[1:3])  # equal scores hang by their ids

    def around(entry_id: str) -> list[str | None]:
        return [other and other.id for other in ranking.neighbours(entries.row(entry_id))]

    assert around(ids[0]) == [None, middle[1]]
    assert around(middle[1]) == [ids[0], middle[0]]
    assert around(middle[0]) == [middle[1], ids[3]]
    assert around(ids[3]) == [middle[0], None]


def plan(statement: str) -> str:
    """How SQLite would answer a statement."""
    return " ".join(row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {statement}")))


def test_boards_and_ranks_are_read_from_an_index(context, red_cat, ann):
    where = "prompt_id = 'p' AND judge = 'j' AND state = 'visible'"
    board = plan(f"SELECT * FROM entry WHERE {where} AND penalised <= 0.5 ORDER BY penalised DESC, id DESC LIMIT 25")
    assert "USING INDEX ix_entry_board" in board
    assert "TEMP B-TREE" not in board
    count = plan(f"SELECT count(*) FROM entry WHERE {where} AND penalised > 0.5")
    assert "USING COVERING INDEX ix_entry_board" in count
    side = plan(f"SELECT id FROM entry WHERE {where} AND kind = 'ai' ORDER BY penalised DESC, id DESC LIMIT 1")
    assert "TEMP B-TREE" not in side
    second = "prompt_id = 'p' AND second_judge = 'j' AND state = 'visible'"
    order = "ORDER BY second_penalised DESC, id DESC LIMIT 25"
    board = plan(f"SELECT * FROM entry WHERE {second} AND second_penalised <= 0.5 {order}")
    assert "USING INDEX ix_entry_second" in board
    assert "TEMP B-TREE" not in board
    side = plan(f"SELECT * FROM entry WHERE {second} AND kind = 'ai' AND second_penalised <= 0.5 {order}")
    assert "USING INDEX ix_entry_second_kind" in side
    assert "TEMP B-TREE" not in side
    ends = plan(f"SELECT min(penalised) FROM entry WHERE {where} AND penalised > 0.5")
    assert "SEARCH entry USING COVERING INDEX ix_entry_board" in ends
    scan = plan(
        "SELECT id, embedding FROM entry WHERE id > 'x' AND state = 'visible' AND judge = 'j' ORDER BY id LIMIT 9"
    )
    assert "USING INDEX ix_entry_judged" in scan
    assert "TEMP B-TREE" not in scan


def test_what_is_asked_of_the_database_does_not_grow_with_the_board(context, red_cat, ann):
    from sqlalchemy import event

    for number in range(40):
        hang(red_cat.id, ann.id, number / 100)
    db.session.commit()
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    entries.leaderboard(red_cat.id, "all", None, 5)
    few = len(asked)
    entries.leaderboard(red_cat.id, "all", None, 40)
    assert len(asked) == 2 * few


@given(st.floats(-1, 1), st.lists(st.floats(0.05, 1), max_size=3))
def test_a_penalty_never_helps(similarity, factors):
    assert scores.penalise(similarity, factors) <= similarity + 1e-12
    assert scores.penalise(similarity, []) == similarity


def test_a_page_is_never_longer_than_allowed(context, red_cat, ann):
    from sqlalchemy import select

    for number in range(3):
        hang(red_cat.id, ann.id, number)
    assert len(descending(select(Entry), (Entry.penalised, Entry.id), None, 0).items) == 1
