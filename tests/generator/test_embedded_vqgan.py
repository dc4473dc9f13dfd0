"""The VQGAN that we ship: small, true to drawings and their colours, and a latent that the embedded judge can climb."""

from __future__ import annotations

import pytest
import torch

import scorer
from game.rules import drawing as drawings
from game.rules import raster
from generator import Settings, generate, pictures
from generator.own import VqganSettings
from generator.priors import vqgan
from tests.doodles import WORDS, drawing

LARGEST = 15_000_000  # bytes
SEEN = WORDS[::6]


@pytest.fixture(scope="module")
def doodles() -> torch.Tensor:
    """Pictures (b, 3, 128, 128) of doodles in full colour."""
    drawn = [raster.picture(drawings.parse(drawing(word))) for word in SEEN]
    return torch.stack([pictures.fitted(picture, 128) for picture in drawn])


def test_it_is_small_and_its_layout_is_read_off_its_tensors() -> None:
    assert vqgan.EMBEDDED.stat().st_size <= LARGEST
    network = vqgan.read(vqgan.EMBEDDED)
    assert (network.factor, *network.codebook.shape) == (8, 2048, 32)


def test_doodles_come_back_as_they_were(doodles: torch.Tensor) -> None:
    network = vqgan.read(vqgan.EMBEDDED)
    with torch.no_grad():
        made = network.paint(network.on_codes(network.encode(doodles)))
    paper = (1 - doodles).abs().mean((1, 2, 3))
    missed = (made - doodles).abs().mean((1, 2, 3))
    assert (missed < 0.7 * paper).all(), "thin hands of a clock are blurred most"
    assert missed.mean() < 0.04


@pytest.mark.parametrize("colour", [(0.94, 0.2, 0.1), (0.13, 0.4, 0.87), (0.27, 0.69, 0.41), (1.0, 0.85, 0.2)])
def test_a_patch_keeps_its_colour(colour: tuple[float, float, float]) -> None:
    network = vqgan.read(vqgan.EMBEDDED)
    sheet = torch.ones(1, 3, 64, 64)
    sheet[:, :, 16:48, 16:48] = torch.tensor(colour)[:, None, None]
    with torch.no_grad():
        made = network.paint(network.on_codes(network.encode(sheet)))
    patch = made[0, :, 20:44, 20:44].mean((1, 2))
    assert (patch - torch.tensor(colour)).abs().max() < 0.2
    assert int(patch.argmax()) == int(torch.tensor(colour).argmax())


def test_noise_is_every_seeds_own() -> None:
    prior = vqgan.Vqgan(VqganSettings(), 64)
    first, again, other = (prior.start(1, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first["z"], again["z"])
    assert not torch.equal(first["z"], other["z"])


def test_the_embedded_judge_climbs_in_it() -> None:
    judge = scorer.load("embedded:main", "cpu")
    settings = Settings.from_dict(
        {"texts": [{"text": "a green horse"}], "prior": "vqgan", "steps": 25, "size": 64, "seed": 3}
    )
    last = list(generate(settings, [judge.encoder]))[-1]
    assert judge.score(last.picture(), "a green horse").percentile > 99
