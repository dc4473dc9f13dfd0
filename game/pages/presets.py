"""Kinds of pictures with a name, as the studio's form offers them: a prior with some of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """A choice of settings with a name."""

    key: str
    name: str
    detail: str
    settings: Mapping[str, Any]

    @property
    def prior(self) -> str:
        """What paints."""
        return str(self.settings["prior"])


PRESETS = (
    Preset("sketch", "A sketch", "100 steps, 32 strokes", {"prior": "strokes", "steps": 100, "strokes": 32}),
    Preset("picture", "A picture", "as many steps and strokes as the machine likes", {"prior": "strokes"}),
    Preset("masterpiece", "A masterpiece", "800 steps, 128 strokes",
           {"prior": "strokes", "steps": 800, "strokes": 128}),
    Preset("pick", "One of four", "four strokes pictures side by side, the best goes on",
           {"prior": "strokes", "candidates": 4, "cull_at": 60}),
    Preset("vqgan", "An oil of its own", "a VQGAN's codes: textures of pictures it has seen", {"prior": "vqgan"}),
    Preset("mosaic", "A mosaic", "coloured squares, 64 a side", {"prior": "pixels", "grid": 64}),
    Preset("waves", "Waves", "a picture made of frequencies", {"prior": "fft"}),
    Preset("dream", "A dream", "a small network that is the picture (SIREN)", {"prior": "siren"}),
    Preset("photo", "A likeness", "BigGAN's latents; needs weights of its own", {"prior": "biggan"}),
)  # fmt: skip
BY_KEY = {preset.key: preset for preset in PRESETS}
