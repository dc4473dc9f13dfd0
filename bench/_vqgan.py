"""A step of VQGAN and CLIP against the usual one, on random weights of the published shapes, in turns in one process.

Three tiers are told apart: `shipped`, both with their own defaults (ours shows the guide fewer views); `same`, with
the same mathematics: picture, 32 views, changes of the same distributions, Adam, float32; and `tuned`, on a GPU only,
32 views as our run takes them there. The usual step is tests/bench/plain_step.py. BENCH_SIZE (256 px), BENCH_VIEWS
(32) and BENCH_TURNS (3) make it cheaper; a figure's name says its size and views.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from bench import Figure
from bench.judge import random_vit
from generator import Settings, generate
from generator.cutouts import Views, recolouring
from generator.gaze import spherical_distance
from generator.own import VqganSettings
from generator.priors.vqgan import Vqgan, untrained
from scorer import products
from scorer.encoder import Encoder
from tests.bench.plain_step import RATE, Draw, PlainStep, draw

PUBLISHED = {  # imagenet_f16_16384's shape
    "ch": 128, "ch_mult": (1, 1, 2, 2, 4), "num_res_blocks": 2, "attn_resolutions": [16], "resolution": 256,
    "in_channels": 3, "out_ch": 3, "z_channels": 256, "double_z": False,
}  # fmt: skip
CODES, DIM = 16384, 256
SIZE, VIEWS, TURNS = (
    int(os.environ.get(f"BENCH_{name}", usual)) for name, usual in (("SIZE", 256), ("VIEWS", 32), ("TURNS", 3))
)
CANDIDATES, CULL = 20, 100


def random_weights(shape: Mapping[str, Any], codes: int, dim: int) -> dict[str, Tensor]:
    """Returns random tensors of a VQGAN, with codes far enough apart to be told from each other."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        tensors = untrained(shape, codes, dim)
        tensors["quantize.embedding.weight"] = torch.randn(codes, dim) * 0.5
    return tensors


def composed(drawn: Draw, seed: int) -> Views:
    """Returns what a plain step's cuts show as views: each one's maps as one, its colours' changes as one matrix."""
    light, contrast, saturation, hue = drawn.jitter * drawn.jittered
    colours = recolouring(torch.zeros_like(light), contrast, saturation, hue)
    colours[..., 3] = ((1 + contrast) * light)[:, None]
    return Views(drawn.affine @ drawn.perspective, colours, drawn.holes, drawn.grain, seed, paper=0.0)


class SameStep:
    """The plain step's mathematics with our parts: prior, views and distance; the loop is `Run.advance`'s."""

    def __init__(self, prior: Vqgan, look: Callable[[Tensor], Tensor], target: Tensor, z: Tensor) -> None:
        self.prior, self.look, self.target = prior, look, target
        self.latent = {"z": z.clone().requires_grad_()}
        self.optimiser = torch.optim.Adam([self.latent["z"]], RATE)

    def advance(self, drawn: Draw, size: int, rng: torch.Generator) -> float:
        """Makes one step with the views drawn, each `size` px a side; returns the loss."""
        z = self.latent["z"]
        picture = self.prior.render(self.latent, z.shape[-1] * self.prior.network.factor, 0.0)
        seen = composed(drawn, int(torch.randint(2**31, (1,), generator=rng))).of(picture, size)
        loss = spherical_distance(functional.normalize(self.look(seen.flatten(0, 1)), dim=-1), self.target).mean()
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            self.prior.keep(self.latent)
        return loss.item()


class Ours:
    """Our steps as a run makes them, at `size` px, with what else is `asked`."""

    def __init__(self, weights: Path, guide: Encoder, size: int, **asked: Any) -> None:
        given = {"texts": [{"text": "a cat"}], "prior": "vqgan", "weights": str(weights), "size": size, "steps": 10_000}
        self.iterates = generate(Settings.from_dict({**given, **asked}), guide)

    def advance(self) -> None:
        """Makes one step."""
        next(self.iterates)


def figures() -> Iterator[Figure]:
    """Yields seconds a step, ours against the usual one's, on the best device there is."""
    torch.set_flush_denormal(True)
    torch.set_float32_matmul_precision("high" if torch.cuda.is_available() else "highest")  # for both
    with mock.patch.object(products, "pays", return_value=False):
        theirs = random_vit()  # open_clip's layers as they are
    ours = random_vit()
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "random.safetensors"
        save_file(random_weights(PUBLISHED, CODES, DIM), weights)
        sizes = (SIZE, 2 * SIZE) if ours.device.type == "cuda" else (SIZE,)
        for size in sizes:
            yield from _tiers(weights, ours, theirs, size)
        if ours.device.type == "cuda":
            yield _to_cull(weights, ours)


def _tiers(weights: Path, guide: Encoder, theirs: Encoder, size: int) -> Iterator[Figure]:
    prior = Vqgan(VqganSettings(weights=str(weights)), size)
    rng = torch.Generator().manual_seed(0)
    z, target = prior.start(1, rng)["z"].to(guide.device), guide.encode_texts(["a cat"])[0]
    prior.network.to(guide.device)
    usual = PlainStep(prior.network, _tower(theirs), target, z)
    same = SameStep(prior, _tower(guide), target, z)
    shipped = Ours(weights, guide, size)
    tiers: dict[str, Callable[[], object]] = {
        f"same.{size}.{VIEWS}": lambda: same.advance(draw(VIEWS, rng), guide.size, rng),
        f"shipped.{size}.{Settings.from_dict({'texts': [{'text': 'a cat'}]}).cutouts}": shipped.advance,
    }
    if guide.device.type == "cuda":
        tiers[f"tuned.{size}.{VIEWS}"] = Ours(weights, guide, size, cutouts=VIEWS).advance
    for name, advance in tiers.items():
        value, against = in_turns(advance, lambda: usual.advance(draw(VIEWS, rng), guide.size, rng))
        yield Figure(f"generator.vqgan.{name}", round(value, 4), "s", round(against, 4))


def _tower(guide: Encoder) -> Callable[[Tensor], Tensor]:
    """The guide's image tower alone, with its normalisation."""
    return lambda pixels: guide.model.encode_image((pixels - guide._mean) / guide._std)


def in_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Returns the median seconds of a step of each, timed in turns after one that is not counted."""
    times: list[tuple[float, float]] = []
    for turn in range(TURNS + 1):
        pair = seconds(ours), seconds(theirs)
        if turn:
            times.append(pair)
    return statistics.median(first for first, _ in times), statistics.median(second for _, second in times)


def seconds(step: Callable[[], object]) -> float:
    """Times one step, on a GPU until it is done."""

    def now() -> float:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.perf_counter()

    began = now()
    step()
    return now() - began


def _to_cull(weights: Path, guide: Encoder) -> Figure:
    """The time in which 20 candidates are at the step where the best are chosen."""
    run = Ours(weights, guide, SIZE, candidates=CANDIDATES, cull_at=CULL)

    def paint() -> None:
        for _ in range(CULL):
            run.advance()

    value = seconds(paint)
    return Figure(f"generator.vqgan.candidates.{CANDIDATES}.to{CULL}", round(value, 2), "s")
