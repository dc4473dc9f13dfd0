"""A walk between two samples of a codebook, and what a step would show the guide."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from generator import SettingsError, generate, walking
from generator.priors import vqgan
from generator.priors.vqgan import untrained
from tests.generator.fakes import Guide
from tests.generator.runs import settings
from tests.generator.test_vqgan import SMALL


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small VQGAN that has not learnt anything."""
    torch.manual_seed(3)
    tensors = untrained(SMALL, 40, 16)
    tensors["quantize.embedding.weight"].normal_()
    path = tmp_path_factory.mktemp("walking") / "vqgan.safetensors"
    save_file(tensors, path)
    return str(path)


def test_a_walk_begins_and_ends_with_the_samples_it_was_asked_for(weights: str) -> None:
    there, back = (np.stack(walking.stills(*ends, 5, 32, weights)).astype(int) for ends in ((1, 2), (2, 1)))
    assert there.shape == (5, 32, 32, 3)
    off = [0, 1, 3, 4]  # in the middle a cell is as far from the one code as from the other
    assert np.abs(there - back[::-1])[off].max() <= 1
    assert np.abs(there[0] - there[-1]).max() > 1
    assert np.array_equal(there[0], np.asarray(walking.stills(1, 9, 5, 32, weights)[0]))


def test_without_weights_there_is_no_walk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(vqgan, "EMBEDDED", tmp_path / "none.safetensors")
    with pytest.raises(SettingsError, match="not there yet"):
        walking.stills(1, 2, 3, 32)


def test_what_a_step_shows_is_what_the_next_one_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    guide, shown = Guide(), []
    told = guide.encode_images
    monkeypatch.setattr(
        guide, "encode_images", lambda pictures: shown.append(pictures.detach().clone()) or told(pictures)
    )
    run = generate(settings(prior="pixels", cutouts=3), guide)
    first = next(run)
    views = walking.seen(first, guide.size)
    shown.clear()
    next(run)
    assert len(views) == 3
    judged = (shown[0].clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    assert np.array_equal(np.stack(views), judged)
