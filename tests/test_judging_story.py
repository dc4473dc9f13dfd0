"""The heart of the game as a story: a drawing of what was asked for stands above drawings of other things.

Told once through the JSON API with the doodles made for the tests, and once more, where ../shared/data is present, with
people's drawings that the embedded judge has never seen.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

import scorer
from game import create_app
from game.preparing import prepare
from game.rules import drawing, exchange, prompts, raster
from tests import doodles

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
UNCOUNTED = {"lightning", "scissors", "eyeglasses"}
BOARDS, DRAWINGS = 8, 9  # how many boards the story plays, and with how many drawings each

Drawings = dict[str, dict[str, Any]]  # one for each word


def asked(word: str) -> str:
    """The word as a prompt would put it."""
    if word in UNCOUNTED:
        return word
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


@pytest.fixture(scope="module")
def judge() -> scorer.Judge:
    return scorer.load("embedded:main")


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Drawings], list[str]]]:
    """Plays a prompt, each drawing sent by a player of its own; returns their words as the leaderboard ranks them."""
    app = create_app({"DATA": tmp_path_factory.mktemp("paintoff"), "RATE_LIMITS": "off"})
    prepare(app)
    with app.app_context():
        client = app.test_client()
        yield lambda word, drawings: play(client, word, drawings)


def play(client: FlaskClient, word: str, drawings: Drawings) -> list[str]:
    prompt = prompts.add(asked(word))
    drawn = {}
    for other, sent in drawings.items():
        token = client.post("/api/v1/players").json["token"]
        answer = client.post(
            f"/api/v1/prompts/{prompt.id}/drawings", json=sent, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 201, answer.json
        drawn[answer.json["entry"]["id"]] = other
    items = client.get(f"/api/v1/prompts/{prompt.id}/leaderboard?limit=100").json["items"]
    assert [item["rank"] for item in items] == sorted(item["rank"] for item in items)
    return [drawn[item["id"]] for item in items]


def boards(drawings: Drawings) -> Iterator[tuple[str, Drawings]]:
    """Draws lots for the prompts and, for each, the other things that are drawn for it."""
    lots = random.Random(7)
    for word in lots.sample(sorted(drawings), BOARDS):
        others = lots.sample(sorted(set(drawings) - {word}), DRAWINGS - 1)
        sent = [word, *others]
        lots.shuffle(sent)
        yield word, {other: drawings[other] for other in sent}


def ranks(judge: scorer.Judge, drawings: Drawings) -> np.ndarray:
    """For each word's text, the rank (1 is first) of its own drawing among all the drawings."""
    words = sorted(drawings)
    pictures = judge.embed_images([raster.picture(drawing.parse(drawings[word])) for word in words])
    similarity = judge.embed_texts([asked(word) for word in words]) @ pictures.T
    return 1 + (similarity > np.diag(similarity)[:, None]).sum(axis=1)


@pytest.fixture(scope="module")
def doodled() -> Drawings:
    return {word: doodles.drawing(word) for word in doodles.WORDS}


@pytest.fixture(scope="module")
def held_back() -> Drawings:
    """For each of the 345 words one drawing by a person that the judge was not trained on."""
    if not DATA.is_dir():
        pytest.skip("../shared/data is not there, so the judge is not tried on people's drawings")
    from scorer.training import data

    words, labels, sketches = data.read(DATA, held_back=True)
    lines = ('{"drawing": ' + sketches[labels.index(word)] + "}" for word in words)
    return {word: record.drawing.to_dict() for word, record in zip(words, exchange.read(lines), strict=True)}


def test_the_thing_asked_for_wins_its_board(board, doodled):
    places = [board(word, drawings).index(word) for word, drawings in boards(doodled)]
    assert sum(place == 0 for place in places) >= BOARDS - 1, places


def test_doodles_stand_first_among_all(judge, doodled):
    found = ranks(judge, doodled)
    assert np.mean(found == 1) >= 0.85, dict(zip(doodles.WORDS, found.tolist(), strict=True))
    assert found.mean() <= 1.5


def test_a_doodle_of_the_thing_has_a_high_percentile(judge, doodled):
    """0 to 100 means the same for every prompt: what was asked for is near the top, something else in the middle."""
    own, other = [], []
    for word, next_word in zip(doodles.WORDS, [*doodles.WORDS[1:], doodles.WORDS[0]], strict=True):
        picture = raster.picture(drawing.parse(doodled[word]))
        own.append(judge.score(picture, asked(word)).percentile)
        other.append(judge.score(picture, asked(next_word)).percentile)
    assert np.median(own) >= 99
    assert 20 <= np.median(other) <= 80


@pytest.mark.data
def test_the_thing_asked_for_wins_its_board_with_unseen_drawings(board, held_back):
    places = [board(word, drawings).index(word) for word, drawings in boards(held_back)]
    assert sum(place == 0 for place in places) >= BOARDS - 1, places


@pytest.mark.data
def test_unseen_drawings_stand_first_among_345(judge, held_back):
    found = ranks(judge, held_back)
    assert np.mean(found == 1) >= 0.55
    assert np.mean(found <= 10) >= 0.9
