"""Share cards: prompt, picture and rank on a card of one size, whatever their length."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageColor

from game.models import Player
from game.rules import cards, entries, lettering
from game.rules.cards import Facts
from game.rules.views import EntryView, PromptView

Enter = Callable[..., EntryView]
GREEN = Image.new("RGB", (512, 512), (58, 160, 70))
CAT = Facts("a cat", "human", "Ada", 3, 40, "93 of 100")


def share_of(card: Image.Image, colour: str | tuple[int, int, int]) -> float:
    """How much of a card is of a colour, nearly."""
    wanted = np.array(ImageColor.getrgb(colour) if isinstance(colour, str) else colour)
    return float((np.abs(np.asarray(card).astype(int) - wanted).max(axis=2) < 8).mean())


def test_a_card_shows_the_picture_its_side_and_a_stamp() -> None:
    card = cards.drawn(GREEN, CAT)
    assert card.size == (1200, 630)
    assert share_of(card, (58, 160, 70)) > 0.2
    assert share_of(card, cards.JUDGE) > 0.03
    assert share_of(card, cards.PEOPLE) > 0.003
    machine = cards.drawn(GREEN, Facts("a cat", "ai", "Strokes", 3, 40, "93 of 100"))
    assert share_of(machine, cards.MACHINES) > share_of(card, cards.MACHINES) + 0.003


def test_what_has_no_rank_has_no_stamp() -> None:
    assert share_of(cards.drawn(GREEN, Facts("a cat", "human", "", None, 0, "all")), cards.JUDGE) < 0.01


def test_another_prompt_and_another_rank_are_another_card() -> None:
    card = cards.drawn(GREEN, CAT).tobytes()
    assert card == cards.drawn(GREEN, CAT).tobytes()
    for other in (Facts("a dog", *["human", "Ada", 3, 40, "93 of 100"]), Facts("a cat", "human", "Ada", 4, 40, "all")):
        assert cards.drawn(GREEN, other).tobytes() != card


@pytest.mark.parametrize("name", ["W" * 40, "", "Ada"])
@pytest.mark.parametrize("prompt", ["a cat", "Donaudampfschifffahrtsgesellschaft" * 5, "a teapot and a shark " * 9])
def test_nothing_leaves_the_card(prompt: str, name: str) -> None:
    card = np.asarray(cards.drawn(GREEN, Facts(prompt, "human", name, 123456, 1234567, "994 of 1,000")))
    paper = np.array(ImageColor.getrgb(cards.PAPER))
    for edge in (card[:24], card[-24:], card[:, :24], card[:, -24:]):
        assert (edge == paper).all()


def test_a_card_is_made_once_for_each_rank(
    red_cat: PromptView, ann: Player, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = enter(red_cat, ann, "red")
    row, told = entries.row(view.id), cards.facts(view, "all")
    assert told == Facts("a red cat", "human", "Ann", 1, 1, "all")
    first = cards.card(row, told)
    assert Image.open(io.BytesIO(first)).size == (cards.WIDE, cards.HIGH)
    monkeypatch.setattr(cards, "drawn", lambda picture, facts: GREEN)
    assert cards.card(row, told) == first
    assert cards.card(row, Facts("a red cat", "human", "Ann", 2, 2, "all")) != first


def test_without_the_display_face_another_one_stands_in(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    lettering.face.cache_clear()
    monkeypatch.setattr(lettering, "DISPLAY", tmp_path / "display.woff2")
    try:
        assert share_of(cards.drawn(GREEN, CAT), cards.JUDGE) > 0.03
    finally:
        lettering.face.cache_clear()
