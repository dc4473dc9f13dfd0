"""How the embedded VQGAN learns: pictures by their seed, codes that are used, a run that goes on where it was."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from generator import SettingsError
from generator.own import VqganSettings
from generator.priors import vqgan
from generator.priors.vqgan import Network, Vqgan
from generator.training import __main__ as command
from generator.training import data, evaluate, export
from generator.training.codes import Codes, perplexity
from generator.training.losses import discolour, likeness, persuasion
from generator.training.pictures import Mix, Painter
from generator.training.recipe import Recipe
from generator.training.train import Training

SQUARE = [[[0, 255, 255, 0, 0], [0, 0, 255, 255, 0]]]
OPEN = [[[0, 255, 255], [0, 0, 255]]]
RECIPE = Path(data.__file__).parent / "embedded.toml"
CPU = torch.device("cpu")


def round_face() -> bytes:
    picture = Image.new("RGBA", (128, 128))
    ImageDraw.Draw(picture).ellipse([4, 4, 124, 124], fill=(255, 200, 0, 255))
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set like ../shared/data, very small."""
    import pyarrow
    from pyarrow import parquet

    folder = tmp_path_factory.mktemp("data")
    keys = [str(number) for number in range(60)]
    columns = {"word": ["square"] * 60, "key_id": keys, "drawing": [json.dumps(SQUARE)] * 60}
    parquet.write_table(pyarrow.table(columns), folder / "quickdraw-train.parquet")
    emoji = {"name": [f"face {key}" for key in keys], "png128": [round_face()] * 60}
    parquet.write_table(pyarrow.table(emoji), folder / "noto-emoji.parquet")
    return folder


@pytest.fixture(scope="module")
def painter(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Painter:
    return Painter(data.load(folder, False, 5, tmp_path_factory.mktemp("cache")), CPU)


@pytest.fixture
def tiny() -> Recipe:
    """A recipe that comes to everything that a training does within five steps."""
    recipe = Recipe.read(RECIPE)
    book = dataclasses.replace(recipe.codebook, codes=24, dim=4)
    shape = {**recipe.network, "ch_mult": [1, 1], "z_channels": 8}
    when = {"steps": 5, "warm_up": 1, "quantise_from": 1, "revive_until": 5, "critic_from": 3, "per_word": 5}
    return dataclasses.replace(
        recipe, **when, batch=2, side=16, critic_width=4, critic_layers=1, codebook=book, network=shape
    )


def test_the_halves_of_the_data_share_nothing(folder: Path, tmp_path: Path) -> None:
    halves = [data.load(folder, held, 100, tmp_path) for held in (False, True)]
    assert [len(half.drawings) + len(half.emoji) for half in halves] != [0, 0]
    assert sum(len(half.drawings) for half in halves) == sum(len(half.emoji) for half in halves) == 60
    assert len(data.load(folder, False, 7, tmp_path).drawings) == 7
    with pytest.raises(FileNotFoundError, match="give --data the folder"):
        data.load(tmp_path, False, 5, tmp_path)


def test_a_drawing_is_kept_as_distances_and_what_it_encloses() -> None:
    far, within = (np.uint8(127) & (kept := data.distances(SQUARE))) / data.STEPS, kept >> 7
    low, middle = data.MARGIN, data.SIDE // 2
    assert far[low, middle] == pytest.approx(0.5, abs=0.1)
    assert far[low + 10, middle] == pytest.approx(10.5, abs=0.1)
    assert within[middle, middle] == 1
    assert within[low - 3, middle] == within[0, 0] == 0
    assert not (data.distances(OPEN) >> 7).any(), "nothing is enclosed by an open line"


def test_a_seed_fixes_pictures_whatever_came_before(painter: Painter) -> None:
    first = painter.batch((7, 3), 6, 32)
    painter.batch((7, 4), 2, 32)
    assert torch.equal(painter.batch((7, 3), 6, 32), first)
    assert not torch.equal(painter.batch((7, 5), 6, 32), first)
    assert first.shape == (6, 3, 32, 32)
    assert first.min() >= 0
    assert first.max() <= 1


def test_a_scene_is_the_same_in_two_sizes(painter: Painter) -> None:
    large, small = (painter.batch((7, 1), 8, side) for side in (128, 64))
    assert (torch.nn.functional.avg_pool2d(large, 2) - small).abs().mean() < 0.02


def test_the_mix_decides_what_is_shown(painter: Painter) -> None:
    faces = Painter(painter.sources, CPU, Mix(emoji=1.0, window=0.0, lone=1.0, white=1.0)).batch((1,), 30, 32)
    yellow = torch.tensor([1.0, 200 / 255, 0.0]).view(3, 1, 1)
    assert ((faces - yellow).abs().amax(1) < 0.02).flatten(1).any(1).float().mean() > 0.9


def test_codes_begin_where_latents_lie_and_unused_ones_move_there() -> None:
    rng = torch.Generator().manual_seed(1)
    homes = torch.randn(6, 3, generator=rng) * 5
    latents = homes.repeat(20, 1) + 0.01 * torch.randn(120, 3, generator=rng)
    book = torch.zeros(6, 3)
    codes = Codes(book)
    codes.begin(latents, rng)
    assert torch.cdist(homes, book).amin(1).max() < 0.05
    book[2] = 100.0
    codes.counts[2] = 0.0
    assert codes.revive(latents, torch.cdist(latents, book).argmin(1), rng) == 1
    assert torch.cdist(homes, book).amin(1).max() < 0.05
    moved = latents + 1
    for _ in range(400):
        codes.follow(moved, torch.cdist(moved, book).argmin(1))
    assert torch.cdist(homes + 1, book).amin(1).max() < 0.1
    assert perplexity(codes.counts) == pytest.approx(6, abs=0.1)


def test_a_blurred_line_costs_more_than_a_tint_of_the_paper() -> None:
    paper = torch.ones(1, 3, 16, 16)
    lined = paper.clone()
    lined[..., 8] = 0
    blurred = torch.nn.functional.avg_pool2d(lined, (1, 3), 1, (0, 1), count_include_pad=False)
    tint = lined - (blurred - lined).abs().mean()
    assert likeness(lined, lined, 1.0) == 0
    assert likeness(blurred, lined, 1.0) > 2 * likeness(tint, lined, 1.0)


def test_the_right_brightness_in_the_wrong_hue_costs_more_than_a_line_that_blurs() -> None:
    red = torch.tensor([0.8, 0.2, 0.2])[:, None, None].expand(1, 3, 16, 16)
    brown = torch.tensor([0.5, 0.4, 0.3])[:, None, None].expand(1, 3, 16, 16)
    lined = red.clone()
    lined[..., 6] = 0
    blurred = torch.nn.functional.avg_pool2d(lined, (1, 3), 1, (0, 1), count_include_pad=False)
    assert discolour(red, red) == 0
    assert discolour(brown, red) > 4 * discolour(blurred, lined)


def test_the_critics_say_is_measured_on_the_last_layer() -> None:
    last = torch.nn.Parameter(torch.tensor([3.0]))
    plain, doubt = (last * 2).sum(), (last * 500).sum()
    loss = persuasion(plain, doubt, last, 0.25)
    (gradient,) = torch.autograd.grad(loss, last)
    assert gradient.item() == pytest.approx(0.5, rel=1e-3)


def test_the_loss_falls(tiny: Recipe, painter: Painter) -> None:
    far = dataclasses.replace(tiny, steps=100, quantise_from=100, critic_from=100, rate=3e-3)
    training = Training(far, painter)
    pictures = training.painter.batch((1,), 4, 16)
    training.painter = type("Same", (), {"batch": lambda self, *_: pictures})()  # type: ignore[assignment]
    figures = [training.advance()["likeness"] for _ in range(12)]
    assert figures[-1] < 0.8 * figures[0]


def test_a_training_that_was_broken_off_goes_on_the_same(tiny: Recipe, painter: Painter) -> None:
    whole, broken, resumed = (Training(tiny, painter) for _ in range(3))
    for _ in range(5):
        figures = whole.advance()
    assert {"critic", "perplexity"} <= figures.keys()
    for _ in range(2):
        broken.advance()
    file = io.BytesIO()
    torch.save(broken.state(), file)
    resumed.resume(torch.load(io.BytesIO(file.getvalue()), weights_only=True))
    for _ in range(3):
        resumed.advance()
    with pytest.raises(ValueError, match="another recipe"):
        Training(dataclasses.replace(tiny, steps=6), painter).resume(broken.state())
    assert flat(resumed.state()).keys() == flat(whole.state()).keys()
    assert all(torch.equal(value, flat(resumed.state())[name]) for name, value in flat(whole.state()).items())


def flat(state: Any, name: str = "") -> dict[str, Tensor]:
    """The tensors of nested dicts and lists, by their path."""
    if isinstance(state, Tensor):
        return {name: state}
    items = state.items() if isinstance(state, dict) else enumerate(state) if isinstance(state, list) else ()
    return {key: tensor for part, value in items for key, tensor in flat(value, f"{name}/{part}").items()}


def test_halves_paint_the_same_pictures(tiny: Recipe, painter: Painter) -> None:
    training = Training(tiny, painter)
    training.advance()
    training.advance()
    written = Network({name: tensor.float() for name, tensor in export.halves(training.network).items()})
    assert written.codebook.std() == pytest.approx(1, abs=0.01)
    pictures = painter.batch((3,), 2, 32)
    with torch.no_grad():
        networks = (training.network, written)
        index, again = (network.nearest(network.encode(pictures)) for network in networks)
        made = [network.paint(network.codebook[index].permute(0, 3, 1, 2)) for network in networks]
    assert (index == again).float().mean() > 0.9
    assert torch.allclose(*made, atol=0.02)


def test_the_command_trains_and_writes_what_the_prior_reads(
    folder: Path, tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Recipe, "read", lambda path: tiny)
    monkeypatch.setattr(export, "COUNT", 2)
    monkeypatch.setattr(evaluate, "SIDES", (16, 32))
    out = tmp_path / "vqgan"
    monkeypatch.setattr(vqgan, "EMBEDDED", out / export.FILE)
    with pytest.raises(SettingsError, match=r"not there yet: make it with python -m generator\.training"):
        Vqgan(VqganSettings(), 32)
    threads = torch.get_num_threads()
    command.main(["--data", str(folder), "--work", str(tmp_path), "--out", str(out), "--device", "cpu"])
    torch.set_num_threads(threads)
    prior = Vqgan(VqganSettings(), 32)
    latent = prior.start(2, torch.Generator().manual_seed(1))
    assert prior.render(latent, 32, 0.0).shape == (2, 3, 32, 32)
    card = (out / "README.md").read_text()
    assert "made available by Google, Inc. under CC BY 4.0" in card
    assert "Apache License 2.0" in card
    assert "drawings at 16 px" in card
    assert json.loads((out / "figures.json").read_text())["codes_used"] > 0
    assert Image.open(out / "reconstructions.webp").size[0] > 0


def test_the_recipe_is_whole_and_its_network_small() -> None:
    recipe = Recipe.read(RECIPE)
    assert recipe.share(0) < recipe.share(recipe.warm_up) == 1
    assert recipe.share(recipe.steps) == pytest.approx(0.02)
    assert recipe.quantise_from < recipe.critic_from < recipe.steps
    with torch.device("meta"):
        state = vqgan.untrained(recipe.network, recipe.codebook.codes, recipe.codebook.dim, recipe.groups)
    assert 2 * sum(tensor.numel() for tensor in state.values()) < 15_000_000
    assert vqgan.layout(state)["ch_mult"] == tuple(recipe.network["ch_mult"])
