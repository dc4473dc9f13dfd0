"""The siren prior: a network for each candidate, asked at any size."""

from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from generator.own import SirenSettings
from generator.priors import siren
from generator.priors.siren import Siren, layer
from tests.generator.fakes import Guide
from tests.generator.laws import climbs, obeys, rng, smooth

SMALL = SirenSettings(layers=3, width=16)


def test_a_layer_is_each_candidates_own() -> None:
    weights = torch.randn(2, 4, 6, generator=rng())
    seen = torch.randn(2, 5, 7, generator=rng(1))
    for row in (0, 1):
        by_hand = functional.linear(seen[row].T, weights[row, :, :-1], weights[row, :, -1]).T
        assert torch.allclose(layer(weights, seen)[row], by_hand, atol=1e-5)


def test_the_laws_of_priors() -> None:
    obeys(Siren(SMALL), 24)


def test_the_loss_falls_in_five_steps(guide: Guide) -> None:
    climbs(guide, prior="siren", layers=3, width=16, weight_rate=0.01)


def test_sines_are_spread_alike_in_every_layer() -> None:
    latent = Siren(SirenSettings(layers=12, width=64)).start(1, rng())
    values = []
    line = torch.linspace(-1, 1, 32)
    seen = torch.stack([line.repeat(32), line.repeat_interleave(32)])[None]
    for weights in (latent["first"], *latent["hidden"].unbind(1)):
        seen = layer(weights, seen).sin()
        values.append(seen.std().item())
    assert min(values) > 0.5
    assert max(values) < 0.9


def test_more_frequency_is_finer() -> None:
    edges = []
    for frequency in (5.0, 40.0):
        prior = Siren(SirenSettings(layers=2, width=32, frequency=frequency))
        edges.append(prior.render(prior.start(1, rng()), 64, 0.0).diff(dim=-1).abs().mean())
    assert edges[0] < edges[1] / 2


def test_a_picture_comes_back_softly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siren, "FIT", replace(siren.FIT, size=32))
    pictures = smooth(1, 32)
    prior = Siren(SirenSettings(layers=3, width=32, frequency=10))
    latent = prior.begin_from(pictures, rng())
    assert not any(tensor.requires_grad for tensor in latent.values())
    assert (prior.render(latent, 32, 0.0) - pictures).abs().mean() < 0.06
