"""A run's whole state as bytes and back: safetensors with JSON metadata, so that reading one never runs code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from generator.declare import SettingsError
from generator.settings import Settings

FORMAT = 1
KEY = "paintoff.run"


class CheckpointError(ValueError):
    """The bytes are no checkpoint of a run, or of one that these settings cannot go on with."""


@dataclass(frozen=True)
class State:
    """Everything a run is after `step` steps and `seconds` of painting.

    `latent` is the prior's, `moments` are the optimiser's by `name.moment`, `rng` is a CPU generator's state (uint8).
    """

    settings: Settings
    step: int
    seconds: float
    loss: float
    similarity: float
    latent: dict[str, Tensor]
    moments: dict[str, Tensor]
    rng: Tensor


def pack(state: State) -> bytes:
    """Returns a state as bytes; `unpack` gives it back bit for bit."""
    tensors = {f"latent.{name}": tensor for name, tensor in state.latent.items()}
    tensors |= {f"moment.{name}": tensor for name, tensor in state.moments.items()}
    tensors["rng"] = state.rng
    about = {
        "format": FORMAT,
        "step": state.step,
        "seconds": state.seconds,
        "loss": state.loss,
        "similarity": state.similarity,
        "settings": state.settings.to_dict(),
    }
    return save({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, {KEY: json.dumps(about)})


def unpack(data: bytes) -> State:
    """Reads a checkpoint's bytes, tensors on the CPU; raises CheckpointError."""
    try:
        tensors = load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        about = json.loads(header["__metadata__"][KEY])
        if about["format"] != FORMAT:
            raise CheckpointError(f"the checkpoint has format {about['format']}; this version reads format {FORMAT}")
        return State(
            Settings.from_dict(about["settings"]),
            int(about["step"]),
            float(about["seconds"]),
            float(about["loss"]),
            float(about["similarity"]),
            _part(tensors, "latent."),
            _part(tensors, "moment."),
            tensors["rng"],
        )
    except (SafetensorError, SettingsError, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CheckpointError(f"this is not a run's checkpoint: {error}; start the run again") from error


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def fitting(state: State, settings: Settings, fresh: Mapping[str, Tensor]) -> State:
    """Returns the state if these settings can go on from it; `fresh` is a latent that they would start with."""
    if state.settings.prior != settings.prior:
        raise CheckpointError(
            f"the checkpoint is of a {state.settings.prior} run, the settings ask for {settings.prior}"
        )
    for name, tensor in fresh.items():
        if name not in state.latent or state.latent[name].shape != tensor.shape:
            raise CheckpointError(f"the checkpoint's {name} does not fit these settings; go on with its own")
    return state
