"""DeepDream as an objective: a layer, a channel or a unit of the guide's image tower that the picture shall excite.

Mordvintsev, Olah and Tyka, "Inceptionism" (2015): the pull is the layer's own response to the picture, made larger.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from generator.declare import SettingsError
from generator.wanted import DreamSettings

if TYPE_CHECKING:
    from scorer import Encoder

PROBES = 4
SHOWN = 8  # names of layers that an error lists


class Dream:
    """How strongly views excite what was chosen, in units of the layer's own spread on noise.

    Measuring in that unit gives layers of every depth and network about the same say beside a text.
    """

    def __init__(self, settings: DreamSettings, guide: Encoder) -> None:
        self.settings = settings
        layers = guide.image_layers()
        if settings.layer not in layers:
            near = ", ".join(_near(settings.layer, list(layers)))
            raise SettingsError("#/dream/layer", f"{guide.name} has no layer {settings.layer!r}; there is {near}")
        channels, places = layers[settings.layer]
        _check(settings.channel, channels, "#/dream/channel", "channels")
        _check(settings.unit, places, "#/dream/unit", "places")
        noise = torch.rand(PROBES, 3, guide.size, guide.size, generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            _, response = guide.activations(noise.to(guide.device), settings.layer)
        self.spread = response.float().std().clamp_min(1e-6)

    def excitement(self, response: Tensor) -> Tensor:
        """Returns (n,) for the layer's response (n, channels, places) to n views: the mean of what was chosen.

        Of a whole layer it is the root of the mean square, which excites whatever is excited already.
        """
        response = response.float() / self.spread
        if self.settings.channel is None:
            return (response.square().mean((1, 2)) + 1e-12).sqrt()
        chosen = response[:, self.settings.channel]
        return chosen.mean(1) if self.settings.unit is None else chosen[:, self.settings.unit]


def _check(index: int | None, count: int, pointer: str, things: str) -> None:
    if index is not None and index >= count:
        raise SettingsError(pointer, f"the layer has {count} {things}, counted from 0 to {count - 1}")


def _near(name: str, layers: list[str]) -> list[str]:
    """Returns a few layers that may have been meant: those spelt alike, then those that hold the name, then any."""
    alike = difflib.get_close_matches(name, layers, SHOWN, 0.6)
    holding = [layer for layer in layers if name in layer]
    return list(dict.fromkeys([*alike, *holding, *layers]))[:SHOWN]
