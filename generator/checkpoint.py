"""A run's whole state as bytes and back: safetensors with JSON metadata, so that reading one never runs code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from generator.candidates import Candidates
from generator.declare import SettingsError
from generator.schedule import Waiting
from generator.settings import Settings
from generator.steer import Order

FORMAT = 2
KEY = "paintoff.run"


class CheckpointError(ValueError):
    """The bytes are no checkpoint of a run, or of one that these settings cannot go on with."""


@dataclass(frozen=True)
class State:
    """Everything a run is after `step` steps and `seconds` of painting, its pictures `size` px a side.

    `settings` are those that it was started with, `orders` what it was told since; `rng` is a CPU generator's state
    (uint8).
    """

    settings: Settings
    step: int
    seconds: float
    size: int
    candidates: Candidates
    rng: Tensor
    waiting: Waiting
    orders: tuple[Order, ...]


def pack(state: State) -> bytes:
    """Returns a state as bytes; `unpack` gives it back bit for bit."""
    candidates = state.candidates
    tensors = {f"latent.{name}": tensor for name, tensor in candidates.latent.items()}
    tensors |= {f"average.{name}": tensor for name, tensor in candidates.average.items()}
    tensors |= {f"moment.{name}": tensor for name, tensor in candidates.moments.items()}
    tensors |= {"losses": candidates.losses, "similarities": candidates.similarities, "means": candidates.means}
    tensors["rng"] = state.rng
    about = {
        "format": FORMAT,
        "step": state.step,
        "seconds": state.seconds,
        "size": state.size,
        "candidates": candidates.numbers,
        "waiting": [state.waiting.best, state.waiting.steps],
        "orders": [order.to_dict() for order in state.orders],
        "settings": state.settings.to_dict(),
    }
    alone = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(alone, {KEY: json.dumps(about)})


def unpack(data: bytes) -> State:
    """Reads a checkpoint's bytes, tensors on the CPU; raises CheckpointError."""
    try:
        tensors = load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        about = json.loads(header["__metadata__"][KEY])
        if about["format"] != FORMAT:
            raise CheckpointError(f"the checkpoint has format {about['format']}; this version reads format {FORMAT}")
        candidates = Candidates(
            numbers=tuple(int(number) for number in about["candidates"]),
            latent=_part(tensors, "latent."),
            losses=tensors["losses"],
            similarities=tensors["similarities"],
            means=tensors["means"],
            average=_part(tensors, "average."),
            moments=_part(tensors, "moment."),
        )
        return State(
            Settings.from_dict(about["settings"]),
            int(about["step"]),
            float(about["seconds"]),
            int(about["size"]),
            candidates,
            tensors["rng"],
            Waiting(float(about["waiting"][0]), int(about["waiting"][1])),
            tuple(Order.from_dict(order) for order in about["orders"]),
        )
    except (SafetensorError, SettingsError, LookupError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CheckpointError(f"this is not a run's checkpoint: {error}; start the run again") from error


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def fitting(state: State, settings: Settings, fresh: Mapping[str, Tensor]) -> State:
    """Returns the state if these settings can go on from it; `fresh` is a latent of theirs in the state's size."""
    if state.settings.prior != settings.prior:
        raise CheckpointError(
            f"the checkpoint is of a {state.settings.prior} run, the settings ask for {settings.prior}"
        )
    latent = state.candidates.latent
    for name, tensor in fresh.items():
        if name not in latent or latent[name].shape[1:] != tensor.shape[1:]:
            raise CheckpointError(f"the checkpoint's {name} does not fit these settings; go on with its own")
    return state
