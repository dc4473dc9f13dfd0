"""What waits for a person, why, what its author is told, and their word against it."""

import pytest

from game.extensions import db
from game.judging import INJECTED_READER
from game.models import Caption
from game.rules import appeals, captions, drawing, entries, filters, holds, moderation, players, prompts, review
from game.rules.refusals import Conflict, Forbidden, Invalid
from tests.conftest import doodle
from tests.fakes import InkReader


@pytest.fixture
def admin(context):
    """An administrator."""
    return players.by_token(players.admin_token())


def settle(app, **chosen):
    """Change settings that were read already."""
    import dataclasses

    app.config["PAINTOFF"] = dataclasses.replace(app.config["PAINTOFF"], **chosen)


def test_nothing_waits_unless_the_operator_chooses(context, red_cat, ann, enter):
    assert enter(red_cat, ann).state == "visible"
    assert moderation.decisions(entries.listing(None, None, 1).items[0].id) == []


def test_everything_waits_and_hangs_once_a_person_says_so(context, red_cat, ann, admin, enter):
    settle(context, hold=frozenset({"everything"}))
    entry = enter(red_cat, ann)
    assert (entry.state, entry.rank) == ("held", None)
    assert prompts.get(red_cat.id).entries == 0
    (why,) = moderation.decisions(entry.id)
    assert (why.before, why.state, why.reason, why.player_id) == ("visible", "held", holds.EVERYTHING, None)
    assert review.first().entry.id == entry.id
    moderation.decide(entry.id, "visible", "", admin)
    assert prompts.get(red_cat.id).entries == 1
    assert review.first() is None


def test_writing_waits_if_the_operator_chooses(context, red_cat, ann, enter):
    context.extensions[INJECTED_READER] = InkReader("red", says="CAT")
    assert enter(red_cat, ann).state == "visible"
    settle(context, hold=frozenset({"writing"}))
    assert enter(red_cat, ann, "red", "blue").state == "held"
    assert enter(red_cat, ann, "blue").state == "visible"


def test_what_looks_like_an_unwanted_text_waits(context, red_cat, ann, enter):
    filters.write("text", "something purple\n\n")
    assert enter(red_cat, ann).state == "visible"
    entry = enter(red_cat, ann, "purple")
    assert entry.state == "held"
    assert appeals.standing(entry.id).reason == holds.UNWANTED
    settle(context, hold=frozenset())
    assert enter(red_cat, ann, "purple", "red", 0.1).state == "visible"


def test_what_is_drawn_for_a_room_does_not_wait(context, red_cat, ann):
    settle(context, hold=frozenset({"everything"}))
    sheet = entries.hand_in(prompts.row(red_cat.id), drawing.parse(doodle()), ann, hangs="room")
    assert sheet.state == "room"


def test_a_name_with_an_unwanted_word_is_refused(context, ann):
    filters.write("word", "brute")
    with pytest.raises(players.NameRefused):
        players.rename(ann, "the 8rute")
    assert ann.name == "Ann"


def test_a_caption_with_an_unwanted_word_waits_and_only_its_author_sees_it(context, red_cat, ann, bob, enter):
    filters.write("word", "brute")
    entry = enter(red_cat, ann)
    held = captions.submit(entry.id, "a red brute", bob)
    assert (held.state, held.rank) == ("held", None)
    assert captions.ranked(entry.id, None, 9).items == []
    assert [one.id for one in captions.of_player(entry.id, bob)] == [held.id]
    with pytest.raises(LookupError):
        captions.get(held.id, ann)
    assert [one.id for one in review.held_captions(None, 9).items] == [held.id]
    review.decide_caption(held.id, "visible")
    assert captions.get(held.id).rank == 1
    review.decide_caption(held.id, "hidden")
    assert db.session.get(Caption, held.id).state == "hidden"
    assert review.count_captions() == 0


def test_a_list_is_kept_as_it_was_written(context):
    filters.write("word", " cat \ncat\n\nDog ")
    filters.write("text", "a gun")
    assert filters.lines("word") == ["Dog", "cat"]
    filters.write("word", "dog")
    assert (filters.lines("word"), filters.lines("text")) == (["dog"], ["a gun"])
    for bad in ("...", "x" * 201):
        with pytest.raises(Invalid):
            filters.write("word", bad)


def test_the_queue_holds_what_is_held_reported_or_appealed_for_the_oldest_first(
    context, red_cat, ann, bob, admin, enter
):
    held, reported, fine, appealed = (enter(red_cat, ann, "red", "blue", 0.1 * i) for i in range(1, 5))
    moderation.decide(held.id, "held", "look", admin)
    moderation.report(reported.id, "rude", bob)
    moderation.decide(appealed.id, "hidden", "not a cat", admin)
    appeals.appeal(appealed.id, "It is a cat.", ann)
    assert review.count() == 3
    found, after = [], None
    while (item := review.first(after)) is not None:
        found.append(item)
        after = item.entry.id
    assert [item.entry.id for item in found] == [held.id, reported.id, appealed.id]
    assert [(item.held_for, item.complaints, item.appeal) for item in found] == [
        ("look", [], None),
        ("", ["rude"], None),
        ("not a cat", [], "It is a cat."),
    ]
    assert review.item(fine.id).earlier == 0


def test_an_author_is_told_why_and_may_say_something_once(context, red_cat, ann, bob, admin, enter):
    entry = enter(red_cat, ann)
    assert appeals.standing(entry.id) is None
    with pytest.raises(Conflict):
        appeals.appeal(entry.id, "Why not?", ann)
    moderation.decide(entry.id, "held", "first look", admin)
    moderation.decide(entry.id, "hidden", "not a cat", admin)
    (told,) = appeals.of_player(ann.id)
    assert (told.reason, told.open, told.entry.state) == ("not a cat", True, "hidden")
    with pytest.raises(Forbidden):
        appeals.appeal(entry.id, "I like it.", bob)
    with pytest.raises(Invalid):
        appeals.appeal(entry.id, " ", ann)
    appeals.appeal(entry.id, "It  is one.", ann)
    with pytest.raises(Conflict):
        appeals.appeal(entry.id, "Really.", ann)
    assert (appeals.standing(entry.id).appeal, appeals.standing(entry.id).read) == ("It is one.", False)
    moderation.decide(entry.id, "hidden", "Looked again. It is a dog.", admin)
    told = appeals.standing(entry.id)
    assert (told.reason, told.read, told.open) == ("Looked again. It is a dog.", True, False)
    assert review.count() == 0
