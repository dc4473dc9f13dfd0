"""The run: a plain generator that improves a picture step by step and yields what it has after each."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from PIL import Image
from torch import Tensor

from generator import checkpoint, priors, starts
from generator.checkpoint import State
from generator.cutouts import views
from generator.gaze import Verdict
from generator.objective import Objective
from generator.priors import Prior
from generator.settings import Settings

if TYPE_CHECKING:
    from scorer import Encoder

MOMENTS = ("exp_avg", "exp_avg_sq", "step")
SLOWEST = 0.1
TENDINGS = 10  # how often a run's length holds the steps from one tending to the next
TENDING_VIEWS = 4


@dataclass(frozen=True)
class Iterate:
    """A run after `step` of at most `steps` steps; it holds a copy of the state and so stays true.

    `loss` and `similarity` (the mean cosine of the views with what is wanted) are of the picture before the step.
    """

    step: int
    steps: int
    loss: float
    similarity: float
    seconds: float
    done: bool
    prior: Prior = field(repr=False)
    state: State = field(repr=False)

    def picture(self, size: int = 512) -> Image.Image:
        """Returns the picture as it would be entered now, RGB, `size` px a side."""
        with torch.no_grad():
            pixels = self.prior.render(self.state.latent, size, 1.0)[0].clamp(0, 1)
        return Image.fromarray((pixels * 255).round().byte().permute(1, 2, 0).cpu().numpy())

    def drawing(self) -> dict[str, Any] | None:
        """Returns the picture as an ordinary drawing in the players' format, or None where the prior draws none."""
        return self.prior.drawing(self.state.latent, 0)

    def checkpoint(self) -> bytes:
        """Returns everything needed to go on from here exactly: safetensors with JSON metadata."""
        return checkpoint.pack(self.state)


def generate(settings: Settings, guide: Encoder | Sequence[Encoder], resume: bytes | None = None) -> Iterator[Iterate]:
    """Paints towards what the settings want and yields an Iterate after every step, the last one with `done`.

    `guide` is the encoder that `settings.guide` names, or one for each of `settings.every_guide`, on one device.
    With `resume`, a checkpoint's bytes, the run goes on from there: with its own settings, on the same CPU, exactly
    as if it had never stopped; with other texts, steps or rates, towards those. A finished run yields its end once.
    Raises checkpoint.CheckpointError for bytes that are no checkpoint or do not fit the settings. Nothing is read
    or written, and no global random number is drawn.
    """
    run = Run(settings, guide if isinstance(guide, Sequence) else (guide,), resume)
    if run.done:
        yield run.iterate()
    while not run.done:
        run.advance()
        yield run.iterate()


class Run:
    """One picture on its way: the latent, its optimiser, its random numbers and its place in the schedule."""

    def __init__(self, settings: Settings, guides: Sequence[Encoder], resume: bytes | None = None) -> None:
        self.settings, self.guide = settings, guides[0]
        self.prior = priors.load(settings)
        self.rng = torch.Generator().manual_seed(settings.seed)
        self.step, self.seconds, self.loss, self.similarity = 0, 0.0, math.nan, math.nan
        begins = "noise" if resume is not None else settings.start  # a resumed run has its latent
        latent = starts.begin(self.prior, begins, 1, settings.size, self.rng)
        state = checkpoint.fitting(checkpoint.unpack(resume), settings, latent) if resume is not None else None
        begun = state.latent if state else latent
        self.latent = {name: tensor.to(self.guide.device) for name, tensor in begun.items()}
        self.optimiser = self._optimiser()
        if state:
            self._restore(state)
        self.objective = Objective(settings, guides)

    @property
    def progress(self) -> float:
        """The place in the schedule, from 0 to 1: by steps, or by time where the deadline comes sooner."""
        by_time = self.seconds / self.settings.deadline_s if self.settings.deadline_s else 0.0
        return min(1.0, max(self.step / self.settings.steps, by_time))

    @property
    def done(self) -> bool:
        """Is the schedule at its end?"""
        return self.progress >= 1.0

    def advance(self) -> None:
        """Makes one step: render, look, judge, move."""
        began = time.monotonic()
        for group in self.optimiser.param_groups:
            group["lr"] = group["rate"] * slowdown(self.progress)
        if self.progress >= 0.5 and self.step % math.ceil(self.settings.steps / TENDINGS) == 0:
            self._tend()
        pictures = self.prior.render(self.latent, self.settings.size, self.progress)
        verdict = self._judge(pictures, self.settings.cutouts)
        self.optimiser.zero_grad()
        own = self.prior.loss(self.latent) if isinstance(self.prior, priors.OwnLoss) else 0.0
        (verdict.loss + own).sum().backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            self.prior.keep(self.latent)
        self.loss, self.similarity = verdict.loss.detach()[0].item(), verdict.similarity[0].item()
        self.step += 1
        self.seconds += time.monotonic() - began

    def _judge(self, pictures: Tensor, count: int) -> Verdict:
        return self.objective.judge(pictures, lambda shown, size: views(shown, count, size, self.rng), self.step)

    @torch.no_grad()
    def _tend(self) -> None:
        """Lets the prior try things; every picture that it tries is seen in the same few views."""
        views_seed = self.rng.get_state()

        def loss(pictures: Tensor) -> Tensor:
            self.rng.set_state(views_seed)
            return self._judge(pictures, TENDING_VIEWS).loss

        self.prior.tend(self.latent, loss)

    def iterate(self) -> Iterate:
        """Returns what the run has now, with a copy of its state."""
        moments = {}
        for name in self.prior.rates():
            for moment, tensor in self.optimiser.state[self.latent[name]].items():
                moments[f"{name}.{moment}"] = tensor.clone()
        latent = {name: tensor.detach().clone() for name, tensor in self.latent.items()}
        numbers = self.step, self.seconds, self.loss, self.similarity
        state = State(self.settings, *numbers, latent, moments, self.rng.get_state())
        return Iterate(
            self.step, self.settings.steps, self.loss, self.similarity, self.seconds, self.done, self.prior, state
        )

    def _optimiser(self) -> torch.optim.Adam:
        groups = []
        for name, rate in self.prior.rates().items():
            self.latent[name].requires_grad_()
            groups.append({"params": [self.latent[name]], "rate": rate * self.settings.learning_rate})
        return torch.optim.Adam(groups, betas=(0.9, 0.99))

    def _restore(self, state: State) -> None:
        self.step, self.seconds, self.loss, self.similarity = state.step, state.seconds, state.loss, state.similarity
        self.rng.set_state(state.rng)
        for name in self.prior.rates():
            kept = {moment: state.moments.get(f"{name}.{moment}") for moment in MOMENTS}
            found = {moment: tensor for moment, tensor in kept.items() if tensor is not None}
            if len(found) == len(MOMENTS):  # the count of steps stays on the CPU, as the optimiser keeps it
                self.optimiser.state[self.latent[name]] = {
                    moment: tensor if moment == "step" else tensor.to(self.guide.device)
                    for moment, tensor in found.items()
                }


def slowdown(progress: float) -> float:
    """The share of the learning rate at a place in the schedule: all of it for a half, then down along a cosine."""
    late = max(0.0, progress - 0.5) * 2
    return SLOWEST + (1 - SLOWEST) * (1 + math.cos(math.pi * late)) / 2
