"""One guide's eyes: how near pictures are to what is wanted, in its own size, normalisation and space."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from generator.dream import Dream

if TYPE_CHECKING:
    from scorer import Encoder

ORTHOGONAL = math.pi**2 / 8  # the spherical distance of two embeddings that have nothing to do with each other


def spherical_distance(left: Tensor, right: Tensor) -> Tensor:
    """Half the squared angle between unit vectors (..., d), from 0 to pi^2/2; broadcasts over the leading axes.

    The chord's arcsine keeps the gradient finite where the cosine's derivative of the angle is not
    (Crowson's VQGAN+CLIP, 2021). At equal or opposite vectors the gradient is zero by definition here.
    """
    half_chord = (left - right).square().sum(-1).clamp(1e-12, 4 - 1e-6).sqrt() / 2
    return half_chord.arcsin().square() * 2


@dataclass(frozen=True)
class Verdict:
    """What the objective says of pictures: a loss for each (b,), and the views' mean cosine with what is wanted (b,).

    The cosine is 0 where only a dream is wanted, and the guides' weighted mean where there are several.
    """

    loss: Tensor
    similarity: Tensor


@dataclass(frozen=True)
class Pulls:
    """What counts at a step: some of the gazes' `known` targets and some image targets seen alike, and their shares."""

    known: Tensor  # (k,) indices
    alike: Tensor  # (i,) indices
    shares: Tensor  # (k + i,)
    wanted: Tensor  # the positive shares, scaled to sum to 1 (k + i,)
    dream: float


class Gaze:
    """One guide, and what is wanted in its own space: embeddings that are known from the start, and a dream."""

    def __init__(self, guide: Encoder, texts: Sequence[str], pictures: Tensor, dream: Dream | None) -> None:
        self.guide, self.dream = guide, dream
        with torch.no_grad():
            known = [guide.encode_texts(texts)] if texts else []
            known += [guide.encode_images(pictures)] if len(pictures) else []
        self.known = torch.cat(known).float() if known else torch.zeros(0, guide.dim, device=guide.device)

    def judge(self, seen: Tensor, alike: Tensor, now: Pulls) -> Verdict:
        """Judges the views (v, b, 3, size, size) of pictures beside the same views (v, i, 3, size, size) of images."""
        views, count = seen.shape[:2]
        if self.dream:
            rows, response = self.guide.activations(seen.flatten(0, 1), self.dream.settings.layer)
        else:
            rows = self.guide.encode_images(seen.flatten(0, 1))
        embeddings = rows.float().reshape(views, count, 1, -1)
        targets = self._targets(alike, views, now)[:, None]
        distance = spherical_distance(embeddings, targets)
        away = (ORTHOGONAL - distance).clamp_min(0)
        loss = (now.shares.clamp_min(0) * distance - now.shares.clamp_max(0) * away).sum(-1).mean(0)
        if self.dream:
            loss = loss - now.dream * self.dream.excitement(response).reshape(views, count).mean(0)
        cosine = (embeddings.detach() * targets).sum(-1)
        return Verdict(loss, (cosine * now.wanted).sum(-1).mean(0))

    @torch.no_grad()
    def _targets(self, alike: Tensor, views: int, now: Pulls) -> Tensor:
        """Returns the embeddings that count now (v, k + i, d)."""
        known = self.known[now.known].expand(views, -1, -1)
        if not alike.shape[1]:
            return known
        rows = self.guide.encode_images(alike.flatten(0, 1)).float()
        return torch.cat([known, rows.reshape(views, alike.shape[1], -1)], 1)
