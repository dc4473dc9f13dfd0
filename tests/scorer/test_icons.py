"""Icons that training shows: which are kept, what they are called, how they are rendered."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

parquet = pytest.importorskip("pyarrow.parquet", reason="training reads parquet: pip install -e '.[training]'")
pytest.importorskip("resvg_py", reason="training renders SVG: pip install -e '.[training]'")
pyarrow = pytest.importorskip("pyarrow")

from scorer.training import icons  # noqa: E402

GROUND = '<path d="M0 0h512v512H0z"/>'
SQUARE = '<path fill="#fff" d="M128 128h256v256H128z"/>'


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / f"{name}.parquet")


def synset(number: str, sort: str, members: list[str], above: list[str]) -> dict[str, Any]:
    return {"synset": number, "lexfile": sort, "members": members, "hypernym": above}


def png() -> bytes:
    image = Image.new("RGBA", (128, 128))
    image.paste((250, 20, 30, 255), (33, 33, 95, 95))  # not on the small picture's grid: its edges are half covered
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    nouns = [
        synset("1", "Tops", ["animal"], []),
        synset("2", "animal", ["raccoon", "coon"], ["1"]),
        synset("3", "artifact", ["sword", "steel"], []),
        synset("4", "cognition", ["idea"], []),
        synset("5", "artifact", ["arrow"], []),
    ]
    write(tmp_path, "wordnet-nouns", nouns)
    emoji = [("raccoon", ["animal", "trash", "coon"]), ("rightwards arrow", []), ("family man boy", ["boy"])]
    write(tmp_path, "noto-emoji", [{"name": name, "keywords": words, "png128": png()} for name, words in emoji])
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">{GROUND}{SQUARE}</svg>'
    silhouettes = ("bloody sword 2", "bad idea", "raccoon")
    write(tmp_path, "game-icons", [{"name": name, "svg": svg} for name in silhouettes])
    line = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="2"><path d="M4 12h16"/></svg>'
    )
    lucide = [("sword", ["steel", "fight"], ["tools"]), ("arrow", [], ["arrows"]), ("sword off", [], ["tools"])]
    rows = [{"name": name, "tags": tags, "categories": sorts, "svg": line} for name, tags, sorts in lucide]
    write(tmp_path, "lucide-icons", rows)
    return tmp_path


def test_icons_that_show_things_are_kept_with_the_names_that_wordnet_confirms(folder: Path) -> None:
    found = icons.load(folder, folder / "cache")
    assert found.names == [
        ["raccoon", "animal", "coon"], ["bloody sword", "sword"], ["raccoon"], ["sword", "steel"],
    ]  # fmt: skip
    assert found.kinds.tolist() == [icons.EMOJI, icons.SILHOUETTE, icons.SILHOUETTE, icons.LINES]


def test_silhouettes_and_lines_are_coverage_without_their_ground(folder: Path) -> None:
    pixels = icons.load(folder, folder / "cache").pixels
    assert pixels.shape == (4, 64, 64, 4)
    assert pixels.dtype == np.uint8
    square, line = pixels[1, ..., 3], pixels[3, ..., 3]
    assert square[32, 32] == 255
    assert square[4, 4] == 0
    assert line[32, 32] == 255
    assert line[10, 32] == 0
    assert not pixels[1:, ..., :3].any()


def test_an_emoji_keeps_its_colour_to_the_edge(folder: Path) -> None:
    emoji = icons.load(folder, folder / "cache").pixels[0]
    edge = emoji[(emoji[..., 3] > 0) & (emoji[..., 3] < 255)]
    assert len(edge)
    assert np.abs(edge[:, :3].astype(int) - (250, 20, 30)).max() < 8


def test_icons_are_rendered_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = icons.load(folder, folder / "cache")
    monkeypatch.setattr(icons, "_inked", None)
    assert (icons.load(folder, folder / "cache").pixels == first.pixels).all()


def test_a_folder_without_icons_says_what_is_missing(folder: Path) -> None:
    (folder / "game-icons.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=r"game-icons\.parquet"):
        icons.load(folder, folder / "cache")
