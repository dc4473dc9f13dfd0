"""Everything that can be set for a run, declared once: default, range and one sentence each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

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
    whole,
    words,
)
from generator.own import OWN

MAX_STEPS = 10_000


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
