"""What every prior must obey that paints pictures rather than strokes."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from generator import Settings, generate
from generator.priors import Prior
from tests.generator.fakes import Guide


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth(count: int, size: int) -> Tensor:
    """Pictures (count, 3, size, size) of soft clouds in all colours."""
    noise = torch.rand(count, 3, 6, 6, generator=rng(9))
    return functional.interpolate(noise, (size, size), mode="bilinear", align_corners=False)


def climbs(guide: Guide, **changes: Any) -> None:
    """The loss falls in five steps on a random guide, in the same views."""
    settings = {"texts": [{"text": "a cat"}], "steps": 50, "size": 32, "cutouts": 4, **changes}
    run = generate(Settings.from_dict(settings), guide)
    losses = [next(run).loss for _ in range(6)]
    assert losses[-1] < losses[0] - 0.01, losses


def obeys(prior: Prior, size: int) -> None:
    """Same seed, range, independence, gradients, any size, resizing: what the loop counts on."""
    latent = prior.start(3, rng(4))
    assert all(torch.equal(tensor, latent[name]) for name, tensor in prior.start(3, rng(4)).items())
    shown = prior.render(latent, size, 0.5)
    assert shown.shape == (3, 3, size, size)
    assert 0 <= shown.min() < shown.max() <= 1
    assert (shown[0] - shown[1]).abs().max() > 0.01
    for row in range(3):
        alone = {name: tensor[row : row + 1] for name, tensor in latent.items()}
        assert torch.allclose(prior.render(alone, size, 0.5)[0], shown[row], atol=1e-5)
    _has_gradients(prior, latent, size)
    before = {name: tensor.clone() for name, tensor in latent.items()}
    with torch.no_grad():
        prior.keep(latent)
    assert all(torch.equal(tensor, before[name]) for name, tensor in latent.items()), "a fresh latent is in its range"
    _resizes(prior, latent, size)
    assert prior.drawing(latent, 0) is None


def _has_gradients(prior: Prior, latent: dict[str, Tensor], size: int) -> None:
    leaves = {name: tensor.clone().requires_grad_(name in prior.rates()) for name, tensor in latent.items()}
    weights = torch.randn(3, 3, size, size, generator=rng(8))
    (prior.render(leaves, size, 0.5) * weights).sum().backward()  # type: ignore[no-untyped-call]
    assert prior.rates().keys() <= latent.keys()
    for name, rate in prior.rates().items():
        gradient = leaves[name].grad
        assert rate > 0
        assert gradient is not None
        assert gradient.reshape(3, -1).abs().sum(1).min() > 0, f"a candidate's {name} has no gradient"


def _resizes(prior: Prior, latent: dict[str, Tensor], size: int) -> None:
    """Pictures of another size, or of a latent for another size, are much the same picture."""
    small = prior.render(latent, size, 0.5)
    for other in (size // 2, size * 2):
        for shown in (prior.render(latent, other, 0.5), prior.render(prior.resized(latent, other), other, 0.5)):
            assert shown.shape == (3, 3, other, other)
            coarse = [functional.adaptive_avg_pool2d(picture, size // 4) for picture in (small, shown)]
            assert (coarse[0] - coarse[1]).abs().mean() < 0.03
    assert all(torch.equal(tensor, latent[name]) for name, tensor in prior.resized(latent, size).items())
