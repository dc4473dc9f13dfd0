"""What a run will take, told before it is queued: memory measured on small steps, time by the runs before it."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select

from game.extensions import db
from game.models import Player, Run
from game.rules import machines
from game.rules.refusals import Invalid

PATIENCE = 5.0  # seconds to wait for a measurement before a run is queued; its worker measures, too
LOOKED_AT = 30  # finished runs of a prior, the newest


@dataclass(frozen=True)
class Estimate:
    """What a run takes: `bytes` at its peak and `room` on this machine, both None where nobody can tell; `fits` says
    what would fit where it does not; `seconds` by `runs` like it, None if there were none."""

    bytes: int | None
    room: int | None
    fits: list[str]
    seconds: float | None
    runs: int


def of(settings: Mapping[str, Any], patience: float = 0.0) -> Estimate:
    """Return what a run of checked settings will take; its memory is waited for so many seconds."""
    from game import painting

    memory = painting.memory(dict(settings), patience)
    seconds, runs = time(settings)
    if memory is None:
        return Estimate(None, None, [], seconds, runs)
    return Estimate(memory.bytes, memory.room, memory.fits, seconds, runs)


def time(settings: Mapping[str, Any]) -> tuple[float | None, int]:
    """Return the seconds that a run will paint, as far as the last ones with its prior and guide tell, and how many."""
    query = (
        select(Run.settings, Run.step, Run.seconds)
        .join(Player, Player.id == Run.player_id)
        .where(Player.prior == settings["prior"], Run.state == "done", Run.seconds > 0, Run.step > 0)
        .order_by(Run.created_at.desc())
        .limit(LOOKED_AT)
    )
    paces = [
        seconds / _work(past, step)
        for past, step, seconds in db.session.execute(query)
        if past.get("guide") == settings["guide"]
    ]
    if not paces:
        return None, 0
    seconds = median(paces) * _work(settings, settings["steps"])
    return min(seconds, settings.get("deadline_s") or seconds), len(paces)


def _work(settings: Mapping[str, Any], steps: int) -> float:
    """How much a run of so many steps has to do: views of candidates that are looked at."""
    many = min(steps, settings["cull_at"]) if settings["candidates"] > settings["keep"] else steps
    return float(settings["cutouts"] * (settings["candidates"] * many + settings["keep"] * (steps - many)))


def refuse(settings: Mapping[str, Any], patience: float = PATIENCE) -> None:
    """Raise Invalid, with the size that would fit, for a run that is too large for every machine at work."""
    from game import painting

    told = painting.memory(dict(settings), patience)
    if told is None or not told.fits or _elsewhere():
        return
    choices = " or ".join(told.fits)
    detail = f"A step takes about {_gigabytes(told.bytes)} and this machine has {_gigabytes(told.room)}."
    raise Invalid([("#/settings/size", f"{detail} What fits: {choices}.")])


def _elsewhere() -> bool:
    """Whether machines on other hosts are at work, whose memory nobody knows here: they look for themselves."""
    return any(machine.alive and machine.host != socket.gethostname() for machine in machines.listing())


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2g} GB" if count < 1e10 else f"{count / 1e9:.0f} GB"
