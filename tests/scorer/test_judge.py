"""The judge's doors: scores, percentiles, captions, tokens; and that it is at home in many threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import scorer
from scorer import background, images, reference
from scorer.encoder import WEIGHTS
from tests.scorer.test_encoder import cat


@pytest.fixture(scope="module")
def judge() -> scorer.Judge:
    return scorer.load("embedded:main")


def test_a_score_agrees_with_the_embeddings(judge: scorer.Judge) -> None:
    score = judge.score(cat(), "a cat")
    again = float(judge.embed_images([cat()])[0] @ judge.embed_texts(["a cat"])[0])
    assert score.similarity == pytest.approx(again, abs=1e-5)
    assert score.percentile == judge.percentile(score.similarity, "a cat")
    assert score.judge == "embedded:main"
    assert score.embedding.shape == (judge.dim,)
    assert judge.score_embedding(score.embedding, "a cat").similarity == pytest.approx(score.similarity, abs=1e-6)


def test_percentiles_rise_from_0_to_100(judge: scorer.Judge) -> None:
    places = [judge.percentile(float(s), "a cat") for s in np.linspace(-1, 1, 41)]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == 100


def test_percentile_counts_ties_by_half() -> None:
    assert background.percentile(0.5, np.array([0.1, 0.5, 0.5, 0.9])) == 50
    assert background.percentile(0.95, np.array([0.1, 0.5])) == 100
    assert background.percentile(0.1, np.array([0.3, 0.5])) == 0


def test_a_good_drawing_stands_high_and_an_empty_one_does_not(judge: scorer.Judge) -> None:
    assert (
        judge.score(cat(), "a cat").percentile > judge.score(Image.new("RGB", (512, 512), "white"), "a cat").percentile
    )


def test_the_histogram_holds_the_whole_background(judge: scorer.Judge) -> None:
    edges, counts = judge.background_histogram("a bus", bins=30)
    assert len(edges) == 31
    assert len(counts) == 30
    assert sum(counts) >= 2000
    assert edges == sorted(edges)


def test_a_fitting_caption_beats_others(judge: scorer.Judge) -> None:
    embedding = judge.embed_images([cat()])[0]
    for text in ("a cat", "an airplane"):
        similarity = float(embedding @ judge.embed_texts([text])[0])
        assert 0 <= judge.caption_percentile(embedding, similarity) <= 100
    right, wrong = judge.embed_texts(["a cat", "a submarine"]) @ embedding
    assert right > wrong


def test_tokens_are_counted_past_the_limit(judge: scorer.Judge) -> None:
    assert judge.count_tokens("a cat") == 4
    assert judge.count_tokens("cat " * 200) == 202
    assert judge.context_length == 77


def test_the_picture_as_seen_has_the_encoders_size(judge: scorer.Judge) -> None:
    assert judge.seen_as(cat()).size == (judge.encoder.size, judge.encoder.size)


def test_transparent_pictures_lie_on_white_paper() -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert images.prepare(clear, 64).getpixel((5, 5)) == (255, 255, 255)
    assert images.to_squares([Image.new("L", (300, 100), 0)], 64).shape == (1, 64, 64, 3)


def test_texts_are_remembered_but_not_for_ever(judge: scorer.Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorer.judge.KEPT_TEXTS", 2)
    first = judge.embed_texts(["a cat", "a dog", "a cow"])
    assert len(judge._texts) == 2
    np.testing.assert_allclose(judge.embed_texts(["a cat", "a dog", "a cow"]), first, atol=1e-6)
    assert judge.embed_texts([]).shape == (0, judge.dim)


def test_many_threads_get_the_same_answers(judge: scorer.Judge) -> None:
    pictures = [cat(512, colour) for colour in ("black", "red", "blue", "green")] * 4
    expected = judge.embed_images(pictures)
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda picture: judge.embed_images([picture])[0], pictures))
    np.testing.assert_allclose(np.stack(rows), expected, atol=1e-4)


def test_a_background_is_computed_once_and_kept(
    tmp_path: Path, judge: scorer.Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge.encoder, "name", "someone:else")
    monkeypatch.setattr(reference, "COUNT", 60)
    monkeypatch.setattr(reference, "pictures", lambda: [cat(64 + n) for n in range(60)])
    calls: list[int] = []

    def embed(pictures: object) -> np.ndarray:
        calls.append(1)
        return judge.embed_images(pictures)  # type: ignore[arg-type]

    made = background.find(judge.encoder, tmp_path, embed)
    before = len(calls)
    kept = background.find(judge.encoder, tmp_path, embed)
    assert before > 0
    assert len(calls) == before
    np.testing.assert_allclose(kept.pictures, made.pictures, atol=1e-3)
    assert kept.noise == made.noise > 0


def test_noise_is_that_of_the_change_that_moves_most(judge: scorer.Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [cat(256, colour) for colour in ("black", "red", "blue", "green")]
    alone = []
    for name, change in dict(background.CHANGES).items():
        monkeypatch.setattr(background, "CHANGES", {name: change})
        alone.append(background.noise(judge.embed_images, pictures))
    assert len(alone) == 3
    assert min(alone) > 0
    monkeypatch.undo()
    assert background.noise(judge.embed_images, pictures) == pytest.approx(max(alone), rel=1e-3)


def test_noise_measured_under_other_changes_is_measured_again(
    tmp_path: Path, judge: scorer.Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge.encoder, "name", "someone:else")
    monkeypatch.setattr(reference, "pictures", lambda count=60: [cat(64 + n) for n in range(count)])
    made = background.find(judge.encoder, tmp_path, judge.embed_images)
    (path,) = tmp_path.iterdir()
    background.write(background.Background(made.pictures, made.captions, 9.0), path, {"changes": "none"})
    assert background.read(path).noise == 9.0
    assert background.find(judge.encoder, tmp_path, judge.embed_images).noise == pytest.approx(made.noise, rel=1e-3)
    assert background.read(path).noise == pytest.approx(made.noise, rel=1e-3)


def test_reference_pictures_and_captions_are_always_the_same() -> None:
    assert [p.tobytes() for p in reference.pictures(5)] == [p.tobytes() for p in reference.pictures(7)[:5]]
    assert len(set(reference.captions())) == len(reference.captions()) == 1024


def test_the_embedded_judge_is_small_and_described() -> None:
    for folder in (path.parent for path in WEIGHTS.glob("*/open_clip_config.json")):
        assert (folder / "open_clip_model.safetensors").stat().st_size <= 20_000_000
        assert "Quick, Draw!" in (folder / "README.md").read_text("utf-8")


def test_scores_from_the_command_line(tmp_path: Path) -> None:
    cat().save(tmp_path / "cat.png")
    command = [sys.executable, "-m", "scorer", "a cat", str(tmp_path / "cat.png")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    line = json.loads(done.stdout)
    assert line["judge"] == "embedded:main"
    assert 0 <= line["percentile"] <= 100
    command[-1] = str(tmp_path / "missing.png")
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "missing.png" in failed.stderr
    assert "Traceback" not in failed.stderr
