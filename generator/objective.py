"""What is wanted of a picture: weighted texts, each with its time, as one loss on the guide's embeddings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from generator.settings import Text

if TYPE_CHECKING:
    from scorer import Encoder

ORTHOGONAL = math.pi**2 / 8  # the spherical distance of two embeddings that have nothing to do with each other
MOST_NEGATIVE = 0.5  # all negative weights together, as a share of the positive ones


def spherical_distance(left: Tensor, right: Tensor) -> Tensor:
    """Half the squared angle between unit vectors (..., d), from 0 to pi^2/2; broadcasts over the leading axes.

    The chord's arcsine keeps the gradient finite where the cosine's derivative of the angle is not
    (Crowson's VQGAN+CLIP, 2021). At equal or opposite vectors the gradient is zero by definition here.
    """
    half_chord = (left - right).square().sum(-1).clamp(1e-12, 4 - 1e-6).sqrt() / 2
    return half_chord.arcsin().square() * 2


@dataclass(frozen=True)
class Verdict:
    """What the objective says of the views: a loss for each candidate (b,) and the mean cosine with what is wanted."""

    loss: Tensor
    similarity: Tensor


class Objective:
    """Weighted texts in the space of one guide; texts are encoded once."""

    def __init__(self, texts: Sequence[Text], guide: Encoder) -> None:
        self.texts = tuple(texts)
        with torch.no_grad():
            self.targets = guide.encode_texts([text.text for text in texts])

    def weights(self, step: int) -> list[float]:
        """The texts' weights at a step: positive ones sum to 1, negative ones to no less than -MOST_NEGATIVE."""
        counted = [text.weight if text.counts_at(step) else 0.0 for text in self.texts]
        positive = sum(weight for weight in counted if weight > 0)
        negative = -sum(weight for weight in counted if weight < 0)
        if positive == 0:
            raise ValueError(f"no text with a weight above zero counts at step {step}")
        bound = max(positive, negative / MOST_NEGATIVE)
        return [weight / (positive if weight > 0 else bound) for weight in counted]

    def judge(self, embeddings: Tensor, step: int) -> Verdict:
        """Judges the views' embeddings (v, b, d): the nearer to the wanted texts, the lower the loss.

        A negative text stops pushing once the picture has nothing to do with it, so that it cannot win.
        """
        weights = torch.tensor(self.weights(step), device=embeddings.device)
        distance = spherical_distance(embeddings[:, :, None], self.targets)
        away = (ORTHOGONAL - distance).clamp_min(0)
        loss = (weights.clamp_min(0) * distance - weights.clamp_max(0) * away).sum(-1).mean(0)
        cosine = (embeddings.detach() @ self.targets.T * weights.clamp_min(0)).sum(-1).mean(0)
        return Verdict(loss, cosine)
