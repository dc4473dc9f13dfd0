"""Memory, known before the start: what a step will take, measured on small ones, against what is free.

The guide's share grows with candidates and views, the prior's with candidates and pixels (and with the square of the
pixels where it has attention, as VQGAN does). So a candidate is taken through small steps, counting each tensor that
lives, and the numbers are scaled up. That is within a third of what the whole step's tensors take at their peak (a
test says so); what torch's kernels take inside themselves and what allocators waste is not seen, hence the HEADROOM.
"""

from __future__ import annotations

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
COPIES = 10  # of the latent in a step's time: moments, what the optimiser computes, and what two iterates hold
MEMINFO, CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Need:
    """What a step takes in bytes, as a function of its size: a candidate's pixels, views and latent."""

    pixel: float
    pixel_pair: float
    view: float
    latent: float

    def bytes(self, size: int, cutouts: int, candidates: int) -> int:
        """Returns the bytes at the step's peak, beside the networks' weights."""
        pixels = size * size
        one = self.pixel * pixels + self.pixel_pair * pixels**2 + self.view * cutouts + self.latent
        return round(one * candidates)


def measure(settings: Settings, objective: Objective, device: torch.device) -> Need:
    """Finds out what a run's steps take, by two or three small steps of one candidate in one or two views."""
    size = max(schedule.sizes(settings))
    large = size if size <= DIRECT else GRAIN * round(size / 2 / GRAIN)
    small = large if size <= DIRECT else GRAIN * -(-large // 2 // GRAIN)

    def peak(side: int, cutouts: int) -> int:
        return measured(replace(settings, size=side, cutouts=cutouts), objective, device)

    first = peak(small, 1)
    view = max(0, peak(small, 2) - first)
    rendered = {small**2: first - view}
    if large != small:
        rendered[large**2] = peak(large, 1) - view
    pixel, pair = _curve(rendered)
    latent = priors.load(replace(settings, size=size)).start(1, torch.Generator())
    return Need(pixel, pair, view, COPIES * sum(tensor.nbytes for tensor in latent.values()))


def _curve(measured: Mapping[int, float]) -> tuple[float, float]:
    """Returns a and b of the curve a n + b n^2 through bytes at one or two numbers of pixels n; neither is negative."""
    few, many = min(measured), max(measured)
    least, most = measured[few] / few, measured[many] / many
    pair = max(0.0, (most - least) / (many - few)) if many > few else 0.0
    return max(0.0, most - pair * many), pair


def measured(settings: Settings, objective: Objective, device: torch.device) -> int:
    """Makes one candidate's step forward and back without moving it; returns the bytes of its tensors at their peak."""
    prior: Prior = priors.load(settings)
    rng = torch.Generator().manual_seed(0)
    latent = {name: tensor.to(device) for name, tensor in prior.start(1, rng).items()}
    for name in prior.rates():
        latent[name].requires_grad_()
    with torch.enable_grad(), Watched() as watched:
        pictures = prior.render(latent, settings.size, 1.0)
        verdict = objective.judge(pictures, plan(settings.cutouts, rng, settings.views).of, 0)
        verdict.loss.sum().backward()  # type: ignore[no-untyped-call]
    return watched.peak


class Watched(TorchDispatchMode):
    """Inside it, the bytes of all tensors that torch makes are counted: `now`, and `peak`, the most at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: Sequence[type], args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        given = {id(tensor.untyped_storage()) for tensor in tree_leaves((args, kwargs)) if isinstance(tensor, Tensor)}
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, Tensor) and id(storage := tensor.untyped_storage()) not in given:
                given.add(id(storage))
                self._count(storage.nbytes())
                weakref.finalize(storage, self._count, -storage.nbytes())
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


def check(settings: Settings, objective: Objective, device: torch.device) -> None:
    """Raises SettingsError, with what would fit, where a run's steps will not fit into what is free."""
    room = free(device)
    if room is None:
        return
    need, size = measure(settings, objective, device), max(schedule.sizes(settings))
    wanted = need.bytes(size, settings.cutouts, settings.candidates)
    if wanted * HEADROOM <= room:
        return
    choices = " or ".join(fitting(need, settings, size, room)) or "fewer candidates, cutouts and a smaller size"
    detail = f"a step takes about {_gigabytes(wanted)} and {_gigabytes(room)} are free; what fits: {choices}"
    raise SettingsError("#/size", detail)


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
