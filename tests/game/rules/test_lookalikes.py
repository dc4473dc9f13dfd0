"""Words are found however they are spelled, and nothing else is taken for them."""

import pytest

from game.rules.filters import held_word

BAD = ["brute", "ass", "vile*", "*slur*", "two words"]


@pytest.mark.parametrize(
    "text",
    [
        "a brute",
        "BRUTE!",
        "bruuuute",
        "b r u t e",
        "b.r.u.t.e",
        "brut\u0435",  # a Cyrillic letter
        "\u042cru\u0442\u0435",
        "ｂｒｕｔｅ",
        "br\u00fcte",
        "bru\u200bte",
        "8ru7e",
        "you-brute",
        "an @$$",
        "vilest of all",
        "anyslurring",
        "two   Words",
    ],
)
def test_a_word_is_found(text):
    assert held_word(text, BAD) is not None


@pytest.mark.parametrize(
    "text",
    ["", "a brutal cat", "as we like it", "a classic ass-ociation of cats", "evil", "two swords", "grass"],
)
def test_what_only_looks_a_little_like_it_is_not(text):
    assert held_word(text, [word for word in BAD if word != "ass"]) is None
    assert held_word("as a class", ["ass"]) is None


def test_the_word_is_told_as_it_was_written():
    assert held_word("a 8RUTE", ["cat", "brute"]) == "brute"
