"""The arena: blind pairs and votes that stand."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from game.extensions import db
from game.models import ArenaBoard, Vote
from game.rules import arena, arena_pairs, arena_voters, moderation, players, prompts
from game.rules.arena import Guess
from game.rules.refusals import Conflict, Invalid, Missing, Spent
from game.tables import new_id, now


@pytest.fixture
def cleo(context):
    """A player who has drawn nothing and votes."""
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


def test_guesses_are_kept_with_the_vote_and_sum_up_to_an_eye(context, red_cat, ann, machine, cleo, enter):
    enter(red_cat, ann)
    enter(red_cat, machine, "blue")
    pair = arena.pair(cleo)
    outcome = arena.vote(pair.pair, "tie", cleo, Guess("human", "human"))
    assert outcome.guess == Guess("human", "human")
    assert (outcome.eye.guesses, outcome.eye.right) == (2, 1)
    assert outcome.judge == ("left" if outcome.left.kind == "human" else "right"), "the judge prefers the red one"
    assert arena.offered(pair.pair, cleo) == outcome
    with pytest.raises(Missing):
        arena.offered(pair.pair, ann)
    with pytest.raises(Conflict):
        arena.vote(pair.pair, "tie", cleo, Guess("ai", "ai"))


def test_a_guess_is_of_one_side_or_none(context, red_cat, ann, machine, cleo, enter):
    enter(red_cat, ann)
    enter(red_cat, machine, "blue")
    pair = arena.pair(cleo)
    assert arena.offered(pair.pair, cleo) == pair, "nothing is told before the vote"
    with pytest.raises(Invalid) as refusal:
        arena.vote(pair.pair, "left", cleo, Guess(None, "dog"))
    assert refusal.value.pointer == "#/guess/right"
    assert arena.vote(pair.pair, "left", cleo).eye.guesses == 0


def test_a_day_has_so_many_votes(context, red_cat, cleo, enter, monkeypatch):
    monkeypatch.setattr(arena_voters, "MOST_A_DAY", 1)
    for _ in range(3):
        enter(red_cat, players.ensure(new_id()))
    pair = arena.pair(cleo)
    waiting = Vote(player_id=cleo.id, prompt_id=red_cat.id, left_id=pair_of(pair).left_id,
                   right_id=pair_of(pair).right_id, pair="another")  # fmt: skip
    db.session.add(waiting)
    db.session.commit()
    assert arena.vote(pair.pair, "left", cleo).left_today == 0
    with pytest.raises(Spent):
        arena.pair(cleo)
    with pytest.raises(Spent):
        arena.vote(waiting.id, "left", cleo)
    assert arena.pair(players.ensure(new_id())), "others have theirs"


def pair_of(pair):
    return db.session.get_one(Vote, pair.pair)


def test_the_two_sides_meet_however_few_machines_there_are(context, red_cat, machine, enter):
    for _ in range(6):
        enter(red_cat, players.ensure(new_id()))
    enter(red_cat, machine, "blue")
    mixed = 0
    for _ in range(40):
        vote = pair_of(arena.pair(players.ensure(new_id())))
        mixed += vote.left.kind != vote.right.kind
    assert 18 <= mixed <= 40, "some three quarters of the pairs"


def test_every_vote_is_counted_on_its_prompts_board(context, red_cat, ann, bob, cleo, enter):
    enter(red_cat, ann)
    enter(red_cat, bob)
    pair = arena.pair(cleo)
    board = db.session.get_one(ArenaBoard, red_cat.id)
    assert board.cast == 0
    arena.vote(pair.pair, "left", cleo)
    db.session.refresh(board)
    assert (board.cast, board.seen) == (1, 0)


def test_a_pair_that_was_never_voted_on_is_swept_and_votes_stay(context, red_cat, ann, bob, cleo, enter):
    for player, colour in ((ann, "red"), (bob, "blue")):
        enter(red_cat, player, colour)
    dan = players.anonymous()[0]
    arena.vote(arena.pair(cleo).pair, "tie", cleo)
    arena.pair(dan)
    assert arena_pairs.sweep() == 0, "a pair waits for a while"
    db.session.execute(update(Vote).values(created_at=now() - arena_pairs.WAITING - timedelta(minutes=1)))
    db.session.commit()
    assert arena_pairs.sweep() == 1
    assert [vote.player_id for vote in db.session.scalars(select(Vote))] == [cleo.id]
    assert arena.pair(dan), "it is offered again"
