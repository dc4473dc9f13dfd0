"""Measurements, apart from the tests: each module here has a `figures()` that yields Figure records."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number, and what it is held against where there is such a thing.

    `figure` is its name ("raster.doodle"), `unit` what the value counts ("ms"), `against` a reference in the same unit.
    """

    figure: str
    value: float
    unit: str
    against: float | None = None

    @property
    def ratio(self) -> float | None:
        """Value over reference; None without a reference, or with one of zero."""
        return round(self.value / self.against, 4) if self.against else None

    def record(self) -> dict[str, object]:
        """The figure as `make bench` prints it."""
        return {**asdict(self), "ratio": self.ratio}
