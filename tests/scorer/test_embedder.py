"""The embedder of this process: bytes in, the encoder's own rows out, in common batches."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import scorer
from scorer import images
from scorer.embedder import LocalEmbedder, encode_squares
from scorer.encoder import Encoder, load_encoder
from tests.scorer.test_encoder import cat


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder("embedded:main", "cpu")


def test_bytes_become_the_rows_that_floats_do(encoder: Encoder) -> None:
    squares = images.to_squares([cat(), cat(300, "red")], encoder.size, encoder.resize_mode)
    with torch.inference_mode():
        expected = encoder.encode_images(torch.from_numpy(squares).permute(0, 3, 1, 2) / 255).numpy()
    np.testing.assert_allclose(encode_squares(encoder, squares), expected, atol=1e-5)
    np.testing.assert_allclose(LocalEmbedder(encoder).embed_squares(squares), expected, atol=1e-5)


def test_its_facts_are_its_encoders(encoder: Encoder) -> None:
    embedder = LocalEmbedder(encoder)
    assert (embedder.name, embedder.dim, embedder.size) == (encoder.name, encoder.dim, encoder.size)
    assert embedder.embed_texts(["a cat", "a dog"]).shape == (2, encoder.dim)
    assert embedder.count_tokens("a cat") == encoder.count_tokens("a cat")


def test_no_pictures_are_no_rows() -> None:
    judge = scorer.load("embedded:main", "cpu")
    assert judge.embed_images([]).shape == (0, judge.dim)
