"""How long a search takes over many entries, against reading every embedding from the database for it, in turns."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from bench import Figure
from game import create_app
from game.extensions import db
from game.models import Entry, Player, Prompt
from game.rules import shelf
from game.rules.embeddings import packed
from game.tables import new_id, now

ENTRIES, DIM, LIMIT, REPEATS = 30_000, 256, 24, 5
JUDGE = "bench:random"


def figures() -> Iterator[Figure]:
    """Yield milliseconds a search with the shelf, once it is filled, and those of a search that reads everything."""
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder, wall(Path(folder), rng):
        directions = [unit(rng) for _ in range(REPEATS + 1)]
        shelf.nearest(JUDGE, directions[-1], LIMIT)
        turns = [
            (milliseconds(shelf.nearest, direction), milliseconds(read_everything, direction))
            for direction in directions[:REPEATS]
        ]
    value, against = (min(times) for times in zip(*turns, strict=True))
    yield Figure("search.nearest", round(value, 2), "ms", round(against, 2))


@contextlib.contextmanager
def wall(folder: Path, rng: np.random.Generator) -> Iterator[None]:
    """A game with many entries on one wall."""
    with create_app({"DATA": folder}).app_context():
        db.create_all()
        db.session.add_all([prompt := Prompt(text="a cat"), player := Player()])
        db.session.commit()
        same = {"prompt_id": prompt.id, "player_id": player.id, "kind": "human", "picture": "-", "judge": JUDGE,
                "noise": 0.01, "similarity": 0.2, "percentile": 50, "penalised": 0.2, "penalties": [],
                "judged_at": now(), "created_at": now()}  # fmt: skip
        rows = [{"id": new_id(), "embedding": packed(unit(rng)), **same} for _ in range(ENTRIES)]
        db.session.execute(insert(Entry), rows)
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


def read_everything(judge: str, direction: Any, limit: int) -> None:
    """What a search costs that keeps nothing."""
    shelf._shelves.clear()
    shelf.nearest(judge, direction, limit)


def unit(rng: np.random.Generator) -> Any:
    """A direction."""
    row = rng.normal(size=DIM).astype(np.float32)
    return row / np.linalg.norm(row)


def milliseconds(search: Callable[[str, Any, int], Any], direction: Any) -> float:
    """Time one search."""
    started = time.perf_counter()
    search(JUDGE, direction, LIMIT)
    return (time.perf_counter() - started) * 1000
