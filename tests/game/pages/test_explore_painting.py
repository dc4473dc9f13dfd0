"""The lessons on machines: the walk and the climb, as pages."""

import io
import re
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from game import climbing
from game.rules import ascents
from game.rules.ascents import Ascent, Step, Wish
from game.rules.refusals import Spent
from generator.priors import vqgan
from tests.game.pages.conftest import Visitor
from tests.generator.test_vqgan import SMALL


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A small VQGAN lies where the embedded one will."""
    torch.manual_seed(3)
    save_file(vqgan.untrained(SMALL, 40, 16), tmp_path / "vqgan.safetensors")
    monkeypatch.setattr(vqgan, "EMBEDDED", tmp_path / "vqgan.safetensors")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No VQGAN at all."""
    monkeypatch.setattr(vqgan, "EMBEDDED", tmp_path / "none.safetensors")


@pytest.mark.usefixtures("bare")
def test_without_a_vqgan_the_walk_says_so_and_the_climb_does_not_offer_it(visitor: Visitor) -> None:
    page = visitor.sees("/explore/latent")
    assert "There is no VQGAN here yet" in page
    assert "<img" not in page.split("<main")[1]
    visitor.sees("/explore/latent/1-2.webp", 404)
    offered = re.findall(r'name="prior" value="(\w+)"', visitor.sees("/explore/climb"))
    assert offered == ["strokes", "pixels", "fft", "siren"]


@pytest.mark.usefixtures("weights")
def test_a_walk_is_a_picture_that_may_be_kept(visitor: Visitor) -> None:
    page = visitor.sees("/explore/latent?from=12&to=77")
    address = re.search(r'src="(/explore/latent/12-77\.webp\?v=[^"]+)"', page)[1]
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.data)).size == (288, 288)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in visitor.client.get("/explore/latent/12-77.webp?v=old").headers["Cache-Control"]
    assert 'value="vqgan"' in visitor.sees("/explore/climb")


@pytest.fixture
def done(app, visitor: Visitor) -> Ascent:
    """A climb of three steps."""
    steps = [Step(step, 1 / step, step / 10) for step in (1, 2, 3)]
    with app.app_context():
        ascent = Ascent("a" * 24, Wish("a <b> fish", "siren", 7, 20), "embedded:main", "done", steps, 0.0)
        ascents.keep(ascent)
        for step in (1, 2, 3):
            for kind in ("picture", "seen"):
                ascents._save(ascents._folder(ascent.id) / f"{step}-{kind}.webp", Image.new("RGB", (8, 8)))
    return ascent


def test_a_finished_climb_shows_every_step_without_javascript(visitor: Visitor, done: Ascent) -> None:
    page = visitor.sees(f"/explore/climb/{done.id}")
    assert "“a &lt;b&gt; fish”" in page
    assert page.count("<tr data-loss") == 3
    assert len(set(re.findall(r"\d-picture\.webp", page))) == 3
    for address in set(re.findall(r'src="(/explore/climb/[^"]+)"', page)):
        assert visitor.client.get(address).status_code == 200, address
    assert 'data-every="1000"' not in page


def test_a_climb_under_way_is_followed_until_it_ends(app, visitor: Visitor, done: Ascent) -> None:
    with app.app_context():
        ascents.keep(Ascent(done.id, done.wish, done.guide, "painting", done.steps[:2], 0.0))
    page = visitor.sees(f"/explore/climb/{done.id}")
    assert 'data-every="1000"' in page
    assert "Step 2 of 20" in page
    address = f"/explore/climb/{done.id}"
    assert visitor.client.get(address, headers={"X-Fragment": "1"}).headers["X-Fragment"] == "more"
    with app.app_context():
        ascents.keep(done)
    assert visitor.client.get(address, headers={"X-Fragment": "1"}).headers["X-Fragment"] == "last"


def test_a_wish_leads_to_its_climb(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, done: Ascent) -> None:
    wishes: list[Wish] = []
    monkeypatch.setattr(climbing, "begin", lambda wish: wishes.append(wish) or done.id)
    answer = visitor.sends("/explore/climb", "/explore/climb", text="a fish", prior="fft", seed="9", steps="60")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/explore/climb/{done.id}")
    assert wishes == [Wish("a fish", "fft", 9, 60)]


def test_a_wish_that_is_refused_is_kept_in_the_form(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = visitor.sends("/explore/climb", "/explore/climb", text="a fish", prior="oil", seed="x", steps="7")
    assert answer.status_code == 422
    assert 'value="a fish"' in answer.text

    def busy(wish: Wish) -> str:
        raise Spent("The machine is busy.")

    monkeypatch.setattr(climbing, "begin", busy)
    answer = visitor.sends("/explore/climb", "/explore/climb", text="a fish", prior="fft", seed="1", steps="20")
    assert answer.status_code == 429
    assert "The machine is busy." in answer.text
    assert 'value="a fish"' in answer.text


def test_a_climb_that_was_wiped_off_is_missing(visitor: Visitor) -> None:
    assert "wiped off" in visitor.sees("/explore/climb/" + "b" * 24, 404)
