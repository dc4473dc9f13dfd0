"""The lessons on what the judge sees: four pictures beside a text, and the words it would choose."""

import json
import re

import numpy as np
import pytest
from flask import Flask

from game import judging
from game.extensions import db
from game.models import Entry
from game.pages.heat import LEVELS, heat, scale
from game.rules import glances, naming, players
from game.rules.embeddings import packed
from tests import doodles
from tests.game.pages.conftest import QuickJudge, Visitor
from tests.game.pages.test_explore import Away


@pytest.fixture
def four(app: Flask, prompt_id: str) -> list[str]:
    """The ids of four entries, written straight into the database."""
    rng = np.random.default_rng(2)
    with app.app_context():
        player, _ = players.anonymous()
        rows = [
            Entry(
                prompt_id=prompt_id, player_id=player.id, kind="human", picture="none.png", judge=QuickJudge.spec,
                noise=0.001, similarity=0.5, percentile=75.0, penalised=0.5, embedding=packed(rng.normal(size=8)),
            )
            for _ in range(4)
        ]  # fmt: skip
        db.session.add_all(rows)
        db.session.commit()
        return [row.id for row in rows]


def test_four_pictures_are_compared_without_being_asked_for(visitor: Visitor, four: list[str]) -> None:
    page = visitor.sees("/explore/cosine")
    assert 1 <= page.count('class="cosine-one"') <= 4
    assert page.count('class="heat"') == 1 + 2 * page.count('class="cosine-one"')


def test_shares_add_up_and_a_warmer_softmax_evens_them_out(visitor: Visitor, four: list[str]) -> None:
    chosen = "&".join(f"e={one}" for one in four)
    cold, warm = (shares(visitor.sees(f"/explore/cosine?text=a+cat&{chosen}&t={t}")) for t in (10, 100))
    for found in (cold, warm):
        assert len(found) == 4
        assert sum(found) == pytest.approx(100, abs=0.5)
    assert max(warm) < max(cold)


def shares(page: str) -> list[float]:
    return [float(share) for share in re.findall(r"data-share>([\d.]+)<", page)]


def test_agreeing_and_cancelling_add_up_to_the_cosine(app: Flask, visitor: Visitor, four: list[str]) -> None:
    page = visitor.sees(f"/explore/cosine?text=a+cat&e={four[0]}")
    plus, minus = (figure(one) for one in re.search(r"Agrees (\d\.\d+), cancels (−?\d\.\d+)", page).groups())
    assert plus + minus == pytest.approx(float(re.search(r'data-similarity="([^"]+)"', page)[1]), abs=0.002)


def figure(text: str) -> float:
    return float(text.replace("−", "-"))


def test_other_pictures_are_fetched_by_words(visitor: Visitor, four: list[str]) -> None:
    page = visitor.sees("/explore/cosine?text=a+cat&find=a+house")
    assert all(f'value="{one}"' in page for one in four)


def test_nobody_looks_at_what_does_not_hang(visitor: Visitor, four: list[str]) -> None:
    visitor.sees("/explore/cosine?e=nosuch", 404)
    visitor.sees("/explore/words?entry=nosuch", 404)


@pytest.mark.parametrize("address", ["/explore/cosine?text=a+red+bus", "/explore/words?entry={}&words=a+red+bus"])
def test_a_judge_that_is_away_is_told_kindly(app: Flask, visitor: Visitor, four: list[str], address: str) -> None:
    app.extensions[judging.INJECTED] = Away()
    page = visitor.sees(address.format(four[0]), 503)
    assert "The judge cannot be reached at the moment" in page
    assert "a red bus" in page


def test_a_picture_is_named_with_ones_own_words(visitor: Visitor, four: list[str]) -> None:
    page = visitor.sees(f"/explore/words?entry={four[0]}&words=a+leek,+a+radish,%0Aa+leek")
    assert "The best 2 of 2 words" in page
    assert {"a leek", "a radish"} == set(re.findall(r'<th scope="row">([^<]+)<', page))
    assert "quite sure: a leek" in visitor.sees(f"/explore/words?entry={four[0]}&words=a+leek")


def test_by_itself_the_judge_chooses_among_all_the_words_it_knows(
    visitor: Visitor, four: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_own", {})  # another test's judge may go by the same name
    page = visitor.sees(f"/explore/words?entry={four[0]}")
    assert f"The best 10 of {len(judging.vocabulary())} words" in page


def test_too_many_words_are_refused_and_kept(visitor: Visitor, four: list[str]) -> None:
    page = visitor.sees(f"/explore/words?entry={four[0]}&words=" + ",".join(f"w{i}" for i in range(41)), 422)
    assert "At most 40 words" in page
    assert "w0,w1" in page


def test_a_drawing_from_the_sheet_is_named_and_not_kept(app: Flask, visitor: Visitor) -> None:
    kept = len(list(app.config["PAINTOFF"].data.rglob("objects/*/*")))
    drawing = json.dumps(doodles.drawing("cat"))
    answer = visitor.sends("/explore/words", "/explore/words", drawing=drawing, words="a cat, a dog")
    assert answer.status_code == 200
    assert "The best 2 of 2 words" in answer.text
    assert len(list(app.config["PAINTOFF"].data.rglob("objects/*/*"))) == kept


@pytest.mark.parametrize("drawing", ["", "nonsense", '{"format": 9}', "[" * 20_000])
def test_a_sheet_that_is_no_drawing_is_refused_kindly(visitor: Visitor, drawing: str) -> None:
    answer = visitor.sends("/explore/words", "/explore/words", drawing=drawing)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_piece_of_the_page_tells_a_refusal_as_something_to_show(visitor: Visitor) -> None:
    token = re.search(r'name="csrf-token" content="([^"]+)"', visitor.sees("/explore/words"))[1]
    headers = {"X-Fragment": "1", "X-CSRF-Token": token}
    answer = visitor.client.post("/explore/words", data={"drawing": ""}, headers=headers)
    assert (answer.status_code, answer.headers["X-Fragment"]) == (200, "last")
    assert "Draw something first." in answer.text
    assert "<html" not in answer.text


def test_a_crowd_of_sheets_does_not_wait(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    class Taken:
        def acquire(self, blocking: bool) -> bool:
            return False

    monkeypatch.setattr(glances, "_desk", Taken())
    answer = visitor.sends("/explore/words", "/explore/words", drawing=json.dumps(doodles.drawing("cat")))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "too many pictures on the table" in answer.text


def test_a_square_shows_every_number_on_one_scale() -> None:
    rows = [np.array([1.0, -1.0, 0.5, 0.01, 3.0], np.float32), np.zeros(5, np.float32)]
    full = scale(rows)
    drawn = heat(rows[0], full)
    assert drawn.side == 3
    assert [level for level, _ in drawn.levels] == sorted(level for level, _ in drawn.levels)
    assert max(level for level, _ in drawn.levels) == LEVELS
    assert heat(rows[1], full).levels == []
    assert sum(path.count("M") for _, path in drawn.levels) == 4
