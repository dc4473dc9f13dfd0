"""Packed weights see what the plain ones do, and what cannot be packed stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from scorer import images, packing
from scorer.embedder import BF16, LocalEmbedder, encode_squares
from scorer.encoder import Encoder, ScorerError, load_encoder, open_clip
from tests.scorer.test_encoder import cat


def vit(**changes: object) -> Encoder:
    """A small vision transformer with random weights."""
    torch.manual_seed(5)
    model = open_clip.create_model("ViT-S-32-alt", **changes)
    return Encoder("ViT-S-32-alt:random", model, open_clip.get_tokenizer("ViT-S-32-alt"), torch.device("cpu"))


@pytest.fixture(scope="module")
def squares() -> np.ndarray:
    return images.to_squares([cat(), cat(300, "red"), cat(64, "blue")], 224)


@pytest.mark.parametrize("quick", [False, True], ids=["gelu", "quickgelu"])
def test_packed_weights_see_the_same(squares: np.ndarray, quick: bool) -> None:
    encoder = vit(force_quick_gelu=quick)
    other = packing.packed(encoder)
    assert any(isinstance(module, packing.PackedAttention) for module in other.model.visual.modules())
    np.testing.assert_allclose(encode_squares(other, squares), encode_squares(encoder, squares), atol=1e-5)


def test_the_encoder_itself_keeps_its_weights_and_gradients() -> None:
    encoder = vit()
    names = set(encoder.model.state_dict())
    packing.packed(encoder)
    assert set(encoder.model.state_dict()) == names
    pixels = torch.rand(1, 3, 224, 224, requires_grad=True)
    encoder.encode_images(pixels).sum().backward()
    assert pixels.grad is not None


def test_the_embedder_computes_with_packed_weights(squares: np.ndarray) -> None:
    encoder = vit()
    embedder = LocalEmbedder(encoder)
    assert embedder.encoder is encoder
    np.testing.assert_allclose(embedder.embed_squares(squares), encode_squares(encoder, squares), atol=1e-5)


def test_a_network_without_such_blocks_stays_as_it_is() -> None:
    encoder = load_encoder("embedded:main", "cpu")
    assert packing.packed(encoder) is encoder


def test_what_fails_or_sees_something_else_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = vit()
    with monkeypatch.context() as patch:
        patch.setattr(packing.PackedLinear, "forward", lambda self, x: x @ torch.zeros(3, 3))
        assert packing.packed(encoder) is encoder
    with monkeypatch.context() as patch:
        patch.setattr(packing, "_is_mlp", lambda module: False)
        patch.setattr(packing.PackedAttention, "forward", lambda self, q, k, v, **more: (q, None))
        assert packing.packed(encoder) is encoder
    assert "it would see something else" in caplog.text


bfloat16 = pytest.mark.skipif(
    not packing.multiplies_bfloat16(),
    reason="this processor multiplies no bfloat16: run it on one with AVX512_BF16 or AMX",
)


@bfloat16
@pytest.mark.parametrize("quick", [False, True], ids=["gelu", "quickgelu"])
def test_bfloat16_matrices_change_a_similarity_by_less_than_a_thousandth(squares: np.ndarray, quick: bool) -> None:
    encoder = vit(force_quick_gelu=quick)
    halved = LocalEmbedder(encoder, engine=BF16)
    texts = halved.embed_texts(["a cat", "a red cat on a mat", "two blue buses"])
    exact, near = (rows @ texts.T for rows in (encode_squares(encoder, squares), halved.embed_squares(squares)))
    assert 0 < np.abs(exact - near).max() < 1e-3
    weights = [module._weight for module in halved._sees.model.visual.modules() if hasattr(module, "_weight")]
    assert {weight.dtype for weight in weights} == {torch.bfloat16}


@bfloat16
def test_bfloat16_is_refused_where_it_has_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScorerError, match="choose the engine torch, or onnx"):
        packing.halved(load_encoder("embedded:main", "cpu"))
    encoder = vit()
    monkeypatch.setattr(packing.PackedLinear, "forward", lambda self, x: x @ torch.zeros(3, 3))
    with pytest.raises(ScorerError, match="cannot be computed in bfloat16"):
        packing.halved(encoder)


def test_bfloat16_needs_a_processor_that_multiplies_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "multiplies_bfloat16", lambda: False)
    with pytest.raises(ScorerError, match="multiplies no bfloat16: choose the engine torch"):
        packing.halved(vit())
