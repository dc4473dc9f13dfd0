"""Why a caption has its score: the word that matters shows, and words for any picture are warned of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from game.models import Player
from game.rules import caption_why, captions
from game.rules.caption_why import CaptionWhy
from game.rules.refusals import Missing
from game.rules.views import PromptView
from tests.fakes import ColourJudge

Explain = Callable[[str], CaptionWhy]


@pytest.fixture
def explain(context: Flask, red_cat: PromptView, ann: Player, bob: Player, enter: Callable) -> Explain:
    """Captions a drawing in red with a little blue and asks why the caption has its score."""
    entry = enter(red_cat, ann, "red", "blue", 0.2)
    return lambda text: caption_why.of_caption(captions.submit(entry.id, text, bob).id)


def test_the_word_that_matters_shows(explain: Explain) -> None:
    found = explain("something red and green")
    by_word = {word.word: word for word in found.words}
    assert [word.word for word in found.words] == ["something", "red", "and", "green"]
    assert by_word["red"].added > 0 > by_word["green"].added
    assert by_word["something"].added == pytest.approx(0, abs=1e-6)
    assert sum(abs(word.share) for word in found.words) == pytest.approx(100)
    assert by_word["green"].share < 0
    assert found.sentence == "“red” carries this caption; “green” costs it something."


def test_the_numbers_are_the_captions_own(explain: Explain) -> None:
    found = explain("red and blue")
    caption = captions.get(found.caption_id)
    assert found.similarity == pytest.approx(caption.similarity, abs=1e-6)
    assert found.percentile == pytest.approx(caption.percentile)
    assert (found.tokens, found.max_tokens) == (caption.tokens, 77)


def test_a_single_word_carries_it_all(explain: Explain) -> None:
    found = explain("red")
    assert abs(found.words[0].share) == pytest.approx(100)
    assert "all there is" in found.sentence


def test_words_that_would_fit_any_picture_are_warned_of(
    explain: Explain, judge: ColourJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    precise = explain("red")
    assert precise.warning is None
    assert not precise.fits_everything
    monkeypatch.setattr(ColourJudge, "longest_reach", 10.0)
    vague = explain("red orange yellow green blue purple pink brown black grey")
    assert vague.fits_everything
    assert vague.reach > precise.reach
    assert f"{vague.reach:.0f} of 100" in (vague.warning or "")


def test_it_is_worked_out_once(explain: Explain, monkeypatch: pytest.MonkeyPatch) -> None:
    found = explain("red and blue")
    monkeypatch.setattr(ColourJudge, "embed_texts", None)
    assert caption_why.of_caption(found.caption_id) == found


def test_there_is_no_reason_without_a_caption(context: Flask) -> None:
    with pytest.raises(Missing):
        caption_why.of_caption("nobody")
