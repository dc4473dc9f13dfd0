"""Small pictures that people made as signs for things: emoji, silhouettes and line icons, each with its names.

They come from Noto's emoji, game-icons.net and Lucide (../shared/data/README.md holds their licences).  Silhouettes and
line icons are coverage alone, to be painted with any ink.
"""

from __future__ import annotations

import io
import re
import tomllib
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
from PIL import Image

from scorer.training.meanings import DRAWABLE, Nouns, nouns

SIDE = 64
EMOJI, SILHOUETTE, LINES = range(3)
THINGS = DRAWABLE[:-1]  # no substances
NAMES = 4  # at most so many for each icon

Row = dict[str, Any]


@dataclass(frozen=True)
class Icons:
    """`pixels` (n, 64, 64, 4) uint8 RGBA, colour not multiplied by alpha; `names`, the best first; `kinds` (n,) int64.

    A kind is 0 for emoji, 1 for silhouettes and 2 for line icons; the latter two are black, their coverage in alpha.
    """

    pixels: np.ndarray
    names: list[list[str]]
    kinds: np.ndarray

    def without(self, words: Collection[str]) -> Icons:
        """Return the icons none of whose names speaks of one of these words, be it in the plural or in a phrase."""
        kept = [row for row, names in enumerate(self.names) if not any(speaks_of(name, words) for name in names)]
        return Icons(self.pixels[kept], [self.names[row] for row in kept], self.kinds[kept])


def speaks_of(name: str, words: Collection[str]) -> bool:
    """Return whether one of the words stands in a name as a whole word, also in the plural."""
    padded = f" {name.lower()} "
    return any(f" {word}{ending} " in padded for word in words for ending in ("", "s", "es"))


def load(folder: Path, cache: Path) -> Icons:
    """Return the icons that show things, rendered at the first call and read from `cache` afterwards.

    Raises FileNotFoundError, with what to do, when the folder lacks one of the data sets.
    """
    known, rules = nouns(folder), tomllib.loads(Path(__file__).with_name("icons.toml").read_text("utf-8"))
    rows: list[Row] = []
    names: list[list[str]] = []
    kinds: list[int] = []
    sources = ((EMOJI, "noto-emoji", _emoji), (SILHOUETTE, "game-icons", _silhouette), (LINES, "lucide-icons", _lines))
    for kind, source, named in sources:
        for row in _read(folder / f"{source}.parquet"):
            found = named(row, known, rules)
            if found:
                rows.append(row)
                names.append(list(dict.fromkeys(found))[:NAMES])
                kinds.append(kind)
    return Icons(_rendered(rows, kinds, cache), names, np.array(kinds, np.int64))


def _read(path: Path) -> list[Row]:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: give --data the folder that holds {path.name}")
    rows: list[Row] = parquet.read_table(path).to_pylist()
    return rows


def _rendered(rows: Sequence[Row], kinds: Sequence[int], cache: Path) -> np.ndarray:
    chosen = zlib.crc32(repr([(kind, row["name"]) for kind, row in zip(kinds, rows, strict=True)]).encode())
    path = cache / f"icons-{SIDE}-{chosen:08x}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        render: dict[int, Callable[[Row], Image.Image]] = {EMOJI: _painted, SILHOUETTE: _inked, LINES: _inked}
        np.save(path, np.stack([np.asarray(render[kind](row)) for row, kind in zip(rows, kinds, strict=True)]))
    found: np.ndarray = np.load(path, mmap_mode="r")
    return found


def _painted(row: Row) -> Image.Image:
    image = Image.open(io.BytesIO(row["png128"])).convert("RGBA")
    return image.convert("RGBa").resize((SIDE, SIDE), Image.Resampling.BOX).convert("RGBA")  # no fringe at the edge


def _inked(row: Row) -> Image.Image:
    import resvg_py

    svg = re.sub(r'<path d="M0 0h512v512H0z"/>', "", row["svg"])  # the silhouettes' black ground
    image = Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=svg, width=SIDE, height=SIDE))).convert("RGBA")
    black = Image.new("L", image.size)
    return Image.merge("RGBA", (black, black, black, image.getchannel("A")))


def _emoji(row: Row, known: Nouns, rules: Row) -> list[str]:
    """Return an emoji's name and those of its keywords that WordNet knows as the same or wider things."""
    name = re.sub(r" (facing|pointed|tilted) \w+$", "", str(row["name"]).strip().replace(" s ", "'s "))
    if not name.isascii() or _unwanted(name, rules["emoji"]):
        return []
    if name.startswith("family "):  # a grey sign each
        return []
    name = rules["emoji"]["renamed"].get(name, name)
    same = known.wider(name) | known.wider(name.split()[-1])
    return [name, *(word for word in row["keywords"] if word in same and word not in rules["vague"])]


def _silhouette(row: Row, known: Nouns, rules: Row) -> list[str]:
    """Return a silhouette's name when it, or its last word, is a thing; then the last word too."""
    name = re.sub(r"( alt| 3d|^3d )", "", re.sub(r"[ 0-9]+$", "", str(row["name"])))
    if len(name) < 3 or _unwanted(name, rules["silhouettes"]):
        return []
    if _is_thing(name, known):
        return [name]
    last = name.split()[-1]
    return [name, last] if _is_thing(last, known) and last not in rules["silhouettes"]["endings"] else []


def _lines(row: Row, known: Nouns, rules: Row) -> list[str]:
    """Return a line icon's name and the tags that mean the same or wider things; none for an interface symbol."""
    name = re.sub(r"[ 0-9]+$", "", str(row["name"]))
    categories = set(row["categories"])
    if categories & set(rules["lines"]["categories"]) or _unwanted(name, rules["lines"]) or not _is_thing(name, known):
        return []
    same = known.wider(name)
    return [name, *(tag for tag in row["tags"] if tag in same and tag not in rules["vague"])]


def _is_thing(name: str, known: Nouns) -> bool:
    senses = known.senses(name) or known.senses(name.removesuffix("s"))
    return any(known.sort(sense) in THINGS for sense in senses)


def _unwanted(name: str, rules: Row) -> bool:
    return bool(set(name.split()) & set(rules["without"])) or name in rules.get("not", ())
