"""Verdicts, search, similarities and statistics: what the judge's numbers are used for."""

from types import SimpleNamespace

import numpy as np
import pytest

from game import painting
from game.extensions import db
from game.models import Entry
from game.rules import (
    arena,
    captions,
    machine_captions,
    moderation,
    players,
    prompts,
    search,
    shelf,
    similarity,
    stats,
    verdicts,
)
from game.rules.refusals import Invalid, Missing
from game.rules.verdicts import Likeness


@pytest.fixture
def wall(context, red_cat, ann, machine, enter):
    """Three entries: a red one and a blue one by a person, one in between by a machine."""
    return enter(red_cat, ann, "red"), enter(red_cat, ann, "blue"), enter(red_cat, machine, "red", "blue", 0.4)


def test_a_verdict_names_the_prompts_a_picture_fits_better(context, wall, red_cat):
    for text in ("a blue whale", "a green frog", "a yellow sun", "a blue and green fish"):
        prompts.add(text)
    prompts.update(prompts.add("a blue door").id, state="closed")
    verdict = verdicts.verdict(wall[1].id)
    assert [likeness.text for likeness in verdict.looks_like][:2] == ["a blue whale", "a blue and green fish"]
    assert len(verdict.looks_like) == 3
    assert red_cat.text not in [likeness.text for likeness in verdict.looks_like]
    assert verdict.reason == "The judge sees a blue whale. It was meant to be a red cat. It happens."
    assert (verdict.above.id, verdict.below) == (wall[2].id, None)
    edges, counts = verdict.histogram
    assert len(edges) == len(counts) + 1
    assert verdict.judge_picture == f"/api/v1/entries/{wall[1].id}/seen.png"


def test_a_verdict_without_other_prompts_has_nothing_to_compare_with(context, wall):
    assert verdicts.verdict(wall[0].id).looks_like == []


def test_a_verdict_on_a_former_judges_entry_asks_that_judge(context, wall, judge, monkeypatch):
    from game import judging
    from tests.fakes import ColourJudge

    judge.spec, former = "fake:new", ColourJudge()
    monkeypatch.setattr(judging, "load", {former.spec: former}.__getitem__)
    assert verdicts.verdict(wall[0].id).entry.judge == former.spec


@pytest.mark.parametrize(
    ("percentile", "rival", "said"),
    [
        (99.5, 90, "has no further questions"),
        (95, 80, "is content"),
        (92, 99, "rather more of a dog"),
        (75, 70, "with some goodwill"),
        (30, 95, "The judge sees a dog. It was meant to be a cat."),
        (30, 20, "looked twice"),
    ],
)
def test_a_reason_is_given_in_one_or_two_sentences(percentile, rival, said):
    reason = verdicts.reason("a cat", percentile, [Likeness("p", "a dog", 0.2, rival)])
    assert said in reason
    assert "!" not in reason
    assert reason.endswith(".")


def test_a_search_finds_the_nearest_first_and_leaves_out_what_does_not_hang(context, wall, monkeypatch):
    monkeypatch.setattr(shelf, "BLOCK", 2)  # more than one block
    assert [found.entry.id for found in search.search("blue")] == [wall[1].id, wall[2].id, wall[0].id]
    assert [found.entry.id for found in search.search("blue", limit=1)] == [wall[1].id]
    moderation.decide(wall[1].id, "hidden", "", None)
    assert [found.entry.id for found in search.search("blue")] == [wall[2].id, wall[0].id]
    for text in ("", "  ", "x" * 301):
        with pytest.raises(Invalid):
            search.search(text)


def test_similarities_are_those_of_the_entries(context, wall, ann):
    red, blue, _ = wall
    found = similarity.compare(["a red cat", "blue"], [red.id, blue.id], None)
    assert found.similarities[0][0] == pytest.approx(red.similarity, abs=1e-3)
    assert found.similarities[1][1] > 0.9
    assert np.sum(found.softmax, axis=1) == pytest.approx([1, 1])
    assert found.softmax[0][0] > 0.99


def test_similarities_of_too_much_of_nothing_or_of_a_strangers_hidden_entry_are_refused(context, wall, ann, judge):
    red = wall[0].id
    for texts, ids in (([], [red]), (["x"], []), (["x"] * 51, [red]), ([" "], [red])):
        with pytest.raises(Invalid):
            similarity.compare(texts, ids, None)
    with pytest.raises(Missing):
        similarity.compare(["x"], ["nobody"], None)
    moderation.decide(red, "hidden", "", None)
    with pytest.raises(Missing):
        similarity.compare(["x"], [red], None)
    assert similarity.compare(["x"], [red], ann).entry_ids == [red]
    judge.spec = "fake:new"
    with pytest.raises(Invalid, match="was judged by"):
        similarity.compare(["x"], [red], ann)


def test_statistics_count_what_hangs(context, wall, red_cat, ann, machine, enter):
    only_people, only_machines = prompts.add("a green dog"), prompts.add("a pink dog")
    enter(only_people, ann, "green")
    enter(only_machines, machine, "pink")
    tied = prompts.add("a brown dog")
    enter(tied, ann, "brown")
    enter(tied, machine, "brown")
    moderation.decide(enter(red_cat, ann, "red").id, "hidden", "", None)
    voter = players.anonymous()[0]
    outcome = arena.vote(arena.pair(voter, tied.id).pair, "left", voter)
    captions.submit(wall[0].id, "red", ann)
    found = stats.stats()
    assert (found.human.entries, found.human.players, found.ai.entries, found.ai.players) == (4, 1, 3, 1)
    assert (found.prompts.human, found.prompts.ai, found.prompts.tie) == (1, 0, 1)
    assert (found.votes.all, getattr(found.votes, outcome.left.kind), found.votes.tie) == (1, 1, 0)
    assert (found.captions, found.machine_captions, found.open_prompts) == (1, 0, 4)
    percentiles = db.session.scalars(
        Entry.__table__.select().with_only_columns(Entry.percentile).where(Entry.kind == "ai")
    ).all()
    assert found.ai.mean_percentile == pytest.approx(np.mean(percentiles))


def test_a_machines_captions_are_counted_beside_peoples(context, wall, ann, monkeypatch):
    written = SimpleNamespace(text="a blue thing", similarity=0.9, tried=3)
    monkeypatch.setattr(painting, "caption", lambda picture, guide: written)
    captions.submit(wall[0].id, "red", ann)
    for entry in wall[:2]:
        assert machine_captions.write(entry.id)
    found = stats.stats()
    assert (found.captions, found.machine_captions) == (1, 2)


def test_statistics_of_an_empty_game(context):
    found = stats.stats()
    assert (found.human.entries, found.human.mean_percentile, found.votes.all) == (0, None, 0)
