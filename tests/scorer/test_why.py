"""Reasons: a part's share is what is lost without it, places that matter are hot, words are weighed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

import scorer
from scorer import background, why
from scorer.background import Background
from tests.fakes import COLOURS, ColourJudge
from tests.scorer.test_encoder import cat


def paper() -> Image.Image:
    """A white square that the judge of colours sees as it is."""
    return Image.new("RGB", (64, 64), "white")


def marked(*marks: tuple[str, tuple[int, int, int, int]]) -> Image.Image:
    """Paper with boxes in colours of the judge."""
    picture = paper()
    for colour, box in marks:
        ImageDraw.Draw(picture).rectangle(box, COLOURS[colour])
    return picture


LEFT, RIGHT = (0, 0, 15, 15), (48, 48, 63, 63)


def test_what_is_left_out_and_what_came_before_have_cosines_of_their_own() -> None:
    judge = ColourJudge()
    retakes = why.Retakes(
        marked(("red", LEFT), ("blue", RIGHT)),
        left_out=[marked(("blue", RIGHT)), marked(("red", LEFT))],
        stages=[marked(("red", LEFT))],
        paper="#ffffff",
    )
    found = why.explain_picture(judge, "a red house", retakes)
    without_red, without_blue = found.left_out
    assert without_red < found.similarity < without_blue
    assert found.stages == [pytest.approx(without_blue)]
    assert found.similarity == pytest.approx(judge.score(retakes.whole, "a red house").similarity)


def test_everything_is_looked_at_once_and_bare_places_not_at_all() -> None:
    judge = ColourJudge()
    found = why.explain_picture(judge, "a red house", why.Retakes(marked(("red", LEFT)), [paper()], paper="#ffffff"))
    assert judge.looks == 2 + 4, "the picture, what is left of it, and the four windows that hold some of the box"
    assert np.shape(found.heat) == (why.SIDE, why.SIDE)
    assert found.heat[0][0] == max(map(max, found.heat)) > 0
    assert found.heat[-1][-1] == 0


def test_a_place_that_speaks_against_the_text_is_cold() -> None:
    retakes = why.Retakes(marked(("red", LEFT), ("blue", RIGHT)), paper="#ffffff")
    heat = np.array(why.explain_picture(ColourJudge(), "a red house", retakes).heat)
    assert heat[0, 0] > 0 > heat[-1, -1]


def test_a_picture_without_paper_is_hidden_under_its_mean_colour() -> None:
    found = why.explain_picture(ColourJudge(), "a red house", why.Retakes(marked(("red", (0, 0, 63, 31)))))
    assert np.ptp(found.heat) > 0


def test_too_many_parts_are_refused() -> None:
    retakes = why.Retakes(paper(), [paper()] * (why.MOST_PARTS + 1))
    with pytest.raises(ValueError, match="at most 32"):
        why.explain_picture(ColourJudge(), "a cat", retakes)


def test_a_word_weighs_what_the_caption_loses_without_it() -> None:
    judge = ColourJudge()
    embedding = judge.embed_images([marked(("red", LEFT))])[0]
    found = why.explain_caption(judge, "red and blue", embedding)
    assert found.words == ["red", "and", "blue"]
    without = dict(zip(found.words, found.left_out, strict=True))
    assert without["red"] < found.similarity == pytest.approx(without["and"])
    assert without["blue"] > found.similarity
    assert (found.tokens, found.most_tokens) == (5, 77)


def test_a_single_word_is_weighed_against_no_words() -> None:
    judge = ColourJudge()
    embedding = judge.embed_images([marked(("red", LEFT))])[0]
    found = why.explain_caption(judge, "red", embedding)
    assert found.left_out == [pytest.approx(float(embedding @ judge.embed_texts([""])[0]))]


def test_a_caption_that_is_near_to_every_picture_reaches_far() -> None:
    rng = np.random.default_rng(3)

    def unit(rows: np.ndarray) -> np.ndarray:
        return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)

    common = unit(rng.normal(size=16))
    against = Background(unit(rng.normal(size=(600, 16)) * 0.3 + common), unit(rng.normal(size=(400, 16))), 0.0)
    reaches = [background.reach(caption, against) for caption in against.captions]
    assert np.mean(reaches) == pytest.approx(50, abs=1)
    assert background.reach(common, against) > 97
    assert background.reach(-common, against) < 3
    assert background.longest_reach(against) == pytest.approx(np.percentile(reaches, 99), abs=0.5)


@pytest.fixture(scope="module")
def judge() -> scorer.Judge:
    return scorer.load("embedded:main")


def test_the_embedded_judge_finds_what_matters(judge: scorer.Judge) -> None:
    found = why.explain_picture(judge, "a cat", why.Retakes(cat(), [Image.new("RGB", cat().size, "white")]))
    assert found.left_out[0] < found.similarity
    assert np.max(found.heat) > judge.noise


def test_vague_words_reach_further_than_precise_ones(judge: scorer.Judge) -> None:
    embedding = judge.embed_images([cat()])[0]
    vague, precise = (why.explain_caption(judge, text, embedding) for text in ("a thing", "a cat on a bus"))
    assert precise.reach < vague.reach
    assert precise.reach < precise.longest_reach
