"""Beginnings: clouds, pictures and people's drawings, for every prior that can."""

import base64
import io
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from game.rules import drawing as drawings
from game.rules import raster
from generator import Settings, SettingsError, generate
from generator.noise import fractal, gradient, lattice, perlin
from generator.own import FftSettings, PixelsSettings, SirenSettings, StrokeSettings, VqganSettings
from generator.priors.fft import Fft
from generator.priors.fitting import Fit
from generator.priors.pixels import Pixels
from generator.priors.siren import Siren
from generator.priors.strokes import Strokes
from generator.priors.tracing import NEAR, lines, traced
from generator.priors.vqgan import Vqgan
from generator.starts import begin, rendered, shown
from tests.generator.fakes import Guide
from tests.generator.laws import rng
from tests.generator.test_vqgan import SMALL, tensors

HOUSE: dict[str, Any] = {  # a zigzag, a slow round line whose pen grows, a dot
    "format": 1,
    "size": 512,
    "bg": 2,
    "palette": ["#141414", "#ef3612", "#8fd3ff"],
    "ops": [
        {"op": "stroke", "color": 0, "pts": [
            [800, 7200, 96, 0], [800, 3200, 96, 400], [4000, 800, 96, 800], [7200, 3200, 96, 1200],
            [7200, 7200, 96, 1600],
        ]},
        {"op": "fill", "color": 1, "x": 4000, "y": 4000},
        {"op": "stroke", "color": 1, "pts": [
            [round(4000 + 1600 * np.cos(turn)), round(5200 + 1200 * np.sin(turn)), 48 + 16 * place, 2000 + 20 * place]
            for place, turn in enumerate(np.linspace(0, 6, 12))
        ]},
        {"op": "stroke", "color": 0, "pts": [[4000, 5200, 320, 3000]]},
    ],
}  # fmt: skip
ONE = [{"text": "a house"}]


def picture_of(size: int = 64) -> Image.Image:
    """Red above blue, with a white dot, so that nothing is symmetric."""
    picture = Image.new("RGB", (size, size), "#c02020")
    picture.paste((30, 60, 200), (0, size // 2, size, size))
    picture.paste((255, 255, 255), (0, 0, size // 4, size // 4))
    return picture


def uri(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def without_fills() -> np.ndarray:
    ops = [op for op in HOUSE["ops"] if op["op"] == "stroke"]
    return np.asarray(raster.picture(drawings.parse({**HOUSE, "ops": ops}), 512)) / 255


@pytest.mark.parametrize("cloud", [gradient, perlin, fractal])
def test_clouds_are_colourful_pictures_each_its_own(cloud: Any) -> None:
    made = cloud(3, 32, rng())
    assert made.shape == (3, 3, 32, 32)
    assert 0 <= made.min() < made.max() <= 1
    assert torch.equal(made, cloud(3, 32, rng()))
    assert (made[0] - made[1]).abs().mean() > 0.03
    assert made.diff(dim=-1).abs().max() < 0.5, "it has no edges"


def test_perlin_noise_is_nothing_where_cells_meet_and_smooth_between() -> None:
    noise = lattice(1, 4, 401, rng())  # pixel 50 of each hundred lies half a pixel from a corner
    assert noise.abs().max() <= 1
    corners = noise[..., 100::100, 100::100][..., :3, :3]
    assert corners.abs().max() < 0.02 < noise.abs().mean()
    assert noise.diff(dim=-1).abs().max() < 0.05


def test_a_gradient_goes_from_one_colour_to_another() -> None:
    made = gradient(1, 32, rng())[0]
    for axis in (-1, -2):
        assert made.diff(dim=axis).std((1, 2)).max() < 1e-5, "each colour changes evenly"
    assert (made[:, 0, 0] - made[:, -1, -1]).abs().max() + (made[:, 0, -1] - made[:, -1, 0]).abs().max() > 0.1


def test_fractal_noise_is_finer_than_perlin_noise() -> None:
    rough, soft = (cloud(2, 64, rng()).diff(n=2).abs().mean() for cloud in (fractal, perlin))
    assert rough > soft


@pytest.mark.parametrize("start", ["gradient", "perlin", "fractal", uri(picture_of()), HOUSE])
@pytest.mark.parametrize(("prior", "near"), [(Pixels(PixelsSettings(), 32), 0.01), (Fft(FftSettings(), 32), 0.08)])
def test_a_prior_begins_from_what_it_is_given(prior: Any, near: float, start: Any) -> None:
    latent = begin(prior, start, 2, 32, rng())
    given = shown(start, 2, 32, rng())
    rendered_now = prior.render(latent, 32, 0.0)
    assert (rendered_now - given).abs().mean() < near
    assert (rendered_now[0] - rendered_now[1]).abs().mean() > 0.01, "candidates differ"
    again = begin(prior, start, 2, 32, rng())
    assert all(torch.equal(tensor, again[name]) for name, tensor in latent.items())


def test_siren_begins_softly_from_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.priors.siren.FIT", Fit(steps=60, size=24, rate=10.0))
    prior = Siren(SirenSettings(layers=2, width=32, frequency=15))
    made = prior.render(begin(prior, HOUSE, 2, 24, rng()), 24, 0.0)
    assert (made - shown(HOUSE, 2, 24, rng())).abs().mean() < 0.12


def test_vqgan_encodes_what_it_is_given_and_resizes_its_cells(tmp_path: Path) -> None:
    torch.manual_seed(5)
    state = tensors(SMALL, 40, 16)
    state["quantize.embedding.weight"].normal_()
    save_file(state, tmp_path / "small.safetensors")
    prior = Vqgan(VqganSettings(weights=str(tmp_path / "small.safetensors")), 32)
    latent = begin(prior, uri(picture_of()), 2, 32, rng())
    encoded = prior.network.encode(shown(uri(picture_of()), 2, 32, rng()))
    assert torch.allclose(latent["z"], encoded.clamp(prior.low, prior.high))
    larger = prior.resized(latent, 60)["z"]  # four pixels a cell
    assert larger.shape == (2, 16, 15, 15)
    assert torch.equal(larger, larger.clamp(prior.low, prior.high))
    flat = {"z": latent["z"].mean((2, 3), keepdim=True).expand(-1, -1, 8, 8)}
    assert torch.allclose(prior.resized(flat, 60)["z"], flat["z"][..., :1, :1].expand(-1, -1, 15, 15), atol=1e-5)
    assert prior.resized(latent, 32)["z"] is latent["z"]


def test_noise_is_the_priors_own() -> None:
    prior = Pixels(PixelsSettings(), 16)
    assert torch.equal(begin(prior, "noise", 2, 16, rng())["pixels"], prior.start(2, rng())["pixels"])


def test_a_picture_may_be_a_file_and_the_first_candidate_is_it(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    picture_of().save(path)
    made = shown(str(path), 3, 64, rng())
    assert torch.equal(made[0], torch.from_numpy(np.array(picture_of())).permute(2, 0, 1) / 255)
    assert 0.01 < (made[1] - made[0]).abs().mean() < 0.15
    assert not torch.equal(made[1], made[2])


@pytest.mark.parametrize("knots", [4, 7])
def test_a_drawing_becomes_the_same_strokes(knots: int, tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    path.write_text(json.dumps(HOUSE))
    prior = Strokes(StrokeSettings(strokes=60, knots=knots))
    latent = begin(prior, str(path), 2, 128, rng())
    made = prior.drawing(latent, 0)
    parsed = drawings.parse(made)
    assert len(made["ops"]) < 60
    drawn = np.asarray(raster.picture(parsed, 512)) / 255
    assert np.abs(drawn - without_fills()).mean() < 0.004
    assert made["palette"][made["bg"]] == "#8fd3ff"
    early = prior.render(latent, 128, 0.0)[0].permute(1, 2, 0).numpy()
    assert np.abs(early - drawn.reshape(128, 4, 128, 4, 3).mean((1, 3))).mean() < 0.05, "already at the start"
    assert prior.drawing(latent, 1) != made


def test_curves_follow_their_line_and_join() -> None:
    curves = traced(lines(HOUSE), 4, 200)
    assert max(curve.error for curve in curves) <= NEAR
    first = [curve for curve in curves if curve.line == 0]
    assert len(first) >= 4, "a zigzag is cut at its corners"
    for left, right in pairwise(first):
        assert left.stop == right.start
        assert np.allclose(left.knots[-1], right.knots[0])
    radii = [curve.radius * 512 for curve in curves if curve.line == 1]
    assert radii == sorted(radii), "the pen grows along the line"
    assert [curve.line for curve in curves] == sorted(curve.line for curve in curves), "paint order is kept"


def test_the_budget_of_strokes_is_kept_and_spent_where_it_shows() -> None:
    assert len(traced(lines(HOUSE), 4, 7)) == 7
    biggest = traced(lines(HOUSE), 4, 1)
    assert [curve.line for curve in biggest] == [0]


def test_a_drawing_is_rendered_for_priors_that_need_a_picture() -> None:
    made = rendered(HOUSE, 128).permute(1, 2, 0).numpy()
    assert np.abs(made - without_fills().reshape(128, 4, 128, 4, 3).mean((1, 3))).mean() < 0.006


@pytest.mark.parametrize(
    ("start", "pointer"),
    [
        ("nowhere.png", "#/start"),
        ("nowhere.json", "#/start"),
        ("data:image/png;base64,AAAA", "#/start"),
        ({**HOUSE, "ops": []}, "#/start"),
    ],
)
def test_what_cannot_be_read_is_refused(start: Any, pointer: str) -> None:
    with pytest.raises(SettingsError) as refused:
        begin(Pixels(PixelsSettings(), 32), start, 1, 32, rng())
    assert refused.value.pointer == pointer


@pytest.mark.parametrize("strokes", [80, 300])
def test_strokes_paint_a_picture_broad_ones_first(strokes: int) -> None:
    prior = Strokes(StrokeSettings(strokes=strokes, paper=None))
    latent = begin(prior, uri(picture_of()), 2, 64, rng())
    made, given = prior.render(latent, 64, 1.0), shown(uri(picture_of()), 2, 64, rng())
    plain = (prior.palette[latent["sheet"].argmax(1)][:, :, None, None] - given).abs().mean((1, 2, 3))
    missed = (made - given).abs().mean((1, 2, 3))
    assert (missed < 0.45 * plain).all(), "what the paper alone misses is mostly painted"
    assert (made[0] - made[1]).abs().mean() > 0.02, "candidates differ"
    again = begin(prior, uri(picture_of()), 2, 64, rng())
    assert all(torch.equal(tensor, again[name]) for name, tensor in latent.items())
    pens = latent["pen"][0][latent["alive"][0]]
    assert pens[0] > pens[-1], "the broadest lie beneath"
    assert prior.drawing(latent, 0)["ops"], "it is a drawing"


def test_what_is_painted_costs_no_stroke_where_the_paper_will_do() -> None:
    prior = Strokes(StrokeSettings())
    white = begin(prior, uri(Image.new("RGB", (32, 32), "white")), 1, 32, rng())
    assert not white["alive"].any()


@pytest.mark.parametrize("start", ["noise", "fractal", "some/where.png", uri(picture_of(8)), HOUSE])
def test_a_start_survives_json(start: Any) -> None:
    settings = Settings.from_dict({"texts": ONE, "prior": "pixels", "start": start})
    assert Settings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


@pytest.mark.parametrize(
    ("start", "pointer"),
    [
        (3, "#/start"),
        ("", "#/start"),
        ({}, "#/start/format"),
        ({**HOUSE, "size": 8}, "#/start/size"),
        ({**HOUSE, "bg": 3}, "#/start/bg"),
        ({**HOUSE, "palette": ["white", "#000000"]}, "#/start/palette/0"),
        ({**HOUSE, "ops": [{"op": "spray"}]}, "#/start/ops/0/color"),
        ({**HOUSE, "ops": [{"op": "spray", "color": 0}]}, "#/start/ops/0/op"),
        ({**HOUSE, "ops": [{"op": "stroke", "color": 0, "pts": []}]}, "#/start/ops/0/pts"),
        ({**HOUSE, "ops": [{"op": "stroke", "color": 0, "pts": [[1, 2, 3]]}]}, "#/start/ops/0/pts/0"),
        ({**HOUSE, "ops": [{"op": "fill", "color": 0, "x": 1}]}, "#/start/ops/0/y"),
    ],
)
def test_a_refused_start_is_pointed_at(start: Any, pointer: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_dict({"texts": ONE, "start": start})
    assert refused.value.pointer == pointer


def test_a_run_begins_from_a_drawing_and_goes_on_without_it(guide: Guide) -> None:
    settings = Settings.from_dict({"texts": ONE, "steps": 3, "size": 32, "cutouts": 2, "strokes": 30, "start": HOUSE})
    first = next(generate(settings, guide))
    painted = first.drawing()
    assert painted is not None
    assert np.abs(np.asarray(first.picture(512)) / 255 - without_fills()).mean() < 0.05
    elsewhere = replace(settings, start="lost.json")
    *_, unbroken = generate(settings, guide)
    *_, resumed = generate(elsewhere, guide, first.checkpoint())
    assert unbroken.drawing() == resumed.drawing()
