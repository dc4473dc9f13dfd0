"""Small runs, and when two of them are the same."""

from typing import Any

import torch
from torch import Tensor

from generator import Iterate, Settings
from generator.checkpoint import State


def settings(**changes: Any) -> Settings:
    """A run that takes a fraction of a second."""
    small = {"texts": [{"text": "a cat"}], "steps": 6, "size": 32, "cutouts": 2, "strokes": 8}
    if changes.get("prior", "strokes") != "strokes":
        del small["strokes"]
    return Settings.from_dict({**small, **changes})


def last(iterates: Any) -> Iterate:
    return list(iterates)[-1]


def same(left: Iterate, right: Iterate) -> bool:
    """Are two iterates equal bit for bit, whatever the time they took?"""
    ours, theirs = (_tensors(one.state) for one in (left, right))
    alike = ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
    told = [(one.step, one.size, one.numbers, one.orders, one.state.waiting) for one in (left, right)]
    return alike and told[0] == told[1]


def _tensors(state: State) -> dict[str, Tensor]:
    rows = state.candidates
    kinds = {"latent": rows.latent, "average": rows.average, "moments": rows.moments}
    named = {f"{kind}.{name}": tensor for kind, tensors in kinds.items() for name, tensor in tensors.items()}
    scores = {"losses": rows.losses, "similarities": rows.similarities, "means": rows.means}
    return {**named, **scores, "rng": state.rng}
