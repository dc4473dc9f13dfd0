"""What the benchmark compares: both steps show, say and move the same, but for what composing changes."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from bench import _vqgan
from bench._vqgan import SameStep, composed, random_weights
from generator.own import VqganSettings
from generator.priors.vqgan import Vqgan
from tests.bench.plain_step import Draw, PlainStep, cuts, draw, from_hsv, jitter, to_hsv
from tests.generator.fakes import Guide

TINY = {
    "ch": 32, "ch_mult": (1, 1), "num_res_blocks": 1, "attn_resolutions": [], "resolution": 32,
    "in_channels": 3, "out_ch": 3, "z_channels": 32, "double_z": False,
}  # fmt: skip


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth(size: int) -> Tensor:
    coarse = 0.2 + 0.6 * torch.rand(1, 3, 4, 4, generator=rng())
    return torch.nn.functional.interpolate(coarse, (size, size), mode="bicubic").clamp(0, 1)


def still(count: int) -> Draw:
    maps = torch.eye(3).repeat(count, 1, 1)
    nothing = torch.zeros(count)
    return Draw(maps, maps, torch.zeros(4, count), nothing > 0, torch.zeros(count, 4), nothing)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    save_file(random_weights(TINY, 16, 32), tmp_path / "tiny.safetensors")
    return tmp_path / "tiny.safetensors"


@pytest.fixture
def prior(weights: Path) -> Vqgan:
    return Vqgan(VqganSettings(weights=str(weights)), 32)


def test_each_change_is_drawn_for_seven_of_ten() -> None:
    drawn = draw(4000, rng())
    eye = torch.eye(3)
    for maps in (drawn.affine, drawn.perspective):
        assert (maps != eye).any(-1).any(-1).float().mean().item() == pytest.approx(0.7, abs=0.03)
    assert drawn.jittered.float().mean().item() == pytest.approx(0.7, abs=0.03)
    assert (drawn.holes[:, 2] > drawn.holes[:, 0]).float().mean().item() == pytest.approx(0.7, abs=0.03)
    area = (drawn.holes[:, 2:] - drawn.holes[:, :2]).prod(1).amax() / 4
    assert 0.1 <= area <= 0.4


def test_perspective_squeezes_the_whole_frame_into_the_cut() -> None:
    drawn = draw(50, rng())
    seen = cuts(torch.ones(1, 3, 32, 32), Draw(still(50).affine, drawn.perspective, *vars_of(still(50))), 32, rng())
    share = seen[:, 0].mean((1, 2))
    assert share.min() < 0.6
    assert (share < 1.0001).all()


def vars_of(drawn: Draw) -> tuple[Tensor, ...]:
    return drawn.jitter, drawn.jittered, drawn.holes, drawn.grain


def test_hsv_is_there_and_back() -> None:
    batch = torch.rand(2, 3, 8, 8, generator=rng())
    assert torch.allclose(from_hsv(*to_hsv(batch)), batch, atol=1e-4)
    red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
    green = jitter(red, torch.tensor([[0.0], [0.0], [0.0], [1 / 3]]))
    assert green.flatten().tolist() == pytest.approx([0, 1, 0], abs=1e-3)


def test_composed_views_show_what_one_change_after_another_shows() -> None:
    picture, drawn = smooth(48), draw(24, rng(2))
    quiet = Draw(drawn.affine, drawn.perspective, drawn.jitter, drawn.jittered, drawn.holes, torch.zeros(24))
    plain, ours = cuts(picture, quiet, 48, rng()), composed(quiet, 0).of(picture, 48)[:, 0]
    assert (plain - picture).abs().mean() > 0.15
    assert (plain - ours).abs().mean() < 0.03  # of white: sampled once, not twice; a matrix, not HSV
    unmoved = cuts(picture, still(2), 48, rng())
    assert torch.allclose(unmoved, composed(still(2), 0).of(picture, 48)[:, 0], atol=1e-5)


def test_both_steps_move_the_latent_alike(prior: Vqgan) -> None:
    guide, z = Guide(), prior.start(1, rng())["z"]
    target = guide.encode_texts(["a cat"])[0]
    plain = PlainStep(prior.network, guide.encode_images, target, z)
    ours = SameStep(prior, guide.encode_images, target, z)
    assert plain.advance(still(3), 32, rng()) == pytest.approx(ours.advance(still(3), 32, rng()), abs=1e-5)
    moved = plain.z - z
    assert moved.abs().max() > 0.01
    assert torch.allclose(ours.latent["z"], plain.z, atol=1e-3)


def test_each_tier_is_timed_against_the_plain_step(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_vqgan, "VIEWS", 2)
    monkeypatch.setattr(_vqgan, "TURNS", 1)
    monkeypatch.setattr(_vqgan, "_tower", lambda guide: guide.encode_images)
    figures = list(_vqgan._tiers(weights, Guide(), Guide(), 32))  # type: ignore[arg-type]
    assert [figure.figure for figure in figures] == ["generator.vqgan.same.32.2", "generator.vqgan.shipped.32.8"]
    assert all(figure.value > 0 and figure.against for figure in figures)
