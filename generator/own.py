"""What each prior lets one set, declared once: a record a prior, and the table that names them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.declare import SettingsError, colour, declared, number, optional, several, whole, words

MARGIN = 0.04  # how far a stroke's knots may leave the canvas, in canvas widths
SAMPLES = (16, 12, 8, 6, 4)  # points of a drawing's stroke between two joints of its curve, finest first
PAINTBOX = (  # the players' colours, as static/draw/palette.js has them; paper first
    "#ffffff", "#141414", "#666a73", "#b3afaf", "#4c2612", "#9c6a4a", "#d1bb99", "#ffe4ca", "#960f00", "#ef3612",
    "#ffa2d9", "#7b3fa8", "#1b2260", "#2266dd", "#8fd3ff", "#2390a7", "#0f4f2e", "#44b169", "#ffd836", "#ff8f0f",
)  # fmt: skip
CONTRASTS = (0.05, 10.0)  # of an fft picture: from fog to posters


@dataclass(frozen=True)
class StrokeSettings:
    """The `strokes` prior's own settings: what the machine may take from the players' paint box."""

    strokes: int = field(
        default=80, metadata=declared("How many strokes to begin with, painted one over the other.", whole(1, 400))
    )
    knots: int = field(
        default=4, metadata=declared("Control points of a stroke's curve; four make one cubic Bezier.", whole(4, 12))
    )
    lines: float = field(
        default=0.6, metadata=declared("The share of strokes that begin as thin dark lines on top.", number(0, 1))
    )
    colours: tuple[str, ...] = field(
        default=PAINTBOX, metadata=declared("The palette that strokes and paper choose from.", several(colour, 2, 64))
    )
    paper: str | None = field(
        default="#ffffff",
        metadata=declared("The colour of the paper, one of `colours`; null lets the machine choose.", optional(colour)),
    )
    thinnest: float = field(
        default=2.0, metadata=declared("The smallest pen radius, in px of the 512 px canvas.", number(0.5, 64))
    )
    widest: float = field(
        default=40.0, metadata=declared("The largest pen radius, in px of the 512 px canvas.", number(0.5, 64))
    )
    tidiness: float = field(
        default=0.004,
        metadata=declared("How much loss each tidying up may cost for fewer strokes.", number(0, 1)),
    )
    births: int = field(
        default=8,
        metadata=declared("How many strokes that were taken away each tidying up may paint elsewhere.", whole(0, 64)),
    )
    point_rate: float = field(
        default=0.012, metadata=declared("How far a point moves in a step, in canvas widths.", number(0, 1))
    )
    radius_rate: float = field(
        default=0.015, metadata=declared("How far the logarithm of a radius moves in a step.", number(0, 1))
    )
    colour_rate: float = field(
        default=0.12, metadata=declared("How far a colour's preference moves in a step.", number(0, 10))
    )

    def __post_init__(self) -> None:
        if self.widest < self.thinnest:
            raise SettingsError("#/widest", "must not be smaller than thinnest")
        if self.paper is not None and self.paper not in self.colours:
            raise SettingsError("#/paper", "must be one of colours, or null")
        if len(set(self.colours)) < len(self.colours):
            raise SettingsError("#/colours", "must not name a colour twice")
        if not self.samples:
            raise SettingsError("#/strokes", "is more than a drawing may cost; ask for fewer strokes, knots or widest")

    @property
    def samples(self) -> int:
        """How many points a drawing of the longest and widest strokes may have between two joints; 0 if it may not be.

        The players' limits: 20,000 points, and a cost of 10^9 cells of the server's master at twice the size, where a
        segment's box is its length and its pen's width long, and as high as the pen is wide and 64 cells more.
        """
        wide = 4 * self.widest + 2
        longest = (self.knots - 1) * (1 + 2 * MARGIN) * 2**0.5 * 512 * 2
        for samples in SAMPLES:
            points = (self.knots - 3) * samples + 1
            if self.strokes * points <= 20_000 and self.strokes * (longest + points * wide) * (wide + 64) <= 1e9:
                return samples
        return 0


@dataclass(frozen=True)
class VqganSettings:
    """The `vqgan` prior's own settings."""

    weights: str = field(
        default="embedded",
        metadata=declared(
            'The file of VQGAN weights, .safetensors, on the machine that paints; "embedded" is the one that comes '
            "with the program.",
            words(500),
        ),
    )
    code_rate: float = field(
        default=0.1, metadata=declared("How far the code of a cell moves in a step.", number(0, 10))
    )


@dataclass(frozen=True)
class PixelsSettings:
    """The `pixels` prior's own settings."""

    grid: int | None = field(
        default=None,
        metadata=declared(
            "How many squares of one colour a side; null is one for each pixel.", optional(whole(4, 512))
        ),
    )
    pixel_rate: float = field(
        default=0.05, metadata=declared("How far a pixel moves along an axis of colour in a step.", number(0, 10))
    )


@dataclass(frozen=True)
class FftSettings:
    """The `fft` prior's own settings."""

    contrast: float = field(
        default=0.9, metadata=declared("How far the first picture's values lie from their mean.", number(*CONTRASTS))
    )
    steepness: float = field(
        default=1.8,
        metadata=declared(
            "How much lighter fine waves are than coarse ones; more is smoother. Aphantasia's is 1.5.", number(0, 4)
        ),
    )
    wave_rate: float = field(
        default=0.05, metadata=declared("How far the weight of a wave moves in a step.", number(0, 10))
    )


@dataclass(frozen=True)
class SirenSettings:
    """The `siren` prior's own settings."""

    layers: int = field(default=5, metadata=declared("How many layers of sines the network has.", whole(2, 48)))
    width: int = field(default=128, metadata=declared("How many sines a layer has.", whole(8, 512)))
    frequency: float = field(
        default=15.0,
        metadata=declared(
            "How fine the first layer's waves are; more gives more detail. Deep Daze's is 30.", number(1, 200)
        ),
    )
    weight_rate: float = field(default=0.001, metadata=declared("How far a weight moves in a step.", number(0, 1)))


@dataclass(frozen=True)
class BigganSettings:
    """The `biggan` prior's own settings."""

    weights: str = field(
        default="",
        metadata=declared("The file of BigGAN-deep weights, .safetensors, on the machine that paints.", words(500)),
    )
    truncation: float = field(
        default=1.0,
        metadata=declared("How far pictures may be from the usual; less is plainer and safer.", number(0.02, 1)),
    )
    most_classes: int | None = field(
        default=None,
        metadata=declared("How many of its classes a layer may mix; null is any number.", optional(whole(1, 1000))),
    )
    familiarity: float = field(
        default=1.0, metadata=declared("How much latents are held to what the network knows.", number(0, 100))
    )
    latent_rate: float = field(default=0.07, metadata=declared("How far a latent moves in a step.", number(0, 10)))
    class_rate: float = field(
        default=0.07, metadata=declared("How far the preference for a class moves in a step.", number(0, 10))
    )

    def __post_init__(self) -> None:
        if not self.weights:
            raise SettingsError("#/weights", "must name a file of BigGAN weights (.safetensors)")


OWN: dict[str, type[Any]] = {
    "strokes": StrokeSettings,
    "vqgan": VqganSettings,
    "pixels": PixelsSettings,
    "fft": FftSettings,
    "siren": SirenSettings,
    "biggan": BigganSettings,
}
