"""How well an embedded VQGAN gives back pictures that it has never seen: figures, and a sheet to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from generator.priors.vqgan import Network
from generator.training.codes import perplexity
from generator.training.data import Sources
from generator.training.pictures import Mix, Painter

SEED, PART = 99, 25  # pictures at once
SIDES = (64, 128)
KINDS = {
    "drawings": Mix(emoji=0.0, window=0.0, lone=1.0),
    "scenes": Mix(emoji=0.3, window=0.0, lone=0.0),
    "emoji": Mix(emoji=1.0, window=0.0, lone=1.0),
}
SHOWN = 10  # pictures of each kind on the sheet


@dataclass(frozen=True)
class Measured:
    """`figures` by kind and side; `used` codes of all and their `perplexity`; `sheet`: originals over what was made."""

    figures: dict[str, dict[str, float]]
    used: int
    perplexity: float
    sheet: Image.Image


@torch.no_grad()
def measure(network: Network, held_back: Sources, count: int) -> Measured:
    """Return the figures on `count` pictures of each kind and side, composed from what was held back."""
    counts = torch.zeros(len(network.codebook))
    found, strips = {}, []
    for kind, mix in KINDS.items():
        painter = Painter(held_back, torch.device("cpu"), mix)
        for side in SIDES:
            errors: list[Tensor] = []
            for part in range(0, count, PART):
                pictures = painter.batch((SEED, part), min(PART, count - part), side)
                z = network.encode(pictures)
                counts += torch.bincount(network.nearest(z).flatten(), minlength=len(counts))
                made = network.decode(z)
                errors.append(torch.stack([error(made, pictures, 1), error(made, pictures, 2)], 1))
                if part == 0 and side == SIDES[-1]:
                    strips += [pictures[:SHOWN], made[:SHOWN]]
            found[f"{kind} at {side} px"] = _figures(torch.cat(errors))
    return Measured(found, int((counts > 0).sum()), perplexity(counts), sheet(strips))


def error(made: Tensor, pictures: Tensor, power: int) -> Tensor:
    """Return the mean absolute (or squared) difference of each picture (n,), colours in [0, 1]."""
    return (made - pictures).abs().pow(power).mean((1, 2, 3))


def _figures(errors: Tensor) -> dict[str, float]:
    l1, squared = errors.unbind(1)
    decibels = -10 * squared.clamp(min=1e-8).log10()
    return {
        "l1": float(l1.mean()),
        "psnr": float(decibels.mean()),
        "psnr_error": float(decibels.std() / len(decibels) ** 0.5),
        "worst_psnr": float(decibels.quantile(0.05)),
        "count": len(decibels),
    }


def sheet(strips: list[Tensor]) -> Image.Image:
    """Return rows of pictures (n, 3, side, side), one under the other."""
    lines = [torch.cat(list(strip), 2) for strip in strips]
    whole = (torch.cat(lines, 1) * 255).round().clamp(0, 255).byte()
    return Image.fromarray(whole.permute(1, 2, 0).numpy())


def as_json(measured: Measured) -> dict[str, Any]:
    """Return what `figures.json` holds."""
    return {"pictures": measured.figures, "codes_used": measured.used, "perplexity": measured.perplexity}
