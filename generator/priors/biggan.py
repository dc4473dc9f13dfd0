"""The BigGAN prior: pictures from a network that learned the thousand classes of ImageNet, mixed in every layer.

The Big Sleep (Ryan Murdock, 2021): each layer of BigGAN-deep has a latent and class weights of its own, and the latents
are kept like the random ones that the network knows. Its EMA of the latent is the run's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn import functional

from generator.declare import SettingsError
from generator.own import BigganSettings
from generator.priors import Latent
from generator.priors.biggan_network import EPS, Network
from generator.priors.fitting import Fit, fitted

BEGIN = (-3.9, 0.3)  # mean and deviation of the class logits: a thousand small weights, twenty in all
TEMPERATURE = 2.0  # of the choice between classes where only some may count
FARTHEST = 2.0  # how far a latent goes from zero, in deviations (truncated normals in BigGAN; FuseDream clamps alike)
FIT = Fit(steps=80, size=64, rate=1.0)  # beginning from a picture
SHARE = 0.01  # The Big Sleep counts the similarity a hundredfold beside these losses


class Biggan:
    """The latent `z` (b, n, 128) and the class logits `classes` (b, n, 1000), for each of the network's n inputs."""

    def __init__(self, settings: BigganSettings) -> None:
        self.settings = settings
        self.network = read(Path(settings.weights).expanduser(), settings.truncation)

    def start(self, candidates: int, rng: torch.Generator) -> Latent:
        """Draws latents from the truncated normal distribution, and class logits from The Big Sleep's."""
        z = torch.empty(candidates, self.network.latents, self.network.z)
        torch.nn.init.trunc_normal_(z, a=-FARTHEST, b=FARTHEST, generator=rng)
        mean, deviation = BEGIN
        classes = torch.randn(candidates, self.network.latents, self.network.classes, generator=rng)
        return {"z": z * self.settings.truncation, "classes": classes * deviation + mean}

    def begin_from(self, pictures: Tensor, rng: torch.Generator) -> Latent:
        """Draws latents and improves them for a moment to give back the pictures, as nearly as the network can."""
        return fitted(self, self.start(len(pictures), rng), pictures, FIT)

    def rates(self) -> Mapping[str, float]:
        """Returns the learning rates of latents and classes."""
        return {"z": self.settings.latent_rate, "classes": self.settings.class_rate}

    def render(self, latent: Mapping[str, Tensor], size: int, progress: float) -> Tensor:  # noqa: ARG002
        """Returns the network's pictures, resized where `size` is not theirs."""
        pictures: Tensor = self.network.to(latent["z"].device)(latent["z"], self.weights(latent["classes"]))
        if pictures.shape[-1] == size:
            return pictures
        return functional.interpolate(pictures, (size, size), mode="bicubic", antialias=True).clamp(0, 1)

    def weights(self, logits: Tensor) -> Tensor:
        """Returns how much each class counts, from 0 to 1: all as they like, or the few foremost."""
        if self.settings.most_classes is None:
            return logits.sigmoid()
        return foremost(logits / TEMPERATURE, self.settings.most_classes)

    def loss(self, latent: Mapping[str, Tensor]) -> Tensor:
        """Returns (b,) how far latents and classes are from what the network knows."""
        strange = oddity(latent["z"] / self.settings.truncation) + crowd(self.weights(latent["classes"]))
        return strange * (SHARE * self.settings.familiarity)

    def keep(self, latent: Mapping[str, Tensor]) -> None:
        """Keeps the latents within the truncation."""
        far = FARTHEST * self.settings.truncation
        latent["z"].clamp_(-far, far)

    def tend(self, latent: Mapping[str, Tensor], loss: Callable[[Tensor], Tensor]) -> None:
        """Has nothing to put in order."""

    def resized(self, latent: Mapping[str, Tensor], size: int) -> Latent:  # noqa: ARG002
        """Returns the latent as it is: the network paints in one size."""
        return dict(latent)

    def drawing(self, latent: Mapping[str, Tensor], candidate: int) -> dict[str, Any] | None:  # noqa: ARG002
        """Returns None: a picture of this network has no strokes."""
        return None


def foremost(logits: Tensor, most: int) -> Tensor:
    """Returns weights (..., classes) of the `most` foremost classes, the others zero.

    One after the other, each has its softmax among those that are still there; gradients reach every logit.
    """
    values, places = logits.topk(min(most, logits.shape[-1]), dim=-1)
    rest, chosen = logits, []
    for place, value in zip(places.unbind(-1), values.unbind(-1), strict=True):
        chosen.append((value - rest.logsumexp(-1)).exp())
        rest = rest.scatter(-1, place[..., None], -torch.inf)
    return torch.zeros_like(logits).scatter(-1, places, torch.stack(chosen, -1))


def oddity(z: Tensor) -> Tensor:
    """Returns (b,) how unlike normal numbers the latents (b, n, z) are, by four moments: The Big Sleep's loss."""
    mean, deviation = z.mean(-1), z.std(-1)
    scores = (z - mean[..., None]) / z.var(-1, correction=0, keepdim=True).clamp_min(1e-12).sqrt()
    skew, tails = scores.pow(3).mean(-1), scores.pow(4).mean(-1) - 3
    moments = (1 - deviation).abs() + mean.abs() + skew.abs() + tails.abs()
    return moments.mean(-1) + 4 * z.square().mean((-2, -1)).clamp_min(1)


def crowd(weights: Tensor) -> Tensor:
    """Returns (b,) how much all classes but each layer's foremost count: The Big Sleep's loss on class weights."""
    squares = (50 * weights).square()
    return ((squares.sum(-1) - squares.amax(-1)) / (weights.shape[-1] - 1)).mean(-1)


@lru_cache(maxsize=2)
def read(path: Path, truncation: float) -> Network:
    """Returns the network in a .safetensors file; raises SettingsError with what to do."""
    if path.suffix != ".safetensors" or not path.is_file():
        raise SettingsError(
            "#/weights", f"there is no {path} (.safetensors): `paintoff weights import` makes one of BigGAN's .bin file"
        )
    try:
        with safe_open(path, "pt") as file:
            about = json.loads((file.metadata() or {}).get("layout", "{}"))
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        return Network(state, truncation, float(about.get("eps", EPS)))
    except (SafetensorError, OSError) as error:
        raise SettingsError("#/weights", f"{path.name} cannot be read ({error}): convert it again") from error
    except (ValueError, RuntimeError, LookupError, AttributeError, TypeError) as error:
        raise SettingsError("#/weights", f"{path.name} holds no BigGAN: {str(error)[:300]}") from error
