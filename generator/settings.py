"""Everything that can be set for a run, declared once: default, range and one sentence each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from generator import beginning
from generator.declare import (
    SettingsError,
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
    together,
    whole,
    words,
)
from generator.looking import Looking
from generator.own import OWN
from generator.presets import PRESETS
from generator.wanted import MAX_STEPS, DreamSettings, Guide, ImageTarget, Losses, Style, Text


@dataclass(frozen=True)
class Settings:
    """Everything that decides a run: the same settings and the same guide give the same picture on one machine."""

    texts: tuple[Text, ...] = field(
        default=(), metadata=declared("What the picture shall show, and what not.", several(record(Text), 0, 32))
    )
    images: tuple[ImageTarget, ...] = field(
        default=(),
        metadata=declared("Pictures that it shall be like, and unlike.", several(record(ImageTarget), 0, 16)),
    )
    style: tuple[Style, ...] = field(
        default=(), metadata=declared(f"Styles for it: {', '.join(PRESETS)}.", several(record(Style), 0, 8))
    )
    losses: Losses = field(
        default=Losses(), metadata=declared("Plain wishes about pixels, with their weights.", record(Losses))
    )
    dream: DreamSettings | None = field(
        default=None,
        metadata=declared("A part of the guide that it shall excite (DeepDream).", optional(record(DreamSettings))),
    )
    prior: str = field(default="strokes", metadata=declared("What paints.", one_of(tuple(OWN))))
    start: str | beginning.Drawing = field(
        default="noise",
        metadata=declared(
            "How the picture begins: noise of the prior's own sort, gradient, perlin or fractal; a picture's file or"
            " data: URI; a drawing or its .json file.",
            beginning.start,
        ),
    )
    guide: str = field(
        default="embedded:main", metadata=declared("The encoder that steers the run, for who starts it.", words(500))
    )
    guides: tuple[Guide, ...] = field(
        default=(),
        metadata=declared(
            "More encoders that steer the run, beside `guide` with its weight of 1.", several(record(Guide), 0, 4)
        ),
    )
    steps: int = field(default=500, metadata=declared("How often the picture is improved.", whole(1, MAX_STEPS)))
    size: int = field(
        default=128, metadata=declared("The side of the picture while it is improved, in px.", whole(32, 1024))
    )
    sizes: tuple[tuple[int, int], ...] = field(
        default=(),
        metadata=declared(
            "When it has another size: a list of [step, px], steps rising; it grows and shrinks by its latent.",
            several(together(whole(0, MAX_STEPS), whole(32, 1024)), 0, 16),
        ),
    )
    cutouts: int = field(
        default=8, metadata=declared("How many views of the picture the guide sees in a step.", whole(1, 64))
    )
    views: Looking = field(
        default=Looking(), metadata=declared("How far those views differ from the picture.", record(Looking))
    )
    learning_rate: float = field(
        default=1.0, metadata=declared("Multiplies the prior's own learning rates.", number(0.001, 100))
    )
    ema: float = field(
        default=0.0,
        metadata=declared("How slowly the picture follows what is optimised; zero is at once.", number(0, 0.999)),
    )
    candidates: int = field(
        default=1, metadata=declared("How many starting points are painted side by side.", whole(1, 64))
    )
    keep: int = field(default=1, metadata=declared("How many of the candidates go on at `cull_at`.", whole(1, 64)))
    cull_at: int = field(
        default=100, metadata=declared("The step at which the best candidates are chosen.", whole(1, MAX_STEPS))
    )
    patience: int | None = field(
        default=None,
        metadata=declared("End early after so many steps without improvement.", optional(whole(1, MAX_STEPS))),
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
        if any(later <= sooner for (sooner, _), (later, _) in pairwise(self.sizes)):
            raise SettingsError("#/sizes", "must have each step once, in rising order")
        if self.dream is None:
            self._check_that_something_is_wanted()

    def _check_that_something_is_wanted(self) -> None:
        targets = (*self.texts, *self.images)
        borders = {0} | {border for target in targets for border in (target.from_step, target.to_step) if border}
        for step in sorted(border for border in borders if border < self.steps):
            if not any(target.weight > 0 and target.counts_at(step) for target in targets):
                raise SettingsError("#/texts", f"no text or image with a weight above zero counts at step {step}")

    @property
    def every_guide(self) -> tuple[Guide, ...]:
        """All encoders that steer the run, `guide` first: what `generate` expects, in this order."""
        return (Guide(self.guide), *self.guides)

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
