"""Writes raster.json: drawings with checksums of their masters and pictures, which both rasterisers must reproduce.

`python -m tests.golden.make` renews it after an intended change of the rasteriser; look at what changed, then keep it.
"""

import json
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from game.rules import raster
from game.rules.drawing import cost, parse

FILE = Path(__file__).with_name("raster.json")
SCALES = (1, 2, 3)
SIZES = (1, 37, 64, 224)
PALETTE = ["#ffffff", "#000000", "#e6194b", "#3cb44b", "#4363d8"]
Json = dict[str, Any]


def px(*points: tuple[float, float, float], color: int = 1) -> Json:
    """A stroke from points (x, y, r) in px, 16 ms apart."""
    return {"op": "stroke", "color": color, "pts": [[*(int(v * 16) for v in p), 16 * i] for i, p in enumerate(points)]}


def fill(x: float, y: float, color: int = 2) -> Json:
    """A fill at (x, y) in px."""
    return {"op": "fill", "color": color, "x": int(x * 16), "y": int(y * 16)}


def drawing(*ops: Json, size: int = 64, bg: int = 0, palette: list[str] | None = None) -> Json:
    """A drawing of these operations, each starting when the one before it has ended."""
    now = 0
    for op in ops:
        for point in op.get("pts", []):
            point[3] += now
        now = op["pts"][-1][3] if "pts" in op else now
    return {"format": 1, "size": size, "bg": bg, "palette": palette or PALETTE, "ops": list(ops)}


def ring(gap: float, r: float = 0.75) -> Json:
    """A square outline around the middle of a 64 px canvas, open by `gap` px at the top between the lines' edges."""
    half = gap / 2 + r
    corners = [(32 + half, 12), (52, 12), (52, 52), (12, 52), (12, 12), (32 - half, 12)]
    return px(*((x, y, r) for x, y in corners))


def jumps(seed: int, strokes: int, points: int, size: int = 64) -> list[Json]:
    """Strokes that leap at random through everything the format allows, brush included."""
    dice = random.Random(seed)
    far = lambda: dice.randrange(-size, 2 * size + 1)  # noqa: E731
    return [
        px(*((far(), far(), dice.randrange(0, 1025) / 16) for _ in range(points)), color=dice.randrange(len(PALETTE)))
        for _ in range(strokes)
    ]


def scribble(seed: int, strokes: int, size: int) -> list[Json]:
    """Strokes that wander like a hand, at 1/16 px, with fills between them."""
    dice = random.Random(seed)
    ops: list[Json] = []
    for i in range(strokes):
        x, y, pts = dice.uniform(0, size), dice.uniform(0, size), []
        for _ in range(12):
            x, y = x + dice.uniform(-6, 6), y + dice.uniform(-6, 6)
            pts.append((x, y, dice.uniform(0.4, 3)))
        ops.append(px(*pts, color=1 + i % 4))
        if i % 3 == 2:
            ops.append(fill(dice.uniform(0, size), dice.uniform(0, size), color=dice.randrange(5)))
    return ops


def cases() -> Iterator[tuple[str, Json]]:
    """Every golden drawing with its name."""
    corners = [(10, 10, 1.5), (53.75, 12.5, 2.5), (50, 51.25, 1.25), (10.625, 49.375, 2.0625), (10, 10, 1.5)]
    yield "ring, fill, eraser", drawing(px(*corners), fill(32, 32), px((31.25, 31.25, 3.5), color=0))
    yield "blank", drawing(size=16, bg=3)
    yield "gap of half a pixel stays closed", drawing(ring(0.5), fill(32, 32))
    yield "gap of one pixel stays closed", drawing(ring(1), fill(32, 32))
    yield "gap of six pixels leaks", drawing(ring(6), fill(32, 32))
    yield "gap filled from outside", drawing(ring(1), fill(2, 2), fill(32, 32, color=3))
    yield "seed in the gap fills plainly", drawing(ring(1), fill(32, 12))
    yield "a line recoloured", drawing(ring(0), fill(12, 32, color=4))
    yield "fill in the colour that is there", drawing(ring(0), fill(32, 32, color=0), fill(12, 32, color=1))
    yield (
        "corners too narrow for a fill",
        drawing(px((4, 60, 0.5), (32, 4, 0.5), (60, 60, 0.5), (4, 60, 0.5)), fill(32, 50)),
    )
    yield "seeds off the canvas", drawing(ring(0), fill(-64, -64), fill(128, 128, color=3), fill(32, 128, color=4))
    yield "points", drawing(*(px((4 + 5 * i, 4 + 3.3 * i, i / 3), color=1 + i % 4) for i in range(12)))
    yield (
        "no radius, smallest radius",
        drawing(px((8.25, 8.25, 0)), px((16.5, 16.5, 0), (40, 30, 0)), px((20, 8, 1 / 16))),
    )
    yield "no length", drawing(px((20, 20, 3), (20, 20, 3)), px((40, 40, 2), (40, 40, 6), (40, 40, 1), color=2))
    yield (
        "cones",
        drawing(px((10, 10, 0), (50, 20, 12)), px((50, 50, 14), (48, 50, 2), color=2), px((8, 50, 6), (30, 50, 0))),
    )
    yield (
        "across the edges",
        drawing(
            px((-10, 20, 4), (74, 30, 4)),
            px((20, -64, 3), (30, 128, 5), color=2),
            px((-3, -3, 5)),
            px((66, 66, 4), color=3),
        ),
    )
    yield "wholly off the canvas", drawing(px((-40, -20, 8), (-20, 90, 8), (100, 120, 8)), px((128, 128, 64), color=2))
    yield (
        "axis-parallel on cell borders",
        drawing(
            px((8, 8, 2), (56, 8, 2)),
            px((8, 16, 1), (8, 56, 1), color=2),
            px((20.25, 20.25, 1.25), (50.25, 20.25, 1.25)),
        ),
    )
    across = [px((8, y, r), (56, y, r)) for y, r in ((10, 1.5), (20, 0.75), (30.5, 1), (40.25, 0.5))]
    back = [px((56, y + 5, r), (8, y + 5, r), color=2) for y, r in ((10, 1.5), (20, 0.75), (30.5, 1), (40.25, 0.5))]
    down = [px((x, 60, 1.5), (x, 2, 0.75), (x + 0.5, 60, 1), color=3) for x in (4, 4.25, 60)]
    yield "edges through cell centres", drawing(*across, *back, *down)
    yield "jumps", drawing(*jumps(1, strokes=12, points=20))
    yield (
        "jumps and fills",
        drawing(*(op for i, s in enumerate(jumps(2, 10, 3)) for op in (s, fill(6 * i, 5 * i, i % 5)))),
    )
    comb = [px((1 + 4 * i, 0, 0.5), (1 + 4 * i, 60 if i % 2 else 64, 0.5)) for i in range(16)]
    yield "comb", drawing(*comb, fill(4, 30), fill(3, 62, color=3))
    maze = [px((4 + 4 * i, 0 if i % 2 else 5, 0.5), (4 + 4 * i, 59 if i % 2 else 64, 0.5)) for i in range(15)]
    yield "maze", drawing(*maze, fill(2, 2), fill(62, 62, color=4))
    dots = [px((3 + 5 * (i % 12), 3 + 5 * (i // 12), 0.6)) for i in range(144)]
    yield "dots", drawing(*dots, fill(0, 0), fill(32, 32, color=0))
    yield "scribble", drawing(*scribble(3, 24, 64))
    yield "scribble on an odd canvas", drawing(*scribble(4, 15, 37), size=37, bg=2)
    colours = [f"#{(37 * i * i * 4099) % 0x1000000:06X}" for i in range(64)]
    yield (
        "all colours",
        drawing(*(px((i % 8 * 8 + 4, i // 8 * 8 + 4, 5), color=63 - i) for i in range(64)), palette=colours),
    )
    yield "scribble at full size", drawing(*scribble(5, 30, 512), ring(1), size=512)


def vector(name: str, given: Json) -> Json:
    """The golden record of one drawing, computed by the server's rasteriser."""
    checked = parse(given)
    masters = {str(scale): zlib.crc32(raster.master(checked, scale).tobytes()) for scale in SCALES}
    pictures = {str(size): zlib.crc32(raster.picture(checked, size).tobytes()) for size in SIZES}
    return {"name": name, "masters": masters, "pictures": pictures, "cost": cost(checked), "drawing": given}


def main() -> None:
    """Write the file, one drawing a line."""
    lines = ",\n".join(json.dumps(vector(*case), separators=(",", ":")) for case in cases())
    FILE.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
