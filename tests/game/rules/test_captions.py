"""Captions: words judged against a picture."""

import pytest

from game.extensions import db
from game.models import Caption
from game.rules import captions, moderation
from game.rules.captions import CaptionRefused
from game.rules.refusals import Missing


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
