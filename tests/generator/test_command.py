"""`python -m generator`: the files it writes, and what it says when a setting or the guide is refused."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

import scorer
from game.rules import drawing
from generator.__main__ import main
from tests.generator.fakes import Guide

SMALL = ["--size", "32", "--cutouts", "2", "--strokes", "6", "--steps", "3"]


@pytest.fixture(autouse=True)
def fake_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(spec: str, device: str | None = None) -> SimpleNamespace:
        if spec != "embedded:main":
            raise scorer.ScorerError(f"there is no judge {spec}")
        return SimpleNamespace(encoder=Guide())

    monkeypatch.setattr(scorer, "load", load)


def test_it_writes_picture_drawing_vector_and_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = {"--out": "a.png", "--json": "a.json", "--svg": "a.svg", "--film": "a.webp"}
    files = [word for option, name in names.items() for word in (option, str(tmp_path / name))]
    assert main(["a cat", "--prior", "strokes", "--seed", "2", *SMALL, *files]) == 0
    picture = Image.open(tmp_path / "a.png")
    assert picture.size == (512, 512)
    assert json.loads(picture.info["paintoff"])["texts"][0]["text"] == "a cat"
    assert json.loads(picture.info["paintoff"])["seed"] == 2
    assert 1 <= len(drawing.parse(json.loads((tmp_path / "a.json").read_text())).ops) <= 6
    assert (tmp_path / "a.svg").read_text().startswith("<svg")
    assert Image.open(tmp_path / "a.webp").n_frames == 3  # type: ignore[attr-defined]
    assert "step 3/3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--steps", "none"], "#/steps"), (["--seed", "-1"], "#/seed"), (["--guide", "oracle"], "no judge oracle")],
)
def test_it_says_what_it_refuses(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a cat", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_text_that_looks_like_a_number_is_a_text(tmp_path: Path) -> None:
    assert main(["42", *SMALL, "--out", str(tmp_path / "a.png")]) == 0


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(option in said for option in ("--prior", "--deadline-s", "--widest", "--film"))
