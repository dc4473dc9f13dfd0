"""The fft prior: real pictures of a spectrum, at any size, with the contrast that is asked for."""

import pytest
import torch

from generator.own import CONTRASTS, FftSettings
from generator.priors.colours import painted, unpainted
from generator.priors.fft import Fft, finest, gathered, laid_out, refit, spread, symmetric
from tests.generator.fakes import Guide
from tests.generator.laws import climbs, obeys, rng, smooth


def spectrum(waves: int) -> torch.Tensor:
    return symmetric(torch.randn(2, 3, 2 * waves + 1, waves + 1, generator=rng(), dtype=torch.complex64))


@pytest.mark.parametrize("size", [9, 16, 17])
def test_a_picture_is_its_waves_whatever_its_size(size: int) -> None:
    waves = spectrum(4)
    picture = torch.fft.irfft2(laid_out(waves, size), s=(size, size), norm="forward")
    place = 2 * torch.pi * torch.arange(size) / size
    by_hand = torch.zeros_like(picture)
    for row, down in enumerate(range(-4, 5)):
        for across in range(5):
            turn = torch.exp(1j * (down * place[:, None] + across * place))
            part = (waves[:, :, row, across, None, None] * turn).real
            by_hand += part if across == 0 else 2 * part
    assert torch.allclose(picture, by_hand, atol=1e-4)
    assert torch.allclose(gathered(torch.fft.rfft2(picture, norm="forward"), 4), waves, atol=1e-5)


def test_spread_is_the_deviation_of_the_values_from_nothing() -> None:
    waves = spectrum(5)
    picture = torch.fft.irfft2(laid_out(waves, 16), s=(16, 16), norm="forward")
    assert torch.allclose(spread(waves), picture.square().mean((1, 2, 3)).sqrt(), rtol=1e-4)


def test_waves_are_left_out_and_added_at_the_fine_end() -> None:
    waves = spectrum(4)
    assert torch.equal(refit(refit(waves, 7), 4), waves)
    assert refit(waves, 2).shape == (2, 3, 5, 3)
    assert torch.equal(refit(waves, 2)[:, :, 2, 0], waves[:, :, 4, 0])


def test_the_laws_of_priors() -> None:
    obeys(Fft(FftSettings(), 24), 24)


def test_the_loss_falls_in_five_steps(guide: Guide) -> None:
    climbs(guide, prior="fft")


def test_the_first_picture_has_the_contrast_that_is_asked_for() -> None:
    prior = Fft(FftSettings(contrast=1.5), 33)
    values = unpainted(prior.render(prior.start(2, rng()), 33, 0.0))
    assert torch.allclose(values.var((2, 3), correction=0).mean(1).sqrt(), torch.tensor(1.5), rtol=0.02)


def test_steeper_is_smoother() -> None:
    rough, smooth_one = (Fft(FftSettings(steepness=steep), 32) for steep in (0.5, 2.5))
    edges = [prior.render(prior.start(1, rng()), 32, 0.0).diff(dim=-1).abs().mean() for prior in (rough, smooth_one)]
    assert edges[1] < edges[0] / 2


def test_keep_holds_the_contrast_and_the_mean() -> None:
    prior = Fft(FftSettings(), 16)
    latent = prior.start(2, rng())
    latent["contrast"].copy_(torch.tensor([-1.0, 1e6]))
    latent["mean"].fill_(-1e6)
    prior.keep(latent)
    assert latent["contrast"].tolist() == pytest.approx(list(CONTRASTS))
    assert painted(latent["mean"][..., None, None]).logit().abs().max() < 6.01


def test_a_picture_comes_back() -> None:
    pictures = smooth(2, 24)
    prior = Fft(FftSettings(), 24)
    latent = prior.begin_from(pictures, rng())
    assert (prior.render(latent, 24, 0.0) - pictures).abs().mean() < 0.01


def test_blank_paper_comes_back_and_can_be_painted_on() -> None:
    prior = Fft(FftSettings(), 24)
    latent = {
        name: tensor.requires_grad_() for name, tensor in prior.begin_from(torch.ones(1, 3, 24, 24), rng()).items()
    }
    shown = prior.render(latent, 24, 0.0)
    assert shown.min() > 0.98
    shown.square()[..., :12].sum().backward()  # type: ignore[no-untyped-call]
    assert all(tensor.grad is not None and tensor.grad.isfinite().all() for tensor in latent.values())
    assert latent["waves"].grad is not None
    assert latent["waves"].grad.abs().max() > 0


def test_the_waves_follow_the_size() -> None:
    prior = Fft(FftSettings(), 24)
    resized = prior.resized(prior.start(1, rng()), 40)
    assert resized["waves"].shape == (1, 3, 2 * finest(40) + 1, finest(40) + 1, 2)
