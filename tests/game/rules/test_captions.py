"""Captions: words judged against a picture."""

import pytest

from game.extensions import db
from game.models import Caption
from game.rules import caption_duels, caption_tries, captions, moderation, players
from game.rules.captions import CaptionRefused
from game.rules.entries import row
from game.rules.refusals import Conflict, Missing
from game.tables import new_id


def test_words_are_judged_against_the_picture_and_not_the_prompt(context, red_cat, ann, bob, enter, judge):
    picture = enter(red_cat, ann, "blue")
    fitting = captions.submit(picture.id, "  something   blue ", bob)
    asked = captions.submit(picture.id, "something red", bob)
    assert (fitting.text, fitting.rank, fitting.of) == ("something blue", 1, 1)
    assert fitting.similarity > 0.9 > asked.similarity
    assert fitting.percentile > asked.percentile
    assert (asked.rank, asked.of) == (2, 2)
    assert fitting.tokens == judge.count_tokens("something blue")
    assert captions.get(asked.id) == asked


def test_equal_words_share_a_rank_and_pages_go_down(context, red_cat, ann, bob, enter):
    picture = enter(red_cat, ann, "blue")
    for text, player in (("blue", ann), ("blue", bob), ("red", bob)):
        captions.submit(picture.id, text, player)
    first = captions.ranked(picture.id, None, 2)
    assert [view.rank for view in first.items] == [1, 1]
    assert [(view.text, view.rank, view.of) for view in captions.ranked(picture.id, first.next, 2).items] == [
        ("red", 3, 3)
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "no words"), (" \n", "no words"), ("x" * 1001, "1001 characters"), ("a\x00b", "cannot be seen")],
)
def test_what_is_no_caption_is_refused(context, red_cat, ann, enter, text, why):
    picture = enter(red_cat, ann)
    with pytest.raises(CaptionRefused, match=why) as refusal:
        captions.submit(picture.id, text, ann)
    assert refusal.value.pointer == "#/text"


def test_the_judge_reads_77_tokens_and_no_more(context, red_cat, ann, enter):
    picture = enter(red_cat, ann)
    assert captions.submit(picture.id, "red " * 75, ann).tokens == 77
    with pytest.raises(CaptionRefused, match=r"78 tokens.*reads 77"):
        captions.submit(picture.id, "red " * 76, ann)
    assert captions.count_tokens("red cat") == 4


def test_the_next_picture_is_neither_ones_own_nor_captioned_yet(context, red_cat, ann, bob, enter):
    assert captions.next_picture(None) is None
    mine, first, second = enter(red_cat, bob), enter(red_cat, ann, "blue"), enter(red_cat, ann, "green")
    seen = {captions.next_picture(bob).entry_id for _ in range(30)}
    assert seen == {first.id, second.id}
    captions.submit(first.id, "blue", bob)
    assert {captions.next_picture(bob).entry_id for _ in range(8)} == {second.id}
    captions.submit(second.id, "green", bob)
    assert captions.next_picture(bob) is None
    assert captions.next_picture(ann).entry_id == mine.id
    assert captions.next_picture(None) is not None


def test_a_hidden_picture_is_never_next(context, red_cat, ann, enter):
    moderation.decide(enter(red_cat, ann).id, "hidden", "", None)
    assert captions.next_picture(None) is None


def test_a_picture_to_caption_does_not_tell_what_was_asked_for(context, red_cat, ann, enter):
    picture = captions.picture(enter(red_cat, ann).id)
    assert picture.max_tokens == 77
    assert "cat" not in str(picture)


def test_a_hidden_caption_is_gone(context, red_cat, ann, enter):
    caption = captions.submit(enter(red_cat, ann).id, "red", ann)
    db.session.get_one(Caption, caption.id).state = "hidden"
    db.session.commit()
    with pytest.raises(Missing):
        captions.get(caption.id)
    assert captions.ranked(caption.entry_id, None, 9).items == []


def test_what_does_not_exist_is_missing(context, ann):
    for ask in (
        lambda: captions.submit("x", "red", ann),
        lambda: captions.ranked("x", None, 9),
        lambda: captions.get("x"),
    ):
        with pytest.raises(Missing):
            ask()


def test_a_player_has_three_tries_at_a_picture_and_all_stand_on_the_board(context, red_cat, ann, bob, enter):
    picture, other = enter(red_cat, ann, "blue"), enter(red_cat, ann, "green")
    entry = row(picture.id)
    for number, text in enumerate(("red", "green", "blue"), 1):
        assert caption_tries.of(entry, bob) == caption_tries.Tries(number - 1, 4 - number, False)
        captions.submit(picture.id, text, bob)
    assert caption_tries.of(entry, bob) == caption_tries.Tries(3, 0, True)
    with pytest.raises(Conflict, match="3 tries"):
        captions.submit(picture.id, "blue blue", bob)
    assert [caption.text for caption in captions.of_player(picture.id, bob)] == ["red", "green", "blue"]
    assert captions.submit(other.id, "green", bob).rank == 1, "another picture, other tries"
    assert caption_tries.of(entry, None) == caption_tries.Tries(0, 3, False)


def test_refused_words_cost_no_try(context, red_cat, ann, bob, enter):
    picture = enter(red_cat, ann, "blue")
    with pytest.raises(CaptionRefused):
        captions.submit(picture.id, "", bob)
    assert caption_tries.of(row(picture.id), bob).made == 0


def test_who_asks_what_it_was_has_no_more_tries(context, red_cat, ann, bob, enter):
    picture = enter(red_cat, ann, "blue")
    entry = row(picture.id)
    with pytest.raises(Conflict, match="first"):
        caption_tries.give_up(entry, bob)
    captions.submit(picture.id, "red", bob)
    caption_tries.give_up(entry, bob)
    assert caption_tries.of(entry, bob) == caption_tries.Tries(1, 0, True)
    with pytest.raises(Conflict, match="told"):
        captions.submit(picture.id, "blue", bob)
    assert caption_tries.of(entry, ann).told, "whoever drew it knows"


def test_two_tries_at_the_same_moment_do_not_take_the_same_place(context, red_cat, ann, bob, enter, monkeypatch):
    picture = enter(red_cat, ann, "blue")
    captions.submit(picture.id, "red", bob)
    monkeypatch.setattr(caption_tries, "require_left", lambda entry, player: 1)
    with pytest.raises(Conflict, match="same moment"):
        captions.submit(picture.id, "blue", bob)
    assert captions.ranked(picture.id, None, 9).items[0].text == "red"


def test_the_best_words_by_people_meet_the_best_by_a_machine(context, red_cat, ann, bob, enter):
    picture = enter(red_cat, ann, "blue")
    assert caption_duels.duel(picture.id) == caption_duels.Duel(None, None, None)
    captions.submit(picture.id, "red", bob)
    assert caption_duels.duel(picture.id).ahead is None
    written = captions.judged(row(picture.id), "blue", players.machine("phrases"))
    written.guide, written.tried = "fake:colours", 7
    db.session.add(written)
    db.session.commit()
    found = caption_duels.duel(picture.id)
    assert (found.human.text, found.ai.text, found.ahead) == ("red", "blue", "ai")
    assert captions.submit(picture.id, "something blue", bob).tied
    assert caption_duels.duel(picture.id).ahead == "tie"


def test_pictures_by_machines_come_up_as_often_as_those_by_people(context, red_cat, machine, enter):
    for _ in range(6):
        enter(red_cat, players.ensure(new_id()))
    painted = enter(red_cat, machine, "blue")
    shown = [captions.next_picture(None).entry_id for _ in range(60)]
    assert 15 <= shown.count(painted.id) <= 45, "not one of seven"
