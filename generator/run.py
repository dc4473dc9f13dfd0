"""The run: a plain generator that improves pictures step by step and yields what it has after each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from generator import candidates, checkpoint, estimate, priors, schedule, starts
from generator.candidates import Candidates
from generator.checkpoint import State
from generator.clock import Clock
from generator.cutouts import plan
from generator.gaze import Verdict
from generator.iterate import Iterate
from generator.objective import Objective
from generator.precision import quick
from generator.settings import Settings
from generator.steer import Order, Steering, steered

if TYPE_CHECKING:
    from scorer import Encoder

MOMENTS = ("exp_avg", "exp_avg_sq", "step")
TENDINGS = 10  # how often a run's length holds the steps from one tending to the next
TENDING_VIEWS = 4


def generate(
    settings: Settings,
    guide: Encoder | Sequence[Encoder],
    resume: bytes | None = None,
    steering: Steering | None = None,
) -> Iterator[Iterate]:
    """Paints towards what the settings want and yields an Iterate after every step, the last one with `done`.

    `guide` is the encoder that `settings.guide` names, or one for each of `settings.every_guide`, on one device.
    With `resume`, a checkpoint's bytes, the run goes on from there: with its own settings, on the same CPU, exactly
    as if it had never stopped; with other texts, steps or rates, towards those. A finished run yields its end once.

    To steer it, keep the `steering` and give it orders while the run goes on, from any thread: `order({"texts": [...],
    "at": 200})`, `order({"keep": [3, 17]})`, `order({"stop": True})` (see steer.Steering). An order takes effect at
    the beginning of its step, or of the next one; `Iterate.orders` and the checkpoint tell all that a run has taken,
    and a resumed run obeys them in the same way. An order to keep nobody who is left is forgotten.

    Raises SettingsError for a run that will not fit into memory, or whose files cannot be read, and
    checkpoint.CheckpointError for bytes that are no checkpoint or do not fit the settings. Apart from files that
    settings name nothing is read or written, and no global random number is drawn.
    """
    run = Run(settings, guide if isinstance(guide, Sequence) else (guide,), resume, steering or Steering())
    while True:
        if not run.done:
            run.obey()
        if not run.done:  # an order may have ended it
            run.advance()
        iterate = run.iterate()
        yield iterate
        if iterate.done:
            return


class Run:
    """Candidates on their way: their optimiser, their random numbers and their place in the timetable."""

    def __init__(self, settings: Settings, guides: Sequence[Encoder], resume: bytes | None, steering: Steering) -> None:
        state = checkpoint.unpack(resume) if resume is not None else None
        self.given, self.steering, self.device = settings, steering, guides[0].device
        self.guides = [quick(guide) for guide in guides]
        self.size = state.size if state else schedule.size_at(settings, 0)
        self.prior = priors.load(replace(settings, size=self.size))
        self.rng = torch.Generator().manual_seed(settings.seed)
        self.step, self.waiting = 0, schedule.Waiting()
        self.orders: tuple[Order, ...] = ()
        begun = self._resumed(state) if state else self._begun()
        self.clock = Clock(self.device, state.seconds if state else 0.0, exact=settings.deadline_s is not None)
        self._aim()
        estimate.check(self.settings, self.objective, self.device)
        self._take(begun.on(self.device))

    def _begun(self) -> Candidates:
        latent = starts.begin(self.prior, self.given.start, self.given.candidates, self.size, self.rng)
        return candidates.fresh(latent, averaged=self.given.ema > 0)

    def _resumed(self, state: State) -> Candidates:
        checkpoint.fitting(state, self.given, self.prior.start(1, torch.Generator()))
        self.rng.set_state(state.rng)
        self.step, self.waiting = state.step, state.waiting
        again = self.given.texts == state.settings.texts  # who asks for other texts wants those
        self.orders = tuple(order for order in state.orders if again or order.texts is None)
        rows = state.candidates
        average = rows.average or {name: tensor.clone() for name, tensor in rows.latent.items()}
        return replace(rows, average=average if self.given.ema else {})

    def _aim(self) -> None:
        """Sets what is wanted: the settings with what orders put in their place."""
        self.settings = steered(self.given, self.orders)
        self.objective = Objective(self.settings, self.guides)

    def _take(self, rows: Candidates) -> None:
        """Goes on with these candidates, which the optimiser takes over with their moments."""
        self.candidates = rows
        groups = []
        for name, rate in self.prior.rates().items():
            tensor = rows.latent[name] = rows.latent[name].detach().requires_grad_()
            groups.append({"params": [tensor], "rate": rate * self.settings.learning_rate})
        self.optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
        for name in self.prior.rates():
            found = {moment: rows.moments[key] for moment in MOMENTS if (key := f"{name}.{moment}") in rows.moments}
            if len(found) == len(MOMENTS):
                self.optimiser.state[rows.latent[name]] = found

    def _held(self) -> Candidates:
        """The candidates with the optimiser's moments as they are now."""
        moments = {}
        for name in self.prior.rates():
            for moment, tensor in self.optimiser.state[self.candidates.latent[name]].items():
                moments[f"{name}.{moment}"] = tensor
        return replace(self.candidates, moments=moments)

    @property
    def place(self) -> float:
        """The place in the timetable, in steps."""
        return schedule.place(self.settings, self.step, self.clock.seconds)

    @property
    def done(self) -> bool:
        """Is the run at its end: by its timetable, before a step past the deadline, by patience or by order?"""
        given, clock = self.settings, self.clock
        late = given.deadline_s is not None and self.step > 0 and clock.seconds + clock.pace > given.deadline_s
        tired = given.patience is not None and self.waiting.steps >= given.patience
        told = any(order.stop and self._is_due(order) for order in self.orders)
        return self.place >= given.steps or late or tired or told

    def _is_due(self, order: Order) -> bool:
        return order.at is not None and order.at <= self.step

    def obey(self) -> None:
        """Does what is due before the step: what it was told, the choice of the best, another size."""
        told = self.steering.taken(self.step)
        self.orders += told
        if any(order.texts for order in told):
            self._aim()
        for order in (order for order in self.orders if order.at == self.step):
            self.waiting = schedule.Waiting()
            if order.keep and not self._choose(self._rows(order.keep)):
                self.orders = tuple(other for other in self.orders if other is not order)
        chosen = any(order.keep and self._is_due(order) for order in self.orders)
        many = len(self.candidates.numbers) > self.settings.keep
        if many and self.place >= self.settings.cull_at and not chosen:
            self._choose(self.candidates.best(self.settings.keep))
        self._resize(schedule.size_at(self.settings, self.place))

    def _rows(self, numbers: Sequence[int]) -> list[int]:
        return [row for row, number in enumerate(self.candidates.numbers) if number in numbers]

    @torch.no_grad()
    def _choose(self, rows: Sequence[int]) -> bool:
        """Goes on with these rows; returns whether there are any."""
        if 0 < len(rows) < len(self.candidates.numbers):
            self._take(self._held().chosen(rows))
        return len(rows) > 0

    @torch.no_grad()
    def _resize(self, size: int) -> None:
        if size != self.size:
            self.size = size
            self._take(self._held().resized(self.prior, size))

    def advance(self) -> None:
        """Makes one step: render, look, judge, move. Nothing in it waits for the device."""
        self.clock.start()
        progress, rows = self.place / self.settings.steps, self.candidates
        for group in self.optimiser.param_groups:
            group["lr"] = group["rate"] * schedule.slowdown(progress)
        if progress >= 0.5 and self.step % math.ceil(self.settings.steps / TENDINGS) == 0:
            self._tend()
        verdict = self._judge(self.prior.render(rows.latent, self.size, progress), self.settings.cutouts)
        self.optimiser.zero_grad()
        own = self.prior.loss(rows.latent) if isinstance(self.prior, priors.OwnLoss) else 0.0
        (verdict.loss + own).sum().backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            self.prior.keep(rows.latent)
        self._score(verdict)
        self.step += 1
        candidates.follow(rows.average, rows.latent, tuple(self.prior.rates()), self.settings.ema, self.step)
        self.clock.stop()

    def _score(self, verdict: Verdict) -> None:
        losses = verdict.loss.detach()
        means = candidates.running(self.candidates.means, losses, self.step)
        self.candidates = replace(self.candidates, losses=losses, similarities=verdict.similarity, means=means)
        if self.settings.patience is not None and self.step >= schedule.last_change(self.settings):
            self.waiting = self.waiting.after(means.min().item())  # the one thing a host must know to go on

    def _judge(self, pictures: Tensor, count: int) -> Verdict:
        return self.objective.judge(pictures, plan(count, self.rng, self.settings.views).of, self.step)

    @torch.no_grad()
    def _tend(self) -> None:
        """Lets the prior try things; every picture that it tries is seen in the same few views."""
        views_seed = self.rng.get_state()

        def loss(pictures: Tensor) -> Tensor:
            self.rng.set_state(views_seed)
            return self._judge(pictures, TENDING_VIEWS).loss

        self.prior.tend(self.candidates.latent, loss)

    def iterate(self) -> Iterate:
        """Returns what the run has now, with a copy of its state."""
        done = self.done
        if done:
            self.clock.finish()
        numbers = self.step, self.clock.seconds, self.size
        state = State(self.given, *numbers, self._held().copied(), self.rng.get_state(), self.waiting, self.orders)
        return Iterate(self.settings.steps, done, 0.0 if done else self._left(), self.prior, state)

    def _left(self) -> float:
        """The seconds of painting that are left, as far as one knows."""
        steps = (self.settings.steps - self.step) * self.clock.pace
        return min(steps, (self.settings.deadline_s or math.inf) - self.clock.seconds)
