"""The loop: it climbs, it is its seed's, it goes on exactly where it stopped, it can be steered, it ends in time."""

import io
import json
import random
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from game.rules import drawing
from generator import CheckpointError, Settings, clock, film, generate
from tests.generator.fakes import Guide
from tests.generator.runs import last, same, settings


@pytest.mark.parametrize(
    "texts",
    [
        [{"text": "a cat"}],
        [{"text": "a cat", "weight": 2}, {"text": "a dog"}],
        [{"text": "a cat"}, {"text": "a dog", "weight": -0.4}],
    ],
)
@pytest.mark.parametrize("own", [{}, {"paper": None}, {"knots": 6}])
def test_the_loss_falls(guide: Guide, texts: list[dict[str, Any]], own: dict[str, Any]) -> None:
    losses = [iterate.loss for iterate in generate(settings(texts=texts, steps=25, **own), guide)]
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) - 0.02


def test_iterates_count_the_steps_and_the_last_is_done(guide: Guide) -> None:
    iterates = list(generate(settings(), guide))
    assert [iterate.step for iterate in iterates] == [1, 2, 3, 4, 5, 6]
    assert [iterate.done for iterate in iterates] == [False] * 5 + [True]
    assert all(-1 <= iterate.similarity <= 1 for iterate in iterates)


def test_the_same_seed_gives_the_same_picture_whatever_the_world_does(guide: Guide) -> None:
    first = last(generate(settings(seed=4), guide))
    torch.manual_seed(99)
    random.seed(99)
    second = last(generate(settings(seed=4), guide))
    assert same(first, second)
    assert first.drawing() == second.drawing()
    assert first.drawing() != last(generate(settings(seed=5), guide)).drawing()


def test_no_global_random_number_is_drawn(guide: Guide) -> None:
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index]
    list(generate(settings(steps=2), guide))
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1:] == (random.getstate(), np.random.get_state()[1].tolist())  # type: ignore[index]


@pytest.mark.parametrize("stop", [1, 3, 5])
def test_a_resumed_run_equals_the_unbroken_one_bit_for_bit(guide: Guide, stop: int) -> None:
    unbroken = list(generate(settings(), guide))
    resumed = list(generate(settings(), guide, unbroken[stop - 1].checkpoint()))
    assert [iterate.step for iterate in resumed] == list(range(stop + 1, 7))
    assert all(same(ours, theirs) for ours, theirs in zip(resumed, unbroken[stop:], strict=True))
    assert resumed[-1].drawing() == unbroken[-1].drawing()


def test_an_iterate_stays_true_while_the_run_goes_on(guide: Guide) -> None:
    iterates = generate(settings(), guide)
    first = next(iterates)
    before = first.drawing(), first.checkpoint()
    list(iterates)
    assert (first.drawing(), first.checkpoint()) == before


def test_a_finished_run_yields_its_end_again(guide: Guide) -> None:
    end = last(generate(settings(), guide))
    again = list(generate(settings(), guide, end.checkpoint()))
    assert len(again) == 1
    assert again[0].done
    assert same(again[0], end)


def test_a_text_takes_effect_at_its_step(guide: Guide) -> None:
    plain = list(generate(settings(), guide))
    turning = [{"text": "a cat", "to_step": 3}, {"text": "a bus", "from_step": 3}]
    turned = list(generate(settings(texts=turning), guide))
    assert [ours.loss == theirs.loss for ours, theirs in zip(turned, plain, strict=True)] == [True] * 3 + [False] * 3


def test_a_run_goes_on_towards_other_texts(guide: Guide) -> None:
    turning = [{"text": "a cat", "to_step": 3}, {"text": "a bus", "from_step": 3}]
    foreseen = last(generate(settings(texts=turning), guide))
    halfway = list(generate(settings(), guide))[2].checkpoint()
    steered = last(generate(settings(texts=[{"text": "a bus"}]), guide, halfway))
    assert steered.loss == pytest.approx(foreseen.loss, abs=1e-6)


@pytest.mark.parametrize("data", [b"", b"not a checkpoint", b"<html></html>" * 9, bytes(200)])
def test_bytes_that_are_no_checkpoint_are_refused(guide: Guide, data: bytes) -> None:
    with pytest.raises(CheckpointError, match="not a run's checkpoint"):
        next(generate(settings(), guide, data))


def test_a_checkpoint_of_other_strokes_or_a_torn_one_is_refused(guide: Guide) -> None:
    data = next(generate(settings(), guide)).checkpoint()
    with pytest.raises(CheckpointError, match="does not fit"):
        next(generate(settings(strokes=9), guide, data))
    with pytest.raises(CheckpointError):
        next(generate(settings(), guide, data[: len(data) // 2]))


def test_a_deadline_ends_the_run_in_time_with_a_finished_picture(guide: Guide, monkeypatch: Any) -> None:
    ticks = iter(range(10_000))
    monkeypatch.setattr(clock.time, "monotonic", lambda: float(next(ticks)))  # a step takes a second
    iterates = list(generate(settings(steps=500, deadline_s=4), guide))
    assert [iterate.done for iterate in iterates] == [False, False, False, True]
    assert drawing.parse(iterates[-1].drawing())


def test_the_picture_is_what_the_drawing_says(guide: Guide) -> None:
    from game.rules import raster

    end = last(generate(settings(), guide))
    picture = end.picture()
    assert (picture.mode, picture.size) == ("RGB", (512, 512))
    server = np.asarray(raster.picture(drawing.parse(end.drawing()), 512), float)
    assert np.abs(server - np.asarray(picture, float)).mean() < 1.5
    assert end.picture(64).size == (64, 64)


def test_a_checkpoint_is_json_and_plain_numbers(guide: Guide) -> None:
    data = next(generate(settings(seed=3), guide)).checkpoint()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    about = json.loads(header["__metadata__"]["paintoff.run"])
    assert about["step"] == 1
    assert Settings.from_dict(about["settings"]) == settings(seed=3)


def test_a_film_shows_the_run(guide: Guide) -> None:
    frames = [iterate.picture(32) for iterate in generate(settings(), guide)]
    shown = Image.open(io.BytesIO(film.webp(frames)))
    assert shown.format == "WEBP"
    assert shown.n_frames == 6  # type: ignore[attr-defined]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here: the GPU's path was not run")
def test_cuda_paints_what_the_cpu_paints(guide: Guide) -> None:
    ours = list(generate(settings(), Guide("cuda")))
    theirs = list(generate(settings(), guide))
    assert ours[0].loss == pytest.approx(theirs[0].loss, abs=1e-4)
    assert ours[-1].loss == pytest.approx(theirs[-1].loss, abs=0.05)
    assert next(generate(settings(), guide, ours[2].checkpoint())).step == 4
