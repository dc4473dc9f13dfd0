"""What the detector is worth, on drawings and in hands that its training did not see."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from scorer import writing
from scorer.letters import Letters
from scorer.training.writing import texts
from scorer.training.writing.pages import Pages

FALSE_ALARMS = 0.012  # the share of honest pages on which the threshold is set: an innocent is worse than a cheat
ASKED = (
    "cat", "bicycle", "house plant", "octopus", "umbrella", "pizza", "helicopter", "snowman", "camel", "guitar",
    "sailboat", "mushroom", "bird", "cactus", "eyeglasses", "ladder", "rabbit", "tractor", "lighthouse", "tree",
)  # fmt: skip
WRITTEN_EACH, DRAWN_EACH = 5, 15


@dataclass(frozen=True)
class Judging:
    """A judge, and where honest drawings of a word come from: `draw(word, count)` gives pages."""

    judge: Any
    draw: Callable[[str, int], list[Image.Image]]


def certainty(network: Letters, page: Image.Image) -> float:
    """Return how sure the network is of the surest writing on a page, 0 without any."""
    found = writing.find_with(network, page, 0.0)
    return found[0].certainty if found else 0.0


def threshold(network: Letters, pages: Pages, count: int, seed: int) -> float:
    """Return the certainty above which only a few of `count` honest pages lie."""
    rng = np.random.default_rng(seed)
    levels = [certainty(network, pages.honest(rng)) for _ in range(count)]
    return float(np.quantile(levels, 1 - FALSE_ALARMS))


def measure(network: Letters, believed: float, pages: Pages, count: int, seed: int) -> dict[str, dict[str, float]]:
    """Return the figures: each a share with its standard error and what it was counted on."""
    rng = np.random.default_rng(seed)
    alarms = [certainty(network, pages.honest(rng)) >= believed for _ in range(count)]
    alone, beside = (
        [certainty(network, pages.written(rng, texts.prompt(rng), lonely)) >= believed for _ in range(count // 2)]
        for lonely in (True, False)
    )
    mere = [
        certainty(network, pages.written(rng, texts.mere(rng), number % 2 == 0)) >= believed
        for number in range(count // 6)
    ]
    return {
        "written_alone_found": share(alone),
        "written_beside_a_drawing_found": share(beside),
        "written_prompts_found": share([*alone, *beside]),
        "letters_without_sense_found": share(mere),
        "false_alarms": share(alarms),
    }


def measure_game(network: Letters, believed: float, pages: Pages, before: Judging, seed: int) -> dict[str, Any]:
    """Return where writing the prompt ends: below the median honest drawing of it or not, without penalty and with.

    A written prompt is judged as it is, without the ink that was found, and by the lower of both, as the game does.
    """
    rng, judge = np.random.default_rng(seed), before.judge
    raw, kept = [], []
    for word in ASKED:
        text = f"a {word}"
        median = float(np.median([judge.score(page, text).similarity for page in before.draw(word, DRAWN_EACH)]))
        for number in range(WRITTEN_EACH):
            page = pages.written(rng, (text, text.upper())[number % 2], alone=True)
            similarity = judge.score(page.convert("RGB"), text).similarity
            raw.append(similarity < median)
            found = writing.find_with(network, page, believed)
            if found:
                without = judge.score(writing.leave_out(page, found).convert("RGB"), text).similarity
                factor = writing.factor(similarity, without)
                similarity = similarity * factor if similarity >= 0 else similarity / max(factor, 1e-6)
            kept.append(similarity < median)
    return {"below_median_unpunished": share(raw), "below_median_with_penalty": share(kept)}


def share(hits: Sequence[bool]) -> dict[str, float]:
    """Return a share with its standard error."""
    p, n = sum(hits) / len(hits), len(hits)
    return {"share": round(p, 4), "error": round(math.sqrt(max(p * (1 - p), 0.25 / n) / n), 4), "count": n}
