"""Everything that can be set for a run, declared once: default, range and one sentence each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from generator.declare import (
    SettingsError,
    colour,
    declared,
    members,
    names,
    number,
    one_of,
    optional,
    plain,
    read,
    record,
    several,
    whole,
    words,
)

MAX_STEPS = 10_000
MARGIN = 0.04  # how far a stroke's knots may leave the canvas, in canvas widths
SAMPLES = (16, 12, 8, 6, 4)  # points of a drawing's stroke between two joints of its curve, finest first
PAINTBOX = (  # the players' colours, as static/draw/palette.js has them; paper first
    "#ffffff", "#141414", "#666a73", "#b3afaf", "#4c2612", "#9c6a4a", "#d1bb99", "#ffe4ca", "#960f00", "#ef3612",
    "#ffa2d9", "#7b3fa8", "#1b2260", "#2266dd", "#8fd3ff", "#2390a7", "#0f4f2e", "#44b169", "#ffd836", "#ff8f0f",
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A text that the picture shall come near to, or, with a negative weight, keep away from."""

    text: str = field(metadata=declared("What the picture shall show.", words(1000)))
    weight: float = field(
        default=1.0, metadata=declared("How much it counts; below zero it pushes away.", number(-10, 10))
    )
    from_step: int = field(default=0, metadata=declared("The first step at which it counts.", whole(0, MAX_STEPS)))
    to_step: int | None = field(
        default=None,
        metadata=declared("The step before which it stops counting; null is the end.", optional(whole(1, MAX_STEPS))),
    )

    def counts_at(self, step: int) -> bool:
        """Is the text part of the objective at this step?"""
        return self.from_step <= step and (self.to_step is None or step < self.to_step)


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
        default="",
        metadata=declared("The file of VQGAN weights, .safetensors, on the machine that paints.", words(500)),
    )
    code_rate: float = field(
        default=0.1, metadata=declared("How far the code of a cell moves in a step.", number(0, 10))
    )

    def __post_init__(self) -> None:
        if not self.weights:
            raise SettingsError("#/weights", "must name a file of VQGAN weights (.safetensors)")


OWN: dict[str, type[Any]] = {"strokes": StrokeSettings, "vqgan": VqganSettings}


@dataclass(frozen=True)
class Settings:
    """Everything that decides a run: the same settings and the same guide give the same picture on one machine."""

    texts: tuple[Text, ...] = field(
        metadata=declared("What the picture shall show, and what not.", several(record(Text), 1, 32))
    )
    prior: str = field(default="strokes", metadata=declared("What paints.", one_of(tuple(OWN))))
    guide: str = field(
        default="embedded:main", metadata=declared("The encoder that steers the run, for who starts it.", words(500))
    )
    steps: int = field(default=500, metadata=declared("How often the picture is improved.", whole(1, MAX_STEPS)))
    size: int = field(
        default=128, metadata=declared("The side of the picture while it is improved, in px.", whole(32, 1024))
    )
    cutouts: int = field(
        default=8, metadata=declared("How many views of the picture the guide sees in a step.", whole(1, 64))
    )
    learning_rate: float = field(
        default=1.0, metadata=declared("Multiplies the prior's own learning rates.", number(0.001, 100))
    )
    seed: int = field(default=0, metadata=declared("Where the random numbers start.", whole(0, 2**53 - 1)))
    deadline_s: float | None = field(
        default=None,
        metadata=declared("Finish in this many seconds of painting, with fewer steps.", optional(number(1, 86_400))),
    )
    own: Any = None

    def __post_init__(self) -> None:
        if self.own is None:
            object.__setattr__(self, "own", OWN[self.prior]())
        for place, text in enumerate(self.texts):
            if text.to_step is not None and text.to_step <= text.from_step:
                raise SettingsError(f"#/texts/{place}/to_step", "must be greater than from_step")
        borders = {0} | {border for text in self.texts for border in (text.from_step, text.to_step) if border}
        for step in sorted(border for border in borders if border < self.steps):
            if not any(text.weight > 0 and text.counts_at(step) for text in self.texts):
                raise SettingsError("#/texts", f"no text with a weight above zero counts at step {step}")

    @classmethod
    def from_dict(cls, value: object) -> Settings:
        """Builds settings from a JSON object, the prior's own beside the common ones; raises SettingsError."""
        common = names(cls)
        every = common + [name for kind in OWN.values() for name in names(kind)]
        given = members(value, "#", every)
        prior = one_of(tuple(OWN))(given.get("prior", "strokes"), "#/prior")
        own = read(OWN[prior], {key: item for key, item in given.items() if key not in common})
        return read(cls, {key: item for key, item in given.items() if key in common}, own=own)

    def to_dict(self) -> dict[str, Any]:
        """Returns the settings as a JSON object that from_dict reads back to an equal record."""
        return {**plain(self), **plain(self.own)}


def table() -> list[dict[str, Any]]:
    """Returns every setting as {"name", "default", "about", "prior"}, for forms and help; null prior: common to all."""
    rows = []
    for prior, kind in ((None, Settings), *OWN.items()):
        for declared_field in dataclasses.fields(kind):
            if "about" in declared_field.metadata:
                missing = declared_field.default is dataclasses.MISSING
                default = None if missing else plain(declared_field.default)
                about = declared_field.metadata["about"]
                rows.append({"name": declared_field.name, "default": default, "about": about, "prior": prior})
    return rows
