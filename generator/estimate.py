"""Memory, known before the start: what a step will take, measured on small ones, against what is free.

The guide's share grows with candidates and views, the prior's with candidates and pixels (and with the square of the
pixels where it has attention, as VQGAN does). So a candidate is taken through small steps, counting each tensor that
lives, and the numbers are scaled up. That is within a third of what the whole step's tensors take at their peak (a
test says so); what torch's kernels take inside themselves and what allocators waste is not seen, hence the HEADROOM.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from generator import priors, schedule
from generator.cutouts import plan
from generator.declare import SettingsError
from generator.objective import Objective
from generator.priors import Prior
from generator.settings import Settings

HEADROOM = 1.25
DIRECT = 128  # px: pictures so small are measured as they are
GRAIN = 32  # px: other sizes that are measured are multiples of it
HELD = 6  # latents that a run holds all the time: its own, two moments, and an iterate's copy of them
COPYING = 4  # more when the next iterate is made: its copy, and the gradient
MEMINFO, CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


class NoRoom(SettingsError):
    """A run's steps will not fit into the memory that is free now; they might when others have ended."""


@dataclass(frozen=True)
class Curve:
    """Bytes as a function of pixels n: `fixed` + `side` sqrt(n) + `area` n + `pairs` n^2."""

    side: float = 0.0
    area: float = 0.0
    pairs: float = 0.0
    fixed: float = 0.0

    def __call__(self, pixels: int) -> float:
        return self.fixed + self.side * math.sqrt(pixels) + self.area * pixels + self.pairs * pixels**2

    @classmethod
    def line(cls, measured: Mapping[int, float]) -> Curve:
        """Returns the straight line through bytes at one or two numbers of pixels."""
        few, many = min(measured), max(measured)
        slope = (measured[many] - measured[few]) / (many - few) if many > few else 0.0
        return cls(area=slope, fixed=measured[few] - slope * few)

    @classmethod
    def through(cls, measured: Mapping[int, float]) -> Curve:
        """Returns the curve through bytes at one or two numbers of pixels that has two terms, none below zero.

        What grows less than the area has outlines, as strokes have; what grows more has attention, as VQGAN has.
        """
        few, many = min(measured), max(measured)
        least, most = measured[few] / few, measured[many] / many
        if few == many:
            return cls(area=most)
        side = max(0.0, (least - most) / (1 / math.sqrt(few) - 1 / math.sqrt(many)))
        pairs = max(0.0, (most - least) / (many - few))
        area = most - side / math.sqrt(many) - pairs * many
        if area >= 0:
            return cls(side, area, pairs)
        return cls(side=most * math.sqrt(many)) if side else cls(pairs=most / many)


@dataclass(frozen=True)
class Need:
    """What a candidate takes in bytes: its picture, `kept` until it is looked at and at its `peak`; the looks, each
    `view` some and the first more; and the latent, which is there several times."""

    kept: Curve
    peak: Curve
    look: float
    view: float
    latent: Curve

    def bytes(self, size: int, cutouts: int, candidates: int) -> int:
        """Returns the bytes at a step's peak, beside the networks' weights."""
        pixels = size * size
        looking = self.kept(pixels) + self.look + self.view * cutouts
        latent = self.latent(pixels)
        return round((max(self.peak(pixels), looking, COPYING * latent) + HELD * latent) * candidates)


def measure(settings: Settings, objective: Objective, device: torch.device) -> Need:
    """Finds out what a run's steps take, by rendering and looking at a candidate once or twice in a small size."""
    size = max(schedule.sizes(settings))
    large = size if size <= DIRECT else GRAIN * round(size / 2 / GRAIN)
    small = large if size <= DIRECT else GRAIN * -(-large // 2 // GRAIN)
    painted = {side**2: painting(replace(settings, size=side), device) for side in {small, large}}
    one, two = (looking(replace(settings, size=small, cutouts=count), objective, device) for count in (1, 2))
    latents = {side**2: latent_bytes(replace(settings, size=side)) for side in {GRAIN, size}}
    return Need(
        Curve.through({pixels: kept for pixels, (kept, _) in painted.items()}),
        Curve.through({pixels: peak for pixels, (_, peak) in painted.items()}),
        look=max(0, 2 * one - two),
        view=two - one,
        latent=Curve.line(latents),
    )


def latent_bytes(settings: Settings) -> int:
    """Returns the size of one candidate's latent."""
    return sum(int(tensor.nbytes) for tensor in priors.load(settings).start(1, torch.Generator()).values())


def painting(settings: Settings, device: torch.device) -> tuple[int, int]:
    """Renders one candidate, forward and back; returns the bytes that are kept in between, and those at the peak."""
    prior: Prior = priors.load(settings)
    latent = {name: tensor.to(device) for name, tensor in prior.start(1, torch.Generator()).items()}
    for name in prior.rates():
        latent[name].requires_grad_()
    watched = Watched()
    with torch.enable_grad(), watched:
        pictures = prior.render(latent, settings.size, 1.0)
        kept = watched.now
        pictures.sum().backward()  # type: ignore[no-untyped-call]
    return kept, watched.peak


def looking(settings: Settings, objective: Objective, device: torch.device) -> int:
    """Has a picture looked at, forward and back; returns the bytes that this takes at its peak."""
    picture = torch.full((1, 3, settings.size, settings.size), 0.5, device=device, requires_grad=True)
    views = plan(settings.cutouts, torch.Generator(), settings.views)
    watched = Watched()
    with torch.enable_grad(), watched:
        objective.judge(picture, views.of, 0).loss.sum().backward()  # type: ignore[no-untyped-call]
    return watched.peak


class Watched(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Inside it, the bytes of all tensors that torch makes are counted: `now`, and `peak`, the most at any time."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now: int = 0
        self.peak: int = 0

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: Sequence[type], args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        given = {id(tensor.untyped_storage()) for tensor in tree_leaves((args, kwargs)) if isinstance(tensor, Tensor)}
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, Tensor) and id(storage := tensor.untyped_storage()) not in given:
                given.add(id(storage))
                size = int(storage.nbytes())
                self._count(size)
                weakref.finalize(storage, self._count, -size)
        return made

    def _count(self, size: int) -> None:
        self.now += size
        self.peak = max(self.peak, self.now)


def free(device: torch.device) -> int | None:
    """Returns the bytes that a run may take on a device; None where nobody can tell."""
    if device.type == "cuda":
        unused: int = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + unused
    try:
        lines = [line.split() for line in MEMINFO.read_text().splitlines()]
        machine = next(int(line[1]) * 1024 for line in lines if line[0] == "MemAvailable:")
    except (OSError, StopIteration):
        return None
    return min(machine, _allowed(machine))


def _allowed(otherwise: int) -> int:
    """What is left of a container's own limit; caches of files do not count, they make room."""
    try:
        most = int((CGROUP / "memory.max").read_text())
        stat = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return most - int((CGROUP / "memory.current").read_text()) + int(stat["inactive_file"])
    except (OSError, ValueError, KeyError):  # no limit, or no such file
        return otherwise


def release() -> None:
    """Gives back what torch holds ready on a GPU, for runs of other processes."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def check(settings: Settings, objective: Objective, device: torch.device) -> None:
    """Raises NoRoom, with what would fit, where a run's steps will not fit into what is free."""
    room = free(device)
    if room is None:
        return
    wanted, found = compare(measure(settings, objective, device), settings, room)
    if not found:
        return
    choices = " or ".join(found)
    detail = f"a step takes about {_gigabytes(wanted)} and {_gigabytes(room)} are free; what fits: {choices}"
    raise NoRoom("#/size", detail)


def compare(need: Need, settings: Settings, room: int) -> tuple[int, list[str]]:
    """Returns the bytes that a run's steps take, and what would fit where that is more than there is room for."""
    size = max(schedule.sizes(settings))
    wanted = need.bytes(size, settings.cutouts, settings.candidates)
    if wanted * HEADROOM <= room:
        return wanted, []
    return wanted, fitting(need, settings, size, room) or ["fewer candidates, cutouts and a smaller size"]


def total(device: torch.device) -> int | None:
    """Returns the bytes that a run could take on a device where nothing else is; None where nobody can tell."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    try:
        lines = [line.split() for line in MEMINFO.read_text().splitlines()]
        machine = next(int(line[1]) * 1024 for line in lines if line[0] == "MemTotal:")
    except (OSError, StopIteration):
        return None
    try:
        return min(machine, int((CGROUP / "memory.max").read_text()))
    except (OSError, ValueError):  # no limit, or no such file
        return machine


def fitting(need: Need, settings: Settings, size: int, room: int) -> list[str]:
    """Says which single change would make a run fit: a smaller size, fewer cutouts or fewer candidates."""
    cutouts, candidates = settings.cutouts, settings.candidates
    tried = {
        "a size of {} px": [(side, (side, cutouts, candidates)) for side in range(size - size % 16, 31, -16)],
        "{} cutouts": [(count, (size, count, candidates)) for count in range(cutouts - 1, 0, -1)],
        "{} candidates": [(count, (size, cutouts, count)) for count in range(candidates - 1, 0, -1)],
    }
    found = []
    for words, choices in tried.items():
        fits = (value for value, choice in choices if need.bytes(*choice) * HEADROOM <= room)
        if (value := next(fits, None)) is not None:
            found.append(words.format(value))
    return found


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2g} GB" if count < 1e10 else f"{count / 1e9:.0f} GB"
