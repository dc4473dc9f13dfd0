"""The reverse player in the game: one caption for each picture, judged like any other."""

from types import SimpleNamespace

import pytest

from game import captioning, painting, storage
from game.extensions import db
from game.judging import JudgeAway
from game.models import Caption
from game.rules import captions, machine_captions, moderation


class Writer:
    """Stands for the generator; says the same of every picture."""

    def __init__(self):
        self.seen, self.text = [], "a blue thing"

    def write(self, picture, guide):
        self.seen.append((picture.size, guide))
        return SimpleNamespace(text=self.text, similarity=0.9, tried=345)


@pytest.fixture
def writer(monkeypatch):
    writer = Writer()
    monkeypatch.setattr(painting, "caption", writer.write)
    return writer


def test_a_machine_captions_each_picture_once_and_stands_on_its_board(context, red_cat, ann, bob, enter, writer):
    assert machine_captions.waiting() is None
    picture = enter(red_cat, ann, "blue")
    assert machine_captions.waiting() == picture.id
    assert machine_captions.write(picture.id) is True
    assert writer.seen == [((512, 512), "fake:colours")], "the judge is the guide"
    captions.submit(picture.id, "red", bob)
    captions.submit(picture.id, "something blue", bob)
    hung = {view.text: view for view in captions.ranked(picture.id, None, 9).items}
    theirs, same, other = (hung[text] for text in (writer.text, "something blue", "red"))
    assert [(view.player["kind"], view.rank, view.of) for view in (theirs, same, other)] == [
        ("ai", 1, 3), ("human", 1, 3), ("human", 3, 3)
    ]  # fmt: skip
    assert theirs.search == {"guide": "fake:colours", "tried": 345}
    assert same.search is other.search is None
    assert theirs.similarity == same.similarity, "it is the judge's number, not the search's own"

    assert machine_captions.waiting() is None
    assert machine_captions.write(picture.id) is False, "a second worker comes too late"
    assert captions.ranked(picture.id, None, 9).items[0].of == 3


def test_another_judge_gets_words_of_its_own(context, red_cat, ann, enter, writer, judge):
    picture = enter(red_cat, ann)
    machine_captions.write(picture.id)
    db.session.query(Caption).one().guide = "fake:former"
    db.session.commit()
    assert machine_captions.waiting() == picture.id
    assert machine_captions.write(picture.id) is True
    assert captions.ranked(picture.id, None, 9).items[0].of == 2
    judge.spec = "fake:later"
    assert machine_captions.waiting() is None, "pictures that the judge has yet to see can wait"


def test_pictures_that_do_not_hang_are_left_alone(context, red_cat, ann, enter, writer):
    moderation.decide(enter(red_cat, ann).id, "hidden", "", None)
    assert machine_captions.waiting() is None


def test_a_picture_waits_while_the_judge_is_away(red_cat, ann, enter, writer, judge, monkeypatch):
    picture, failed = enter(red_cat, ann), set()

    def away(*_):
        raise JudgeAway("nobody answers")

    with monkeypatch.context() as patch:
        patch.setattr(judge, "score_embedding", away)
        captioning.look(failed)
    assert failed == set()
    assert db.session.query(Caption).count() == 0
    captioning.look(failed)
    assert db.session.query(Caption).one().entry_id == picture.id


def test_a_picture_that_fails_keeps_no_other_waiting(context, red_cat, ann, enter, writer, monkeypatch):
    lost, fine, failed = enter(red_cat, ann, "blue"), enter(red_cat, ann, "green"), set()
    find = machine_captions.picture_of

    def picture_of(entry):
        if entry.id == lost.id:
            raise storage.ObjectMissing(entry.picture)
        return find(entry)

    monkeypatch.setattr(machine_captions, "picture_of", picture_of)
    for _ in range(2):
        captioning.look(failed)
    assert failed == {lost.id}
    assert [caption.entry_id for caption in db.session.query(Caption)] == [fine.id]


def test_the_painters_door_hands_over_guide_and_words(context, monkeypatch):
    from generator import captions as words

    monkeypatch.setattr(painting.judging, "guide", lambda name: f"encoder of {name}")
    monkeypatch.setattr(words, "write", lambda picture, guide, vocabulary: (picture, guide, len(vocabulary)))
    assert painting.caption("picture", "one") == ("picture", "encoder of one", 345)
