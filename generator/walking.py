"""What a VQGAN and a guide do, laid open: a walk from one sample of the codebook to another, a step's own views."""

from __future__ import annotations

import torch
from PIL import Image
from torch import Tensor

from generator.cutouts import plan
from generator.iterate import Iterate
from generator.own import VqganSettings


def stills(first: int, last: int, count: int, side: int, weights: str = "embedded") -> list[Image.Image]:
    """Returns `count` pictures, RGB, `side` px a side, on the straight way from one sample of the codebook to another.

    A sample is every cell's code drawn by lot from its seed; on the way each cell lies between its two codes and is
    decoded from the code nearest to it, so it changes in jumps. Raises SettingsError where there are no weights.
    """
    from generator.priors.vqgan import Vqgan  # needs taming, which nothing else here does

    prior = Vqgan(VqganSettings(weights=weights), side)
    start, end = (prior.start(1, torch.Generator().manual_seed(seed))["z"] for seed in (first, last))
    shares = torch.linspace(0, 1, count).view(-1, 1, 1, 1)
    with torch.no_grad():
        return _pictures(prior.render({"z": torch.lerp(start, end, shares)}, side, 1.0))


def seen(iterate: Iterate, side: int) -> list[Image.Image]:
    """Returns the views of an iterate's best candidate that its next step would show the guide, RGB, `side` px a side.

    They are drawn as the run draws them, with the random numbers that it has come to.
    """
    state = iterate.state
    rng = torch.Generator()
    rng.set_state(state.rng)
    best = state.candidates.order()[0]
    latent = {name: tensor[best : best + 1] for name, tensor in state.candidates.latent.items()}
    with torch.no_grad():
        picture = iterate.prior.render(latent, iterate.size, min(1.0, iterate.step / iterate.steps))
        views = plan(state.settings.cutouts, rng, state.settings.views).of(picture, side)
    return _pictures(views[:, 0])


def _pictures(rows: Tensor) -> list[Image.Image]:
    """Pictures (n, 3, h, w) in [0, 1] as Pillow's."""
    pixels = (rows.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(row) for row in pixels]
