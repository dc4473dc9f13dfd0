"""`python -m generator`: the files it writes, and what it says when a setting or the guide is refused."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

import scorer
from game.rules import drawing
from generator import Iterate, Settings, Text, generate
from generator import __main__ as command
from generator.__main__ import main
from generator.checkpoint import unpack
from generator.wanted import Style
from tests.generator.fakes import Guide

SMALL = ["--size", "32", "--cutouts", "2", "--strokes", "6", "--steps", "3"]


@pytest.fixture(autouse=True)
def fake_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(spec: str, device: str | None = None) -> SimpleNamespace:
        if spec not in ("embedded:main", "embedded:other"):
            raise scorer.ScorerError(f"there is no judge {spec}")
        score = SimpleNamespace(percentile=97.25, similarity=0.5)
        return SimpleNamespace(encoder=Guide(), spec=spec, score=lambda picture, text: score)

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
    film = Image.open(tmp_path / "a.webp")
    assert film.n_frames == 3  # type: ignore[attr-defined]
    assert film.getexif()[0x010E] == picture.info["paintoff"]
    said = capsys.readouterr().err
    assert "step 3/3" in said
    assert "similarity" in said


def test_a_film_has_every_so_many_steps_and_the_last_in_any_kind(tmp_path: Path) -> None:
    films = [tmp_path / "a.gif", tmp_path / "b.webp"]
    files = [word for path in films for word in ("--film", str(path))]
    small = ["--size", "32", "--prior", "pixels", "--steps", "5", "--learning-rate", "30"]
    often = ["--every", "2", "--film-size", "48"]
    assert main(["a cat", *small, *often, *files, "--out", str(tmp_path / "a.png")]) == 0
    for path in films:
        film = Image.open(path)
        assert film.n_frames == 3  # type: ignore[attr-defined]
        assert film.size == (48, 48)


def test_a_run_goes_on_from_its_checkpoint_with_its_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = ["--checkpoint", str(tmp_path / "run.ckpt")]
    out = ["--out", str(tmp_path / "a.png")]
    assert main(["a cat", *SMALL, "--seed", "7", *kept, *out]) == 0
    assert main(["--resume", str(tmp_path / "run.ckpt"), "--steps", "5", *kept, *out]) == 0
    settings = json.loads(Image.open(tmp_path / "a.png").info["paintoff"])
    assert (settings["seed"], settings["steps"], settings["texts"][0]["text"]) == (7, 5, "a cat")
    assert unpack((tmp_path / "run.ckpt").read_bytes()).step == 5
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    capsys.readouterr()
    assert main(["--resume", str(tmp_path / "a.png")]) == 2
    assert "not a run's checkpoint" in capsys.readouterr().err
    assert main(["--resume", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_ctrl_c_writes_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: Any) -> Iterator[Iterate]:
        yield from itertools.islice(generate(*given), 2)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "generate", interrupted)
    files = ["--checkpoint", str(tmp_path / "c"), "--film", str(tmp_path / "f.webp"), "--out", str(tmp_path / "a.png")]
    assert main(["a cat", *SMALL, *files]) == 130
    assert unpack((tmp_path / "c").read_bytes()).step == 2
    assert Image.open(tmp_path / "a.png").size == (512, 512)
    assert Image.open(tmp_path / "f.webp").n_frames == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--film", "run.avi"], ".webp, .gif, .mp4"),
        (["--image", "nowhere.png"], "#/images/0/image"),
        (["--judge", "oracle"], "no judge oracle"),
        (["--images", "nowhere.png"], "#/images/0/image"),
        (["--style", "oll"], "#/style/0/name"),
        (["--steps", "none"], "#/steps"),
        (["--seed", "-1"], "#/seed"),
        (["--guide", "oracle"], "no judge oracle"),
    ],
)
def test_it_says_what_it_refuses(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a cat", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--every", "0"], ["--film-size", "-3"], ["--film-size", "large"]])
def test_counts_are_above_zero(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["a cat", *words])
    assert words[0] in capsys.readouterr().err


def test_it_points_at_what_is_wrong_in_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a cat | | a dog"]) == 2
    assert capsys.readouterr().err == "a text is missing here\na cat | | a dog\n        ^\n"
    assert main([]) == 2
    assert "#/texts" in capsys.readouterr().err


def test_a_text_that_looks_like_a_number_is_a_text(tmp_path: Path) -> None:
    assert main(["42", *SMALL, "--out", str(tmp_path / "a.png")]) == 0


def test_the_text_is_a_prompt_line_and_bare_words_name_styles_and_guides(tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    words = ["--style", "oil", "--guides", "embedded:other", "--images", str(tmp_path / "like.png")]
    Image.new("RGB", (9, 9), "red").save(tmp_path / "like.png")
    assert main(["a cat:2 | blur:-0.5 || 2 | a dog", *words, *SMALL, "--out", str(out)]) == 0
    settings = Settings.from_dict(json.loads(Image.open(out).info["paintoff"]))
    assert settings.texts == (Text("a cat", 2, 0, 2), Text("blur", -0.5, 0, 2), Text("a dog", 1, 2))
    assert settings.style == (Style("oil"),)
    assert [guide.name for guide in settings.every_guide] == ["embedded:main", "embedded:other"]
    assert settings.images[0].image.endswith("like.png")


@pytest.mark.parametrize(("judge", "role"), [("embedded:other", "not a guide"), ("embedded:main", "was a guide")])
def test_a_judge_says_whether_it_was_the_guide(
    judge: str, role: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a cat | a dog:3", *SMALL, "--judge", judge, "--out", str(tmp_path / "a.png")]) == 0
    said = capsys.readouterr().err
    assert judge in said
    assert role in said
    assert "percentile 97.2" in said
    assert said.endswith(": a dog\n")


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(option in said for option in ("--prior", "--deadline-s", "--widest", "--film"))
