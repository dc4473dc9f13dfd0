"""What can be wanted of a picture, as records: texts, images, styles, plain losses, a dream, and who looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.declare import SettingsError, colour, declared, number, one_of, optional, several, whole, words
from generator.own import PAINTBOX
from generator.presets import PRESETS

MAX_STEPS = 10_000
LONGEST_URI = 8_000_000

WEIGHT = declared("How much it counts; below zero it pushes away.", number(-10, 10))
FROM_STEP = declared("The first step at which it counts.", whole(0, MAX_STEPS))
TO_STEP = declared("The step before which it stops counting; null is the end.", optional(whole(1, MAX_STEPS)))


class Target:
    """What a text and an image have in common: a weight, and a time from `from_step` until before `to_step`."""

    weight: float
    from_step: int
    to_step: int | None

    def __post_init__(self) -> None:
        if self.to_step is not None and self.to_step <= self.from_step:
            raise SettingsError("#/to_step", "must be greater than from_step")

    def counts_at(self, step: int) -> bool:
        """Is this part of the objective at this step?"""
        return self.from_step <= step and (self.to_step is None or step < self.to_step)


@dataclass(frozen=True)
class Text(Target):
    """A text that the picture shall come near to, or, with a negative weight, keep away from."""

    text: str = field(metadata=declared("What the picture shall show.", words(1000)))
    weight: float = field(default=1.0, metadata=WEIGHT)
    from_step: int = field(default=0, metadata=FROM_STEP)
    to_step: int | None = field(default=None, metadata=TO_STEP)


@dataclass(frozen=True)
class ImageTarget(Target):
    """A picture that the picture shall come near to in the guide's eyes, or keep away from."""

    image: str = field(
        metadata=declared("A picture: a file on the machine that paints, or a data: URI.", words(LONGEST_URI))
    )
    weight: float = field(default=1.0, metadata=WEIGHT)
    from_step: int = field(default=0, metadata=FROM_STEP)
    to_step: int | None = field(default=None, metadata=TO_STEP)
    seen: str = field(
        default="views",
        metadata=declared(
            "`views` shows the same regions of it at each step, `whole` all of it once.", one_of(("views", "whole"))
        ),
    )


@dataclass(frozen=True)
class Style:
    """A named style, by its phrase."""

    name: str = field(metadata=declared("The style's name.", one_of(tuple(PRESETS))))
    weight: float | None = field(
        default=None,
        metadata=declared(
            "Its weight as a text of its own; null writes it after each wanted text.", optional(number(-10, 10))
        ),
    )


@dataclass(frozen=True)
class Guide:
    """An encoder that steers the run beside the others."""

    name: str = field(metadata=declared("The encoder's name, for who starts the run.", words(500)))
    weight: float = field(default=1.0, metadata=declared("Its say beside the others.", number(0.001, 1000)))


@dataclass(frozen=True)
class Losses:
    """Plain wishes that need no guide, each with a weight; zero is off. Each loss lies between 0 and 1."""

    smoothness: float = field(
        default=0.0, metadata=declared("How much neighbouring pixels shall be alike.", number(0, 100))
    )
    palette: float = field(
        default=0.0, metadata=declared("How much each pixel shall have one of `colours`.", number(0, 100))
    )
    symmetry: float = field(default=0.0, metadata=declared("How much left shall mirror right.", number(0, 100)))
    margin: float = field(
        default=0.0, metadata=declared("How much the picture's edge shall stay the first of `colours`.", number(0, 100))
    )
    contrast: float = field(default=0.0, metadata=declared("How far light and dark shall lie apart.", number(0, 100)))
    saturation: float = field(default=0.0, metadata=declared("How colourful the picture shall be.", number(0, 100)))
    colours: tuple[str, ...] = field(
        default=PAINTBOX,
        metadata=declared("The colours for `palette` and `margin`, paper first.", several(colour, 1, 64)),
    )


@dataclass(frozen=True)
class DreamSettings:
    """A part of the first guide's image tower that the picture shall excite (DeepDream)."""

    layer: str = field(metadata=declared("A module of the tower by its path, such as layer3.0.conv2.", words(200)))
    channel: int | None = field(
        default=None, metadata=declared("One channel of the layer; null is all of it.", optional(whole(0, 1_000_000)))
    )
    unit: int | None = field(
        default=None,
        metadata=declared("One place of the channel, counted row by row; null is all.", optional(whole(0, 1_000_000))),
    )
    weight: float = field(
        default=1.0, metadata=declared("How much it counts beside texts and images.", number(0.001, 10))
    )

    def __post_init__(self) -> None:
        if self.unit is not None and self.channel is None:
            raise SettingsError("#/unit", "is a place of a channel; name the channel, too")
