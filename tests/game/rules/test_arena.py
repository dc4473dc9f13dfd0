"""The arena: blind pairs and votes that stand."""

import pytest

from game.extensions import db
from game.models import Vote
from game.rules import arena, moderation, prompts
from game.rules.refusals import Conflict, Invalid, Missing


@pytest.fixture
def cleo(context):
    """A player who has drawn nothing and votes."""
    from game.rules import players

    return players.anonymous()[0]


def test_a_pair_is_of_one_prompt_by_two_others_and_tells_nothing_about_them(context, red_cat, ann, bob, cleo, enter):
    ids = {enter(red_cat, ann).id, enter(red_cat, bob, "blue").id}
    enter(prompts.add("a dog"), ann)
    pair = arena.pair(cleo)
    told = str(pair)
    assert pair.prompt == "a red cat"
    for secret in (*ids, ann.id, bob.id, "Ann", "Bob"):
        assert secret not in told


def test_a_vote_is_answered_with_who_made_them_and_stands(context, red_cat, ann, machine, cleo, enter):
    enter(red_cat, ann)
    enter(red_cat, machine, "blue")
    pair = arena.pair(cleo)
    outcome = arena.vote(pair.pair, "left", cleo)
    assert {outcome.left.kind, outcome.right.kind} == {"human", "ai"}
    assert outcome.winner == "left"
    with pytest.raises(Conflict):
        arena.vote(pair.pair, "right", cleo)
    row = db.session.get_one(Vote, pair.pair)
    assert (row.winner, row.left_id, row.right_id) == ("left", outcome.left.id, outcome.right.id)


def test_the_same_pair_comes_back_until_it_is_voted_on_and_never_again(context, red_cat, ann, bob, cleo, enter):
    enter(red_cat, ann)
    enter(red_cat, bob)
    pair = arena.pair(cleo)
    assert arena.pair(cleo) == pair
    arena.vote(pair.pair, "tie", cleo)
    with pytest.raises(Missing):
        arena.pair(cleo)


def test_nobody_votes_on_their_own_nor_on_one_players_two(context, red_cat, ann, bob, enter):
    enter(red_cat, ann)
    enter(red_cat, ann, "blue")
    for player in (ann, bob):
        with pytest.raises(Missing):
            arena.pair(player)


def test_a_pair_belongs_to_one_player(context, red_cat, ann, bob, cleo, enter):
    enter(red_cat, ann)
    enter(red_cat, bob)
    pair = arena.pair(cleo)
    with pytest.raises(Missing):
        arena.vote(pair.pair, "left", ann)
    with pytest.raises(Missing):
        arena.picture(pair.pair, "left", ann)
    with pytest.raises(Missing):
        arena.picture(pair.pair, "left", None)
    sides = {arena.picture(pair.pair, side, cleo) for side in ("left", "right")}
    assert all(name.endswith(".png") for name in sides)
    with pytest.raises(Invalid):
        arena.vote(pair.pair, "both", cleo)


def test_a_pair_with_a_hidden_side_is_not_offered_again(context, red_cat, ann, bob, cleo, enter):
    enter(red_cat, ann)
    entry = enter(red_cat, bob)
    arena.pair(cleo)
    moderation.decide(entry.id, "hidden", "", None)
    with pytest.raises(Missing):
        arena.pair(cleo)


def test_a_pair_of_a_certain_prompt(context, red_cat, ann, bob, cleo, enter):
    dog = prompts.add("a dog")
    for prompt in (red_cat, dog):
        enter(prompt, ann)
        enter(prompt, bob)
    assert arena.pair(cleo, dog.id).prompt_id == dog.id
    assert arena.pair(cleo, red_cat.id).prompt_id == red_cat.id
    with pytest.raises(Missing):
        arena.pair(cleo, "nowhere")
