"""What a run has after a step: numbers, pictures, drawings and a checkpoint, computed when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from PIL import Image

from generator import checkpoint
from generator.checkpoint import State
from generator.priors import Prior


@dataclass(frozen=True)
class Iterate:
    """A run after `step` of at most `steps` steps; it holds a copy of the state and so stays true.

    Candidates are counted from the best on: 0 is the one with the lowest running mean of its loss, and what an iterate
    says of its picture is of that one. Losses and similarities (the mean cosine of the views with what is wanted) are
    of the pictures before the step; reading one waits for the device. `eta` is the seconds of painting that are left,
    as far as one knows.
    """

    steps: int
    done: bool
    eta: float
    prior: Prior = field(repr=False)
    state: State = field(repr=False)

    @property
    def step(self) -> int:
        """How many steps have been made."""
        return self.state.step

    @property
    def seconds(self) -> float:
        """How long painting took, over all starts."""
        return self.state.seconds

    @property
    def size(self) -> int:
        """The side in px of the picture that was improved in the step."""
        return self.state.size

    @property
    def candidates(self) -> int:
        """How many candidates are painted."""
        return len(self.state.candidates.numbers)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Which starting points the candidates are, the best first; an order to `keep` some names these."""
        return tuple(self.state.candidates.numbers[row] for row in self._order)

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """The candidates' losses, the best candidate first."""
        losses = self.state.candidates.losses.tolist()
        return tuple(losses[row] for row in self._order)

    @property
    def loss(self) -> float:
        """The best candidate's loss."""
        return self.losses[0]

    @cached_property
    def similarity(self) -> float:
        """The best candidate's similarity."""
        return float(self.state.candidates.similarities[self._order[0]])

    @property
    def orders(self) -> tuple[dict[str, Any], ...]:
        """What the run was told, each order with its step; `Steering(orders)` has it told so again."""
        return tuple(order.to_dict() for order in self.state.orders)

    @cached_property
    def _order(self) -> list[int]:
        return self.state.candidates.order()

    def picture(self, size: int = 512, candidate: int = 0) -> Image.Image:
        """Returns a candidate's picture as it would be entered now, RGB, `size` px a side."""
        row = self._order[candidate]
        latent = {name: tensor[row : row + 1] for name, tensor in self.state.candidates.shown.items()}
        with torch.no_grad():
            pixels = self.prior.render(latent, size, 1.0)[0].clamp(0, 1)
        return Image.fromarray((pixels * 255).round().byte().permute(1, 2, 0).cpu().numpy())

    def drawing(self, candidate: int = 0) -> dict[str, Any] | None:
        """Returns a candidate as an ordinary drawing in the players' format, or None where the prior draws none."""
        return self.prior.drawing(self.state.candidates.shown, self._order[candidate])

    def checkpoint(self) -> bytes:
        """Returns everything needed to go on from here exactly: safetensors with JSON metadata."""
        return checkpoint.pack(self.state)
