"""An image tower computed by ONNX Runtime sees what torch sees; where it cannot, the error says what to do."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest
import torch

import scorer
from scorer import images, products
from scorer.embedder import ONNX, LocalEmbedder, encode_squares
from scorer.encoder import Encoder, ScorerError, load_encoder
from scorer.graph import GraphTower, as_graph
from tests.scorer.test_encoder import cat
from tests.scorer.test_packing import vit

engine = pytest.mark.skipif(
    not all(find_spec(name) for name in ("onnx", "onnxruntime", "onnxscript")),
    reason="the engine onnx is not installed: make extras",
)


def squares(side: int) -> np.ndarray:
    return images.to_squares([cat(), cat(300, "red"), cat(64, "blue")], side)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder("embedded:main", "cpu")


@engine
def test_any_number_of_pictures_is_seen_as_torch_sees_it(encoder: Encoder) -> None:
    other = as_graph(encoder)
    assert isinstance(other.model.visual, GraphTower)
    for count in (1, 2, 3):
        some = squares(encoder.size)[:count]
        np.testing.assert_allclose(encode_squares(other, some), encode_squares(encoder, some), atol=1e-4)


@engine
def test_a_transformer_whose_layers_are_quick_is_exported_with_torchs_own() -> None:
    slow = vit()
    quick = vit()
    products.quicken(quick.model.visual)
    assert any(type(module) is products.QuickLinear for module in quick.model.visual.modules())
    other = as_graph(quick)
    np.testing.assert_allclose(encode_squares(other, squares(224)), encode_squares(slow, squares(224)), atol=1e-4)
    assert any(type(module) is products.QuickLinear for module in quick.model.visual.modules())


@engine
def test_a_judge_of_this_engine_still_lends_its_encoder_as_a_guide() -> None:
    judge = scorer.load("embedded:main", "cpu", engine=ONNX)
    plain = scorer.load("embedded:main", "cpu")
    assert judge.score(cat(), "a cat").similarity == pytest.approx(plain.score(cat(), "a cat").similarity, abs=1e-4)
    pixels = torch.rand(1, 3, 64, 64, requires_grad=True)
    judge.encoder.encode_images(pixels).sum().backward()
    assert pixels.grad is not None


@engine
def test_a_tower_that_cannot_be_exported_says_so(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.onnx, "export", lambda *_, **__: 1 / 0)
    with pytest.raises(ScorerError, match="choose the engine torch"):
        as_graph(encoder)


@engine
def test_a_graph_that_sees_something_else_is_refused(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GraphTower, "forward", lambda _self, pixels: torch.randn(len(pixels), encoder.dim))
    with pytest.raises(ScorerError, match="see something else"):
        as_graph(encoder)


def test_what_is_not_installed_is_named(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setattr("scorer.graph._exported", lambda *_: b"")
    with pytest.raises(ScorerError, match=r"requirements-onnx\.lock"):
        as_graph(encoder)


def test_an_engine_that_there_is_not_is_refused_with_those_there_are(encoder: Encoder) -> None:
    with pytest.raises(ScorerError, match="torch, onnx"):
        LocalEmbedder(encoder, engine="steam")
