"""Numbers as players read them."""

import pytest

from game.pages import formats


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (112, "112th"), (1022, "1,022nd")]
)
def test_places_are_spoken(number: int, shown: str) -> None:
    assert formats.ordinal(number) == shown


@pytest.mark.parametrize(
    ("percentile", "shown"), [(0.0, "0.0"), (0.01, "0.1"), (93.44, "93.4"), (99.97, "99.9"), (100.0, "100.0")]
)
def test_a_percentile_is_never_rounded_to_the_very_top_or_bottom(percentile: float, shown: str) -> None:
    assert formats.percent(percentile) == shown


@pytest.mark.parametrize(
    ("percentile", "words"),
    [
        (100, "all"),
        (99.97, "999 of 1,000"),
        (99.5, "995 of 1,000"),
        (93.4, "93 of 100"),
        (0.4, "hardly any of the"),
        (0, "none of the"),
    ],
)
def test_a_percentile_in_words(percentile: float, words: str) -> None:
    assert formats.of_hundred(percentile) == words


@pytest.mark.parametrize(
    ("percentile", "words"),
    [
        (100, "a better fit than all unrelated drawings"),
        (99.5, "a better fit than 995 of 1,000 unrelated drawings"),
        (93.4, "a better fit than 93 of 100 unrelated drawings"),
        (0.4, "a better fit than hardly any of the unrelated drawings"),
        (0, "a better fit than none of the unrelated drawings"),
    ],
)
def test_a_percentile_as_part_of_a_sentence(percentile: float, words: str) -> None:
    assert formats.fit(percentile) == words


def test_a_negative_cosine_has_a_minus_sign() -> None:
    assert formats.cosine(-0.0834) == "−0.083"


def test_days_are_read_from_times_and_from_their_text() -> None:
    assert formats.day("2026-11-21T00:50:41+00:00") == "21 November 2026"


@pytest.mark.parametrize(("part", "said"), [(12.4, "12 %"), (-7.6, "−8 %"), (-0.3, "0 %")])
def test_a_share_may_be_below_nothing(part: float, said: str) -> None:
    assert formats.share(part) == said
