"""The network that finds letters in a layer of one ink: small, convolutional, the same at every size of a picture."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn

CELL = 4  # px of a layer that one answer speaks for
FOLDER = Path(__file__).parent / "weights" / "writing"
FILE = "letters.safetensors"
DILATIONS = (1, 2, 4, 1, 2, 4, 1)


class Letters(nn.Module):
    """Answers for each cell of a layer whether it belongs to writing; it sees some 60 px to each side, a word or so."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, width // 2, 5, 2, 2, bias=False), nn.BatchNorm2d(width // 2), nn.ReLU(),
            nn.Conv2d(width // 2, width // 2, 3, 1, 1, bias=False), nn.BatchNorm2d(width // 2), nn.ReLU(),
            nn.Conv2d(width // 2, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
        )  # fmt: skip
        self.around = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, width, 3, 1, reach, reach, bias=False), nn.BatchNorm2d(width))
            for reach in DILATIONS
        )
        self.answer = nn.Conv2d(width, 1, 1)

    def forward(self, ink: Tensor) -> Tensor:
        """Return the log-odds (n, h / 4, w / 4) of writing for ink (n, 1, h, w) in [0, 1]; h and w multiples of 4."""
        x = self.stem(ink)
        for look in self.around:
            x = torch.relu(x + look(x))
        answer: Tensor = self.answer(x)
        return answer[:, 0]


@cache
def load(path: Path = FOLDER / FILE) -> tuple[Letters, float]:
    """Return the trained network, ready to answer, and the certainty in [0, 1] from which on it is to be believed."""
    with safe_open(path, framework="pt") as file:
        described = json.loads(file.metadata()["paintoff"])
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  no mapping
    network = Letters(int(described["width"]))
    network.load_state_dict({name: t.float() if t.is_floating_point() else t for name, t in state.items()})
    return network.eval().requires_grad_(False), float(described["threshold"])
