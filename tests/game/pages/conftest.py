"""A game with a quick judge, seeded, and the gestures of those who visit its pages."""

import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from game import create_app, judging
from game.preparing import prepare
from game.rules import drawing, entries, players, prompts
from game.rules.views import EntryView
from tests import doodles


@dataclass(frozen=True)
class Score:
    """What the quick judge says."""

    similarity: float
    percentile: float
    embedding: Any
    judge: str


class QuickJudge:
    """Knows nothing and is sure of it: every picture and every text points somewhere of its own."""

    spec, dim, context_length, noise, embedded = "embedded:main", 8, 77, 0.001, True

    def embed_texts(self, texts: Sequence[str]) -> Any:
        """A direction for each text."""
        return np.stack([self._direction(text.encode()) for text in texts])

    def embed_images(self, pictures: Sequence[Image.Image]) -> Any:
        """A direction for each picture."""
        return np.stack([self._direction(picture.resize((32, 32)).tobytes()) for picture in pictures])

    def score(self, picture: Image.Image, text: str) -> Score:
        """The score of a picture."""
        return self.score_embedding(self.embed_images([picture])[0], text)

    def score_embedding(self, embedding: Any, text: str) -> Score:
        """The score of a direction."""
        similarity = float(np.asarray(embedding, np.float32) @ self.embed_texts([text])[0])
        return Score(similarity, self.percentile(similarity, text), embedding, self.spec)

    def percentile(self, similarity: float, text: str) -> float:
        """Evenly spread."""
        return 50 + 50 * max(-1.0, min(1.0, similarity))

    def background_histogram(self, text: str, bins: int = 40) -> tuple[list[float], list[int]]:
        """A hill."""
        return [float(edge) for edge in np.linspace(-1, 1, bins + 1)], [min(i, bins - i) for i in range(bins)]

    def caption_percentile(self, embedding: Any, similarity: float) -> float:
        """As for drawings."""
        return self.percentile(similarity, "")

    longest_reach = 60.0

    def caption_reach(self, text: str) -> float:
        """Far for everything but cats."""
        return 30.0 if "cat" in text else 90.0

    def count_tokens(self, text: str) -> int:
        """Words, a start and an end."""
        return len(text.split()) + 2

    def seen_as(self, picture: Image.Image) -> Image.Image:
        """Smaller."""
        return picture.resize((64, 64))

    @staticmethod
    def _direction(given: bytes) -> Any:
        seed = int.from_bytes(hashlib.sha256(given).digest()[:8], "big")
        direction = np.random.default_rng(seed).normal(size=8).astype(np.float32)
        return direction / np.linalg.norm(direction)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a seeded game that nobody has played yet; making one takes a second."""
    data = tmp_path_factory.mktemp("prepared")
    prepare(create_app({"DATA": data, "RATE_LIMITS": "off"}))
    return data


@pytest.fixture
def app(prepared: Path, tmp_path: Path) -> Flask:
    """A fresh, seeded game."""
    data = shutil.copytree(prepared, tmp_path / "data")
    app = create_app({"DATA": data, "RATE_LIMITS": "off"})
    app.testing = True
    app.extensions[judging.INJECTED] = QuickJudge()
    return app


class Visitor:
    """Somebody with a browser that runs no JavaScript."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sees(self, address: str, status: int = 200) -> str:
        """The page at an address."""
        answer = self.client.get(address)
        assert answer.status_code == status, (address, answer.status)
        return answer.text

    def sends(self, page: str, action: str, **fields: str) -> TestResponse:
        """Fills in the form with this action on a page and sends it as a browser would."""
        text = self.client.get(page).text
        form = next(found for found in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'action="{action}"' in found)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        return self.client.post(action, data={**{name: unescape(value) for name, value in hidden.items()}, **fields})


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who comes for the first time."""
    return Visitor(app.test_client())


@pytest.fixture
def admin(app: Flask) -> Visitor:
    """Somebody who came in through a one-time link."""
    with app.app_context():
        link = players.one_time_link()
    visitor = Visitor(app.test_client())
    assert visitor.sends(link, "/admin/login").status_code == 303
    return visitor


@pytest.fixture
def hang(app: Flask) -> Callable[..., EntryView]:
    """Hangs a doodle by a new player, `name` or nameless, under a prompt."""

    def _hang(prompt_id: str, word: str, name: str | None = None) -> EntryView:
        with app.app_context():
            player, _ = players.anonymous()
            return entries.submit(prompt_id, drawing.parse(doodles.drawing(word)), player, name)

    return _hang


@pytest.fixture
def prompt_id(app: Flask) -> str:
    """The prompt on top of the home page."""
    with app.app_context():
        return prompts.listing("new", None, 1).items[0].id
