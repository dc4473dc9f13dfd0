"""The pixels prior and its decorrelated colours."""

import numpy as np
import pytest
import torch

from generator.own import PixelsSettings
from generator.priors.colours import AXES, painted, unpainted
from generator.priors.pixels import Pixels
from tests.generator.fakes import Guide
from tests.generator.laws import climbs, obeys, rng, smooth


def test_the_axes_of_colour_stand_upright_on_each_other() -> None:
    assert torch.allclose(AXES @ AXES.T, torch.eye(3), atol=1e-6)


def test_colours_come_back_from_the_axes() -> None:
    pictures = torch.rand(2, 3, 8, 8, generator=rng())
    assert torch.allclose(painted(unpainted(pictures)), pictures, atol=0.5 / 255 + 0.004)
    assert unpainted(torch.tensor([0.0, 1.0]).view(1, 1, 1, 2).expand(1, 3, 1, 2)).isfinite().all()


def test_no_value_is_grey_and_lightness_leaves_grey_grey() -> None:
    assert torch.equal(painted(torch.zeros(1, 3, 1, 1)), torch.full((1, 3, 1, 1), 0.5))
    light = painted(torch.tensor([2.0, 0, 0]).view(1, 3, 1, 1))
    assert light.std() < 1e-6
    assert light.min() > 0.6


@pytest.mark.parametrize("grid", [None, 8])
def test_the_laws_of_priors(grid: int | None) -> None:
    obeys(Pixels(PixelsSettings(grid=grid), 24), 24)


@pytest.mark.parametrize("own", [{}, {"grid": 8}])
def test_the_loss_falls_in_five_steps(guide: Guide, own: dict[str, int]) -> None:
    climbs(guide, prior="pixels", **own)


def test_keep_puts_back_what_is_beyond_black_and_white_and_nothing_else() -> None:
    prior = Pixels(PixelsSettings(), 8)
    latent = prior.start(1, rng())
    latent["pixels"][..., :4].mul_(1e6)
    before = latent["pixels"].clone().requires_grad_()
    prior.keep(latent)
    assert torch.equal(latent["pixels"][..., 4:], before[..., 4:])
    shown = prior.render({"pixels": latent["pixels"].requires_grad_()}, 8, 1.0)
    assert torch.allclose(shown, painted(before), atol=0.004)
    shown.sum().backward()  # type: ignore[no-untyped-call]
    assert latent["pixels"].grad is not None
    assert latent["pixels"].grad.abs().amax(1).min() > 0.001, "every colour can still be left"


def test_a_picture_comes_back() -> None:
    pictures = smooth(2, 24)
    prior = Pixels(PixelsSettings(), 24)
    assert (prior.render(prior.begin_from(pictures, rng()), 24, 0.0) - pictures).abs().max() < 0.01


def test_a_grid_is_squares_of_one_colour_at_every_size() -> None:
    prior = Pixels(PixelsSettings(grid=4), 32)
    latent = prior.start(1, rng())
    shown = prior.render(latent, 32, 0.0)
    squares = shown.unflatten(-1, (4, 8)).unflatten(-3, (4, 8))
    assert torch.equal(squares, squares[:, :, :, :1, :, :1].expand_as(squares))
    assert len(np.unique(shown[0, 0].numpy())) == 16
    assert prior.resized(latent, 64)["pixels"].shape == (1, 3, 4, 4)


def test_the_grid_follows_the_size() -> None:
    prior = Pixels(PixelsSettings(), 24)
    latent = prior.begin_from(smooth(1, 24), rng())
    assert prior.resized(latent, 40)["pixels"].shape == (1, 3, 40, 40)
