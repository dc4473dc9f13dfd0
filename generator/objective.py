"""What is wanted of a picture as one loss: texts, images and a dream in the eyes of one or more guides, and pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from generator import pictures as reading
from generator import presets
from generator.declare import SettingsError
from generator.dream import Dream
from generator.gaze import Gaze, Pulls, Verdict
from generator.plain_losses import PlainLosses
from generator.settings import Settings
from generator.wanted import ImageTarget, Text

if TYPE_CHECKING:
    from scorer import Encoder

MOST_NEGATIVE = 0.5  # all negative weights together, as a share of the positive ones
TARGET_SIZE = 512  # px a side of an image target, before it is made as small as the picture
SIZES_KEPT = 3  # a run's own size, the one it had before it grew, and what a prior tries things in

Look = Callable[[Tensor, int], Tensor]


def shares(weights: Sequence[float]) -> list[float]:
    """Scales weights so that the positive ones sum to 1 and the negative ones to no less than -MOST_NEGATIVE.

    Negative weights keep their proportion to the positive ones up to that bound. Since a negative target also stops
    pushing at ORTHOGONAL, fleeing all of them gains at most half of what reaching the wanted ones does: what is wanted
    and unwanted at once is still wanted. Without a positive weight there is nothing to paint: ValueError.
    """
    positive = sum(weight for weight in weights if weight > 0)
    negative = -sum(weight for weight in weights if weight < 0)
    if positive == 0:
        raise ValueError("nothing with a weight above zero counts at this step")
    bound = max(positive, negative / MOST_NEGATIVE)
    return [weight / (positive if weight > 0 else bound) for weight in weights]


def styled(settings: Settings) -> tuple[Text, ...]:
    """Returns the settings' texts with their styles: written after the wanted texts, or as texts of their own."""
    texts = list(settings.texts)
    for style in settings.style:
        if style.weight is None:
            phrase = presets.PRESETS[style.name]
            texts = [
                replace(text, text=presets.with_style(text.text, phrase)) if text.weight > 0 else text for text in texts
            ]
    own = [Text(presets.PRESETS[style.name], style.weight) for style in settings.style if style.weight is not None]
    return (*texts, *own)


class Objective:
    """Everything that is wanted, with each guide's say; texts are encoded once, image files are read once.

    Raises SettingsError for an image that cannot be read, a layer that the first guide does not have, and where the
    number of guides is not that of `settings.every_guide`.
    """

    def __init__(self, settings: Settings, guides: Sequence[Encoder]) -> None:
        if len(guides) != len(settings.every_guide):
            detail = f"with `guide` these are {len(settings.every_guide)} encoders, but {len(guides)} were given"
            raise SettingsError("#/guides", detail)
        device = guides[0].device
        texts = styled(settings)
        images = _read(settings)
        whole = [(image, picture) for image, picture in images if image.seen == "whole"]
        alike = [(image, picture) for image, picture in images if image.seen != "whole"]
        self._known = (*texts, *(image for image, _ in whole))
        self._alike = tuple(image for image, _ in alike)
        self._pictures = _stack([picture for _, picture in alike], device)
        self._resized: dict[torch.Size, Tensor] = {}
        self._now: tuple[list[float], Pulls] | None = None
        self.plain = PlainLosses(settings.losses, device)
        self.dream_weight = settings.dream.weight if settings.dream else 0.0
        total = sum(guide.weight for guide in settings.every_guide)
        self.says = [guide.weight / total for guide in settings.every_guide]
        pictures = _stack([picture for _, picture in whole], device)
        dreams = [Dream(settings.dream, guides[0]) if settings.dream else None, *([None] * len(settings.guides))]
        words = [text.text for text in texts]
        self.gazes = [Gaze(guide, words, pictures, dream) for guide, dream in zip(guides, dreams, strict=True)]

    def weights(self, step: int) -> list[float]:
        """The shares at a step: of the texts, the images seen whole, the images seen alike, and last of the dream."""
        targets = (*self._known, *self._alike)
        return shares([target.weight if target.counts_at(step) else 0.0 for target in targets] + [self.dream_weight])

    def judge(self, pictures: Tensor, look: Look, step: int) -> Verdict:
        """Judges pictures (b, 3, h, w) in [0, 1]: the nearer to what is wanted, the lower the loss; differentiable.

        `look(pictures, size)` gives the same random views (v, n, 3, size, size) of all the pictures that it is given;
        it is called once for each size of a guide.
        """
        now = self._pulls(step)
        count = len(pictures)
        shown = torch.cat([pictures, self._images_like(pictures)[now.alike]]) if len(now.alike) else pictures
        seen = {size: look(shown, size) for size in sorted({gaze.guide.size for gaze in self.gazes})}
        loss, similarity = self.plain(pictures.float()), pictures.new_zeros(count, dtype=torch.float32)
        for say, gaze in zip(self.says, self.gazes, strict=True):
            views = seen[gaze.guide.size]
            verdict = gaze.judge(views[:, :count], views[:, count:].detach(), now)
            loss, similarity = loss + say * verdict.loss, similarity + say * verdict.similarity
        return Verdict(loss, similarity)

    def _pulls(self, step: int) -> Pulls:
        """Returns what counts at a step; nothing is copied to the device as long as it stays the same."""
        weights = self.weights(step)
        if self._now is None or self._now[0] != weights:
            self._now = (weights, self._counting(weights))
        return self._now[1]

    def _counting(self, weights: list[float]) -> Pulls:
        device = self.gazes[0].guide.device
        *targets, dream = weights
        chosen = [place for place, share in enumerate(targets) if share]
        counted = torch.tensor([targets[place] for place in chosen])
        wanted = counted.clamp_min(0)
        indices = torch.tensor(chosen, dtype=torch.long)
        known = len(self._known)
        return Pulls(
            indices[indices < known].to(device),
            indices[indices >= known].sub(known).to(device),
            counted.to(device),
            (wanted / wanted.sum().clamp_min(1e-9)).to(device),
            dream,
        )

    def _images_like(self, pictures: Tensor) -> Tensor:
        """Returns the image targets that are seen alike (i, 3, h, w), in the pictures' size and type."""
        size = pictures.shape[-2:]
        if size not in self._resized:
            if len(self._resized) == SIZES_KEPT:
                self._resized.clear()
            resized = functional.interpolate(self._pictures, size, mode="bilinear", antialias=True)
            self._resized[size] = resized
        return self._resized[size].to(pictures)


def _read(settings: Settings) -> list[tuple[ImageTarget, Tensor]]:
    read = []
    for place, image in enumerate(settings.images):
        picture = reading.opened(image.image, f"#/images/{place}/image")
        read.append((image, reading.fitted(picture, TARGET_SIZE)))
    return read


def _stack(pictures: Sequence[Tensor], device: torch.device) -> Tensor:
    empty = torch.zeros(0, 3, TARGET_SIZE, TARGET_SIZE)
    return (torch.stack(list(pictures)) if pictures else empty).to(device)
