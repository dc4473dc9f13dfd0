"""Whether a judge reads, asked of judges whose eyes are known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from scorer import typography
from scorer.background import Background
from scorer.encoder import build, from_folder
from scorer.judge import Judge


@dataclass
class Score:
    """As the scorer's, the similarity alone."""

    similarity: float


class Reader:
    """A judge of three numbers: what is drawn, what can be read, letters as such; a mirror makes words unreadable."""

    noise = 0.01

    def __init__(self, reads: float, sees: float) -> None:
        self.reads, self.sees = reads, sees

    def look(self, picture: Image.Image) -> np.ndarray:
        mirrored = picture.getpixel((0, 0)) != (0, 0, 0)
        return np.array([self.sees, 0.0 if mirrored else self.reads, self.reads])

    def embed_texts(self, texts: list[str]) -> np.ndarray:
        return np.stack([np.array([0.0, 0.5, 1.0] if "writ" in text else [1.0, 1.0, 0.0]) for text in texts])

    def score_embedding(self, embedding: np.ndarray, text: str) -> Score:
        return Score(float(self.embed_texts([text])[0] @ embedding))

    def score(self, picture: Image.Image, text: str) -> Score:
        return self.score_embedding(self.look(picture), text)


@pytest.fixture
def picture() -> Image.Image:
    """A picture with a dark left half, so that a mirror shows."""
    picture = Image.new("RGB", (16, 16), "white")
    picture.paste((0, 0, 0), (0, 0, 8, 16))
    return picture


@pytest.mark.parametrize(("reads", "sees", "caught"), [(0.3, 0.0, True), (0.3, 0.1, True), (0.0, 0.3, False)])
def test_what_is_read_and_not_seen_is_caught(picture: Image.Image, reads: float, sees: float, caught: bool) -> None:
    judge = Reader(reads, sees)
    reading = typography.read(judge, picture, judge.look(picture), "a cat")
    assert (reading is not None) == caught
    if reading is not None:
        assert reading.mirrored == pytest.approx(sees)
        assert reading.letters > reads


def test_a_drawing_that_a_word_only_accompanies_is_left_to_the_detector(picture: Image.Image) -> None:
    judge = Reader(reads=0.1, sees=0.3)
    assert typography.read(judge, picture, judge.look(picture), "a cat") is None


def test_an_open_clip_model_is_asked_the_same_two_questions(tmp_path: Path) -> None:
    """With random weights: what is checked is that its own texts, its own mirror and its own noise are used."""
    torch.manual_seed(3)
    config = {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 32, "patch_size": 8, "layers": 1, "width": 64},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    }
    prepared = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "shortest"}
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": prepared}))
    weights = {name: tensor for name, tensor in build(config).state_dict().items() if name != "attn_mask"}
    save_file(weights, tmp_path / "open_clip_model.safetensors")
    encoder = from_folder("ViT-tiny:random", tmp_path, torch.device("cpu"))
    rows = np.eye(32, dtype=np.float32)
    judge = Judge(encoder, Background(rows, rows, noise=0.0))
    noise = np.random.default_rng(5).integers(0, 256, (32, 32, 3), np.uint8)
    picture, mirrored = Image.fromarray(noise), Image.fromarray(noise[:, ::-1].copy())
    row, turned = judge.embed_images([picture, mirrored])
    answers = set()
    for text in ("a cat", "a bus", "two birds", "a red house", "rain", "an owl", "a pen", "seven ships", "a queue"):
        own, *lettered = judge.embed_texts([text, *(form.format(text) for form in typography.LETTERED)])
        for shown, here, there in ((picture, row, turned), (mirrored, turned, row)):
            letters, straight, other_way = max(float(here @ one) for one in lettered), float(here @ own), there @ own
            reading = typography.read(judge, shown, here, text)
            assert (reading is not None) == (letters > straight > other_way)
            if reading is not None:
                assert (reading.letters, reading.mirrored) == pytest.approx((letters, float(other_way)), abs=1e-5)
            answers.add(reading is not None)
    assert answers == {True, False}
