"""How good a picture each prior makes in 90 seconds with the embedded judge as its guide; only when asked for by name.

A figure is the mean percentile of three prompts' pictures, as the main judge scores them, and beside it, where its
weights are there, as the second judge does, which no run was steered by. On two idle cores these are the machine's
own; on busy ones a run makes fewer steps. BENCH_SECONDS (90) makes it shorter.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator

import scorer
from bench import Figure
from generator import Settings, SettingsError, generate

ONLY_IF_ASKED = True
SECONDS = float(os.environ.get("BENCH_SECONDS", "90"))
PRIORS = ("strokes", "vqgan", "siren", "pixels", "fft")
PROMPTS = ("a red apple", "a sailing boat on the sea", "a cat with a hat")
JUDGES = ("embedded:main", "embedded:second")


def figures() -> Iterator[Figure]:
    """Yields each prior's percentile under each judge there is."""
    judges = [judge for name in JUDGES if (judge := _judge(name))]
    for prior in PRIORS:
        found = [_percentiles(prior, prompt, judges) for prompt in PROMPTS]
        if all(found):
            for judge, percentiles in zip(judges, zip(*found, strict=True), strict=True):
                name = judge.encoder.name.removeprefix("embedded:")
                yield Figure(f"priors.{prior}.{name}", round(statistics.mean(percentiles), 2), "percentile")


def _judge(name: str) -> scorer.Judge | None:
    try:
        return scorer.load(name)
    except scorer.ScorerError:
        return None


def _percentiles(prior: str, prompt: str, judges: list[scorer.Judge]) -> list[float]:
    """Returns a picture's percentiles, by judge; none where the prior's weights are not there."""
    asked = {"texts": [{"text": prompt}], "prior": prior, "deadline_s": SECONDS, "steps": 500}
    try:
        for iterate in generate(Settings.from_dict(asked), judges[0].encoder):
            last = iterate
    except SettingsError:
        return []
    return [judge.score(last.picture(), prompt).percentile for judge in judges]
