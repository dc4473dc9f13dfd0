"""The second judge's opinion: beside the judge's, and never at the entry's cost."""

import threading

import pytest

from game import judging
from game.judging import INJECTED, INJECTED_SECOND
from game.rules import second
from game.settings import SettingError, load
from tests.fakes import ColourJudge


@pytest.fixture
def beside(context, monkeypatch):
    """A second judge that sits beside the one of colours; entries wait for it as long as it takes."""
    monkeypatch.setattr(second, "PATIENCE", 60.0)
    context.extensions[INJECTED_SECOND] = ColourJudge("fake:second")
    return context.extensions[INJECTED_SECOND]


def test_both_opinions_are_kept(beside, red_cat, ann, enter):
    view = enter(red_cat, ann, "red", "blue", 0.4)
    assert (view.judge, view.second["judge"]) == ("fake:colours", "fake:second")
    assert view.second["similarity"] == pytest.approx(view.similarity)
    assert view.second["percentile"] == pytest.approx(view.percentile)
    assert (view.second["rank"], view.second["of"], view.second["tied"]) == (1, 1, False)


def test_a_second_judge_that_fails_costs_the_entry_nothing(beside, red_cat, ann, enter, monkeypatch, caplog):
    def fails(picture, text):
        raise RuntimeError("out of paper")

    monkeypatch.setattr(beside, "score", fails)
    view = enter(red_cat, ann)
    assert (view.rank, view.of, view.second) == (1, 1, None)
    assert "the second judge failed on an entry" in caplog.text


def test_a_second_judge_that_hangs_holds_up_nobody(beside, red_cat, ann, enter, monkeypatch):
    hangs, plain = threading.Event(), beside.score
    monkeypatch.setattr(second, "PATIENCE", 0.01)
    monkeypatch.setattr(second, "_places", threading.BoundedSemaphore(2))
    monkeypatch.setattr(beside, "score", lambda picture, text: hangs.wait(60) and plain(picture, text))
    try:
        for number in range(3):  # the third finds no place and does not even begin
            assert enter(red_cat, ann, "red", "blue", number / 10).second is None
        assert len([thread for thread in threading.enumerate() if thread.name == "second-opinion"]) == 2
    finally:
        hangs.set()


def test_a_second_judge_that_cannot_be_loaded_is_done_without(make_app, monkeypatch):
    app, tried = make_app(SECOND_JUDGE="other:judge"), threading.Event()

    def fails(name):
        tried.set()
        raise judging.JudgeUnavailable("there is no such judge")

    monkeypatch.setattr(judging, "load", fails)
    monkeypatch.setattr(judging, "_tried", {})
    with app.app_context():
        assert judging.second_spec() == "other:judge"
        assert judging.second() is None  # at once; it is looked for meanwhile
        assert tried.wait(30)
        tried.clear()
        assert judging.second() is None
        assert not tried.is_set()  # and not again at every entry


def test_who_sits_as_second_is_said_by_the_setting(make_app, monkeypatch, tmp_path):
    def sits(**settings):
        app = make_app(**settings)
        del app.extensions[INJECTED]
        with app.app_context():
            return judging.second_spec()

    monkeypatch.setattr(judging, "_is_shipped", {"embedded:second": False}.get)
    assert sits() is None
    assert sits(SECOND_JUDGE="embedded:third") == "embedded:third"
    monkeypatch.setattr(judging, "_is_shipped", {"embedded:second": True}.get)
    assert sits() == "embedded:second"
    assert sits(SECOND_JUDGE="none") is None
    assert sits(JUDGE="ViT-B-32:openai") is None
    assert sits(JUDGE="embedded:second") is None
    assert sits(JUDGE="a:b", SECOND_JUDGE="a:b") is None  # nobody is a second opinion to themselves
    with pytest.raises(SettingError):
        load({"SECOND_JUDGE": " "})


def test_shipped_weights_are_found_where_they_lie():
    assert judging._is_shipped("embedded:main")
    assert not judging._is_shipped("embedded:nobody")


def test_the_second_judge_guides_nobody_by_itself(context, beside, red_cat, ann):
    from game import painting

    assert painting.check({"texts": [{"text": "a cat"}]})["guide"] == "fake:colours"
    assert painting.check({"texts": [{"text": "a cat"}], "guide": "fake:second"})["guide"] == "fake:second"
