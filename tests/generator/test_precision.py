"""Half the bits on a GPU: what is compared stays float32. The CPU stands for the GPU here: it has bfloat16, too."""

import pytest
import torch
from torch.nn.functional import cosine_similarity

from generator import generate, precision
from tests.generator.fakes import Guide
from tests.generator.runs import last, settings


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "HALVED", "cpu")


def test_on_the_cpu_nothing_changes(guide: Guide) -> None:
    assert precision.quick(guide) is guide  # type: ignore[arg-type,comparison-overlap]
    pictures = torch.rand(2, 3, 4, 4)
    assert precision.packed(pictures) is pictures


@pytest.mark.usefixtures("gpu")
def test_a_halved_guide_answers_in_float32_and_near_the_truth(guide: Guide) -> None:
    halved = precision.quick(guide)  # type: ignore[arg-type]
    pictures = torch.rand(2, 3, 32, 32, requires_grad=True)
    rows, truth = halved.encode_images(pictures), guide.encode_images(pictures)
    assert rows.dtype == torch.float32
    assert rows.norm(dim=1).tolist() == pytest.approx([1, 1], abs=1e-5)
    assert not torch.equal(rows, truth)
    assert cosine_similarity(rows, truth).min() > 0.999
    rows.sum().backward()  # type: ignore[no-untyped-call]
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0
    assert (halved.size, halved.dim, halved.name) == (guide.size, guide.dim, guide.name)


@pytest.mark.usefixtures("gpu")
def test_pictures_are_packed_with_channels_last(guide: Guide) -> None:
    packed = precision.packed(torch.rand(2, 3, 4, 4))
    assert packed.is_contiguous(memory_format=torch.channels_last)
    with precision.half(torch.device("cpu")):
        assert (torch.rand(2, 2) @ torch.rand(2, 2)).dtype == torch.bfloat16


def test_a_run_in_half_the_bits_climbs_like_the_other(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    run = settings(prior="pixels", steps=4)
    whole = last(generate(run, guide))
    monkeypatch.setattr(precision, "HALVED", "cpu")
    half = last(generate(run, guide))
    assert half.loss != whole.loss
    assert half.loss == pytest.approx(whole.loss, abs=0.02)
