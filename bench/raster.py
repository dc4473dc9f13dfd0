"""How long the server takes to render, against the same rasteriser in plain numpy, in the same run."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import Figure, _numpy_raster
from game.rules import raster
from game.rules.drawing import Drawing, parse

REPEATS = 7


def figures() -> Iterator[Figure]:
    """Yield milliseconds to the master of a doodle and of a drawing at the point limit, and to the judged picture."""
    doodle = scribble(1, strokes=25, points=33, fills=9)
    full = scribble(2, strokes=300, points=66, fills=6)
    yield compare("raster.doodle", doodle, raster.master, _numpy_raster.master)
    yield compare("raster.picture", doodle, raster.picture, _numpy_raster.picture)
    yield compare("raster.points", full, raster.master, _numpy_raster.master)


def compare(name: str, drawing: Drawing, ours: Callable[[Drawing], Any], theirs: Callable[[Drawing], Any]) -> Figure:
    """Time both in turns and take the fastest of each: the rest is other work on the machine."""
    turns = [(milliseconds(ours, drawing), milliseconds(theirs, drawing)) for _ in range(REPEATS)]
    value, against = (min(times) for times in zip(*turns, strict=True))
    return Figure(name, round(value, 2), "ms", round(against, 2))


def milliseconds(render: Callable[[Drawing], Any], drawing: Drawing) -> float:
    """Time one rendering."""
    started = time.perf_counter()
    render(drawing)
    return (time.perf_counter() - started) * 1000


def scribble(seed: int, strokes: int, points: int, fills: int) -> Drawing:
    """Return a drawing on 512 px as a hand makes it: short steps, a brush of 2 to 24 px, fills between the strokes."""
    dice = random.Random(seed)
    ops: list[dict[str, Any]] = []
    for i in range(strokes):
        x, y, pts = dice.uniform(0, 512), dice.uniform(0, 512), []
        for _ in range(points):
            x, y = min(max(x + dice.gauss(0, 5), 0), 512), min(max(y + dice.gauss(0, 5), 0), 512)
            pts.append([int(x * 16), int(y * 16), dice.randrange(16, 192), 0])
        ops.append({"op": "stroke", "color": 1 + i % 7, "pts": pts})
        if i % -(-strokes // fills) == 0:
            ops.append({"op": "fill", "color": dice.randrange(8), "x": dice.randrange(8192), "y": dice.randrange(8192)})
    palette = [f"#{i * 2113665:06x}" for i in range(8)]
    return parse({"format": 1, "size": 512, "bg": 7, "palette": palette, "ops": ops})
