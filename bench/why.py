"""How long reasons take, against judging the same pictures one by one, in one run; the embedded judge on all cores.

The drawing has 32 parts to be left out. Rendering counts on both sides.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import scorer
from bench import Figure
from bench.raster import scribble
from game.rules import leave_outs, parts, raster, why

REPEATS = 3
TEXT = "a house"


def figures() -> Iterator[Figure]:
    """Yield milliseconds for all reasons (parts, curve and heat map), and for 32 left-out parts alone."""
    judge = scorer.load("embedded:main")
    drawing = scribble(1, strokes=34, points=33, fills=4)
    bundles = parts.parts(drawing, why.MOST_PARTS)
    left_out = [frozenset[int](), *(frozenset(part.ops) for part in bundles)]

    def together() -> None:
        judge.embed_images(why.rendered(judge, drawing, left_out))

    def one_by_one() -> None:
        layers = leave_outs.Layers(drawing)
        for ops in left_out:
            judge.score(raster.picture_of(layers.without(ops), drawing.palette), TEXT)

    apart = best_ms(one_by_one)
    yield Figure(f"why.parts.{len(bundles)}", best_ms(together), "ms", apart)
    yield Figure("why.all", best_ms(lambda: why.told(judge, TEXT, drawing)), "ms", apart)


def best_ms(work: Callable[[], Any]) -> float:
    """The shortest of REPEATS turns after one to warm up, in ms: the rest is other work on the machine."""
    work()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(min(times) * 1000, 1)
