"""How the guide is shown the picture, as a record: what its views may change."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.declare import SettingsError, declared, number


@dataclass(frozen=True)
class Looking:
    """How far views may differ from the picture itself; the first of them never does.

    Shapes that are still what they shall be at every size and angle are shapes that people see, too; seen from nearer
    only, they become texture.
    """

    nearest: float = field(
        default=0.8,
        metadata=declared(
            "The side of the nearest view, in sides of the picture; below 1 it is a crop.", number(0.1, 2)
        ),
    )
    farthest: float = field(
        default=1.6, metadata=declared("The side of the farthest view; above 1 paper shows around it.", number(0.1, 4))
    )
    perspective: float = field(
        default=0.25,
        metadata=declared("How far a view's corners wander, in halves of the picture's side.", number(0, 1)),
    )
    turn: float = field(default=0.0, metadata=declared("How far views turn either way, in degrees.", number(0, 180)))
    jitter: float = field(
        default=0.0,
        metadata=declared("How far light, contrast, colourfulness and hue change; 0.1 is a tenth.", number(0, 1)),
    )
    erase: float = field(
        default=0.0, metadata=declared("The most of a view that one rectangle of paper hides.", number(0, 0.5))
    )
    noise: float = field(
        default=0.0, metadata=declared("The most noise in a view: its deviation, white being 1.", number(0, 1))
    )

    def __post_init__(self) -> None:
        if self.farthest < self.nearest:
            raise SettingsError("#/farthest", "must not be smaller than nearest")
        if self.perspective > 0.45 * self.nearest:  # from half of it on, three corners may lie on one line
            raise SettingsError("#/perspective", f"must be at most {0.45 * self.nearest:.2f}, 0.45 of nearest")
