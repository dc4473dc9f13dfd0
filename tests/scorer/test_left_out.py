"""Words left out of a training run: chosen by lot, shown by nothing, and asked for afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pyarrow = pytest.importorskip("pyarrow", reason="training reads parquet: pip install -e '.[training]'")

from pyarrow import parquet  # noqa: E402

from scorer import training  # noqa: E402
from scorer.reference import vocabulary  # noqa: E402
from scorer.training import left_out  # noqa: E402
from scorer.training.figures import Figure  # noqa: E402
from scorer.training.icons import Icons, speaks_of  # noqa: E402
from scorer.training.recipe import Recipe  # noqa: E402
from tests.scorer.fakes import TinyEmbedder, tiny_judge  # noqa: E402

RECIPE = Recipe.read(Path(training.__file__).parent / "second.toml")


def test_words_are_chosen_by_lot_and_nothing_else_changes() -> None:
    fewer = left_out.leaving_out(RECIPE, vocabulary(), 25)
    assert len(set(fewer.without)) == 25
    assert set(fewer.without) < set(vocabulary())
    assert fewer.without == left_out.leaving_out(RECIPE, vocabulary()[::-1], 25).without
    assert replace(fewer, name=RECIPE.name, without=[]) == RECIPE
    assert fewer.name != RECIPE.name


@pytest.mark.parametrize(("name", "speaks"), [
    ("owl", True), ("barn owl", True), ("Owls", True), ("pickup truck", True),
    ("owlet", False), ("bowl", False), ("pickup", False),
])  # fmt: skip
def test_a_name_speaks_of_whole_words(name: str, speaks: bool) -> None:
    assert speaks_of(name, ["owl", "pickup truck"]) == speaks


def test_icons_of_a_left_out_word_are_left_out_whatever_their_first_name() -> None:
    icons = Icons(np.arange(3).reshape(3, 1, 1, 1), [["bird", "barn owl"], ["rocket"], ["owl"]], np.array([0, 1, 2]))
    kept = icons.without(["owl"])
    assert (kept.names, kept.kinds.tolist(), kept.pixels.ravel().tolist()) == ([["rocket"]], [1], [1])


class Namer(TinyEmbedder):
    """Finds "sun" in every picture, "cat" in none, and something of all other words."""

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        light = [1.0 if "sun" in text else -1.0 if "cat" in text else 0.0 for text in texts]
        return np.array([[level, level, level, 0.1] for level in light], np.float32)


def test_the_figure_is_the_mean_of_the_words_over_all_their_drawings(tmp_path: Path) -> None:
    words = ["sun", "owl", "cat", "axe", "bed", "bee", "cow"]
    line = json.dumps([[[0, 100, 200], [0, 90, 30]]])
    rows = [{"key_id": str(k), "word": word, "drawing": line} for k, word in enumerate(words * 30)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "quickdraw-train.parquet")
    found = left_out.unseen(tiny_judge(Namer()), tmp_path, ["sun", "cat"])
    assert (found.share, found.error, found.count) == (0.5, 0.5, 2)
    alone = left_out.unseen(tiny_judge(Namer()), tmp_path, ["sun", "sun"])
    assert (alone.share, alone.error) == (1.0, 0.0)


def test_the_figure_is_kept_with_the_judge(tmp_path: Path) -> None:
    assert left_out.read(tmp_path) == {}
    left_out.write(Figure(0.4, 0.05, 25), ["owl"], tmp_path)
    assert left_out.read(tmp_path) == {left_out.NAME: {"share": 0.4, "error": 0.05, "count": 25}}
