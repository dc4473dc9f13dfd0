"""Machines that paint without strokes: their pictures hang as they are, judged like any other, on the same boards."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from game import easel, engine, judging, painting, storage
from game.judging import INJECTED_READER, JudgeAway
from game.rules import entries, paintings, pending, prompts, rejudging, runs
from game.rules.refusals import Invalid, Missing
from game.rules.views import PromptView
from tests.fakes import COLOURS, ColourJudge, InkReader

TEXTS = [{"text": "a red cat"}]


class Blot:
    """The only iterate of a run: a red square on white paper, 64 px in all, without strokes."""

    step = steps = 1
    loss, similarity, seconds, done = 0.5, 0.1, 1.0, True

    def picture(self) -> Image.Image:
        picture = Image.new("RGB", (64, 64), "white")
        picture.paste(COLOURS["red"], (16, 16, 48, 48))
        return picture

    def drawing(self) -> None:
        return None

    def checkpoint(self) -> bytes:
        return json.dumps({"step": 1}).encode()


@pytest.fixture
def prompt(context: Flask, monkeypatch: pytest.MonkeyPatch) -> PromptView:
    """A prompt; a run for it is painted in one step, and the job engine is left out."""
    monkeypatch.setattr(engine, "enqueue", lambda *_: None)
    monkeypatch.setattr(easel, "_easel", None)

    def begin(settings: dict[str, Any], resume: bytes | None) -> painting.Begun:
        return painting.Begun(iter([Blot()]), "cpu", print)

    monkeypatch.setattr(painting, "begin", begin)
    return prompts.add("a red cat")


def paint(prompt: PromptView, prior: str = "pixels", publish: bool = True) -> str:
    run_id = runs.queue(prompt.id, {"prior": prior}, None, publish).id
    token = easel.take(run_id, "w")
    assert token is not None
    assert easel.advance(run_id, token)
    return run_id


@pytest.mark.parametrize("prior", ["pixels", "fft", "siren"])
def test_what_is_painted_hangs_beside_what_is_drawn(prompt: PromptView, prior: str) -> None:
    run_id = paint(prompt, prior)
    done = runs.get(run_id)
    assert (done.state, done.error) == ("done", None)
    (hung,) = entries.leaderboard(prompt.id, "ai", None, 10).items
    assert (hung.id, hung.kind, hung.player["name"]) == (done.entry_id, "ai", f"the {prior} machine")
    assert hung.similarity == pytest.approx(done.similarity)
    assert not hung.drawn
    row = entries.row(hung.id)
    with Image.open(io.BytesIO(storage.get(row.picture))) as picture:
        assert picture.size == (paintings.SIDE, paintings.SIDE)
        assert picture.convert("RGB").getpixel((256, 256)) == COLOURS["red"]
    with pytest.raises(Missing, match="not drawn with strokes"):
        entries.drawing_json(row)
    with pytest.raises(Missing, match="without strokes"):
        runs.drawing(run_id)


def test_it_is_published_once_and_only_when_that_is_wanted(prompt: PromptView) -> None:
    run_id = paint(prompt, publish=False)
    assert runs.get(run_id).entry_id is None
    first, second = runs.publish(run_id), runs.publish(run_id)
    assert first.id == second.id
    assert len(entries.leaderboard(prompt.id, "all", None, 10).items) == 1


def test_it_is_judged_anew_like_any_other(prompt: PromptView) -> None:
    entry_id = runs.get(paint(prompt)).entry_id
    assert entry_id is not None
    other = ColourJudge(spec="fake:other")
    rejudging.rejudge(other)
    assert entries.get(entry_id).judge == "fake:other"


def test_it_waits_while_the_judge_is_away(prompt: PromptView, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise JudgeAway("the judge is away", 5)

    seen = judging.judge_picture
    monkeypatch.setattr(judging, "judge_picture", away)
    run_id = paint(prompt)
    assert (pending.count(), runs.get(run_id).entry_id) == (1, None)
    monkeypatch.setattr(judging, "judge_picture", seen)
    assert pending.settle() == 1
    assert runs.get(run_id).entry_id is not None


def test_words_that_it_paints_do_not_count(prompt: PromptView, context: Flask) -> None:
    context.extensions[INJECTED_READER] = InkReader("red", "a red cat")
    (hung,) = [entries.get(str(runs.get(paint(prompt)).entry_id))]
    (penalty,) = hung.penalties
    assert penalty["kind"] == "writing"
    assert penalty["similarity"] < hung.similarity


def test_weights_are_named_by_their_name_in_the_data_folder(context: Flask) -> None:
    folder = Path(context.config["PAINTOFF"].data) / "weights"
    folder.mkdir(parents=True)
    (folder / "f16.safetensors").touch()
    (folder.parent / "secret.safetensors").touch()
    sent = {"texts": TEXTS, "prior": "vqgan"}
    assert painting.check({**sent, "weights": "f16.safetensors"})["weights"] == "f16.safetensors"
    for name in ("../secret.safetensors", "/etc/hostname", "none.safetensors"):
        with pytest.raises(Invalid, match=r"choose one of f16\.safetensors") as refused:
            painting.check({**sent, "weights": name})
        assert refused.value.pointer == "#/settings/weights"


def test_the_generator_is_told_where_they_lie(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import generator

    folder = Path(context.config["PAINTOFF"].data) / "weights"
    folder.mkdir(parents=True)
    (folder / "f16.safetensors").touch()
    begun: list[Any] = []
    monkeypatch.setattr(judging, "guide", lambda name: Image)
    monkeypatch.setattr(Image, "device", "cpu", raising=False)
    monkeypatch.setattr(generator, "generate", lambda settings, guides, *more: begun.append(settings))
    painting.begin({"texts": TEXTS, "prior": "vqgan", "weights": "f16.safetensors", "guide": "one"}, None)
    assert begun[0].to_dict()["weights"] == str(folder / "f16.safetensors")
