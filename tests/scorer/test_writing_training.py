"""How the network that finds writing learns: crops by their seed, a run that goes on where it was, honest figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from scorer import letters
from scorer.training.writing import __main__ as command
from scorer.training.writing import figures, hands, machine, pages, texts, textures
from scorer.training.writing.hands import Manner, draw_stroke
from scorer.training.writing.learn import Recipe, learn, losses, whole
from scorer.training.writing.scenes import Crops, Scenes
from tests.handwriting import ALPHABET

RECIPE = Recipe(width=8, batch=((0, 6), (2, 4)), steps=4, kept_each=2, shares=((0, 1.0), (4, 0.5)))
DRAWING = json.dumps([[[0, 255, 255, 0, 0], [0, 0, 255, 255, 0]], [[40, 200], [60, 220]]])


class OwnHand:
    """Writes in the tests' own alphabet."""

    name = "own"

    def write(self, text: str, manner: Manner, rng: np.random.Generator) -> Image.Image:
        unit, x = manner.height / 6, 0.0
        stencil = Image.new("L", (int(6 * unit * len(text)) + 20, int(manner.height) + 20))
        draw = ImageDraw.Draw(stencil)
        for letter in text.upper():
            for stroke in ALPHABET.get(letter, ()):
                draw_stroke(draw, np.array(stroke) * unit + (x + 6, 6), manner.pen)
            x += 5.6 * unit
        return stencil


@pytest.fixture
def scenes() -> Scenes:
    return Scenes([DRAWING], [OwnHand()])


def test_a_seed_fixes_a_batch_whatever_came_before(scenes: Scenes) -> None:
    first = scenes.batch((7, 3), 6)
    scenes.batch((7, 4), 2)
    again = scenes.batch((7, 3), 6)
    assert all(torch.equal(a, b) for a, b in zip(vars(first).values(), vars(again).values(), strict=True))
    assert first.ink.shape == (6, 1, 64, 64)
    assert first.writing.shape == first.counts.shape == (6, 16, 16)


def test_cells_say_writing_where_a_hand_wrote(scenes: Scenes) -> None:
    crops = scenes.batch((1, 1), 40)
    some = crops.writing.flatten(1).any(1)
    assert 0.3 < some.float().mean() < 0.8
    assert set(crops.writing.unique().tolist()) <= {0.0, 1.0}
    assert crops.ink.min() >= 0
    assert crops.ink.max() <= 1
    assert (crops.counts[crops.writing > 0] == 1).all()


def test_a_run_goes_on_where_it_was(scenes: Scenes, tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    straight, _ = learn(RECIPE, scenes, whole, told.append)
    with pytest.raises(KeyboardInterrupt):
        learn(RECIPE, Stopping(scenes, 3), parts, told.append)
    resumed, _ = learn(RECIPE, scenes, parts, told.append)
    for one, other in zip(straight.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_only_the_hardest_empty_cells_count() -> None:
    answer = torch.tensor([[[4.0, -4.0], [-4.0, -4.0]]])
    crops = Crops(torch.zeros(1, 1, 8, 8), torch.tensor([[[0.0, 1.0], [0.0, 0.0]]]), torch.ones(1, 2, 2))
    missed, all_of_them = losses(answer, crops, 1.0)
    assert missed == pytest.approx(4.018, abs=1e-2)
    assert all_of_them == pytest.approx((4.018 + 2 * 0.018) / 3, abs=1e-2)
    assert losses(answer, crops, 0.3)[1] == pytest.approx(4.018, abs=1e-2)


def test_a_crop_counts_by_its_surest_cells_and_only_the_worst_quarter_of_the_honest() -> None:
    answer = torch.full((6, 4, 4), -9.0)
    answer[0, :3] = 9.0  # twelve sure cells where nothing is written
    answer[5, 3] = 9.0  # sure beside the writing, not of it
    written = torch.zeros(6, 4, 4)
    written[5, :3] = 1.0
    crops = Crops(torch.zeros(6, 1, 16, 16), written, torch.ones(6, 4, 4))
    assert whole(answer, crops) == pytest.approx(9 / 2 + 8 / 12 * 9, abs=0.01), (
        "of five honest crops the worst two count"
    )
    answer[0, :3], answer[5, :3] = -9.0, 9.0
    assert whole(answer, crops) < 0.01


def test_marks_repeat_and_machines_paint_layers() -> None:
    rng = np.random.default_rng(5)
    shares = []
    for _ in range(30):
        layer = machine.layer(rng, 64)
        assert layer.size == (64, 64)
        assert set(np.unique(np.asarray(layer))) <= {0, 255}
        shares.append(float((np.asarray(layer) > 0).mean()))
        sheet = Image.new("L", (64, 64))
        textures.marks(ImageDraw.Draw(sheet), 64, rng)
    assert np.mean([0 < share < 0.6 for share in shares]) > 0.5
    places = np.array([textures._way(64, 6.0, np.random.default_rng(seed))[:2] for seed in range(20)])
    apart = np.hypot(*(places[:, 1, :2] - places[:, 0, :2]).T)
    assert ((apart > 5) & (apart < 19)).all(), "marks stand about a mark apart"


def test_a_prompt_is_of_words_and_mere_letters_are_not() -> None:
    rng, words = np.random.default_rng(2), {part for name in texts.WORDS for part in name.split()}
    between = {part for put in texts.BETWEEN for part in put.split()}
    for _ in range(60):
        assert set(texts.prompt(rng).lower().split()) <= words | between | {"a"}
    assert not any(texts.mere(rng).lower() in words for _ in range(60))


def test_what_is_written_goes_on_the_page() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        said = texts.text(rng)
        lines, manner = pages.fitted(said, rng)
        assert " ".join(lines) == " ".join(said.split())
        assert 1.7 * manner.height * len(lines) <= 441


def test_the_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = letters.Letters(8).eval()
    command.write(network, RECIPE, 0.9, tmp_path)
    kept, believed = letters.load(tmp_path / letters.FILE)
    ink = torch.rand(1, 1, 32, 32)
    assert believed == 0.9
    assert torch.allclose(network(ink), kept(ink), atol=2e-2)
    assert not kept.training


def test_a_share_tells_its_error() -> None:
    assert figures.share([True] * 90 + [False] * 10) == {"share": 0.9, "error": 0.03, "count": 100}
    assert figures.share([True] * 100)["error"] > 0


def test_missing_fonts_are_named_with_their_packages(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"Kristi.*fonts-kristi"):
        hands.find([tmp_path], held_back=True)


class Stopping:
    """Scenes that somebody interrupts."""

    def __init__(self, scenes: Scenes, at: int) -> None:
        self.scenes, self.at = scenes, at

    def batch(self, seed: tuple[int, int], count: int) -> Crops:
        if seed[1] == self.at:
            raise KeyboardInterrupt
        return self.scenes.batch(seed, count)
