"""The strokes prior: curves, colours, limits, and that the soft picture is the drawing that players' tools make."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from game.rules import drawing, raster
from generator import Settings
from generator.own import StrokeSettings
from generator.priors.strokes import Strokes, basis
from generator.svg import svg
from tests.generator.test_settings import settings_json


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("knots", [4, 5, 9])
def test_a_curve_starts_and_ends_on_its_knots_and_stays_between_them(knots: int) -> None:
    weights = basis(knots, 8)
    assert weights.shape == ((knots - 3) * 8 + 1, knots)
    assert torch.allclose(weights.sum(1), torch.ones(len(weights)).double())
    assert weights.min() >= 0
    assert weights[0, 0] == 1
    assert weights[-1, -1] == 1


def test_four_knots_make_the_cubic_bezier() -> None:
    t = torch.linspace(0, 1, 9).double()
    bernstein = torch.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], 1)
    assert torch.allclose(basis(4, 8), bernstein)


@given(settings_json(), st.integers(0, 1000))
@effort(max_examples=25, deadline=None)
def test_every_drawing_is_one_that_a_player_could_hand_in(given_settings: dict[str, Any], seed: int) -> None:
    own = Settings.from_dict(given_settings).own
    prior = Strokes(own)
    latent = prior.start(1, rng(seed))
    for name in prior.rates():  # wherever an optimiser may have thrown it
        latent[name].add_(torch.randn(latent[name].shape, generator=rng(seed)), alpha=3)
    prior.keep(latent)
    made = prior.drawing(latent, 0)
    assert drawing.parse(made).to_dict() == made
    assert len(made["ops"]) == own.strokes
    radii = [point[2] / 16 for op in made["ops"] for point in op["pts"]]
    assert own.thinnest - 1 / 16 <= min(radii)
    assert max(radii) <= own.widest + 1 / 16
    times = [point[3] for op in made["ops"] for point in op["pts"]]
    assert times == sorted(times)


def test_the_costliest_strokes_that_settings_allow_are_still_a_drawing() -> None:
    own = StrokeSettings(strokes=380, widest=64.0)
    prior = Strokes(own)
    latent = prior.start(1, rng())
    latent["knots"][..., 0::2, :] = -1
    latent["knots"][..., 1::2, :] = 2
    latent["pen"][:] = 0
    prior.keep(latent)
    assert drawing.parse(prior.drawing(latent, 0))


@pytest.mark.parametrize("knots", [4, 7])
def test_the_soft_picture_agrees_with_the_servers(knots: int) -> None:
    prior = Strokes(StrokeSettings(strokes=64, knots=knots))
    latent = prior.start(1, rng(3))
    hard = np.asarray(raster.picture(drawing.parse(prior.drawing(latent, 0)), 512)) / 255
    assert hard.std() > 0.2
    for size, bound in ((512, 0.004), (128, 0.006)):
        soft = prior.render(latent, size, 1.0)[0].permute(1, 2, 0).numpy()
        shrunk = hard.reshape(size, 512 // size, size, 512 // size, 3).mean((1, 3))
        assert np.abs(soft - shrunk).mean() < bound


def test_colours_mix_at_first_and_are_the_palettes_own_at_the_end() -> None:
    prior = Strokes(StrokeSettings(strokes=1, thinnest=60, widest=60))
    latent = prior.start(1, rng())
    latent["knots"][:] = 0.5
    allowed = {tuple(colour) for colour in prior.palette.tolist()}
    early, late = (tuple(prior.render(latent, 64, progress)[0, :, 32, 32].tolist()) for progress in (0.0, 1.0))
    assert early not in allowed
    assert min(np.abs(np.subtract(late, colour)).max() for colour in allowed) < 1e-6


def test_hard_colours_still_have_a_gradient() -> None:
    prior = Strokes(StrokeSettings())
    latent = prior.start(1, rng())
    latent["ink"].requires_grad_()
    prior.render(latent, 64, 1.0).sum().backward()
    assert latent["ink"].grad is not None
    assert latent["ink"].grad.abs().sum() > 0


def test_paper_is_kept_or_free() -> None:
    assert "sheet" not in Strokes(StrokeSettings()).rates()
    free = Strokes(StrokeSettings(paper=None))
    assert "sheet" in free.rates()
    blue = Strokes(StrokeSettings(colours=("#ffffff", "#0000ff"), paper="#0000ff"))
    assert blue.drawing(blue.start(1, rng()), 0)["bg"] == 1


def test_candidates_start_apart_and_are_drawn_apart() -> None:
    prior = Strokes(StrokeSettings(strokes=5))
    latent = prior.start(3, rng())
    pictures = prior.render(latent, 32, 1.0)
    assert pictures.shape == (3, 3, 32, 32)
    second = {name: tensor[1:2] for name, tensor in latent.items()}
    assert torch.allclose(prior.render(second, 32, 1.0)[0], pictures[1], atol=1e-6)
    assert prior.drawing(second, 0) == prior.drawing(latent, 1) != prior.drawing(latent, 0)


def test_tidying_up_takes_away_what_does_nothing_and_what_does_harm() -> None:
    prior = Strokes(
        StrokeSettings(strokes=6, tidiness=0, births=0, colours=("#ffffff", "#000000"), thinnest=20, widest=20)
    )
    latent = prior.start(2, rng())
    latent["ink"][:] = torch.tensor([0.0, 1.0])
    latent["knots"][:] = torch.tensor([0.2, 0.2, 0.2, 0.2, 0.8, 0.8])[:, None, None]
    latent["ink"][1, 3] = torch.tensor([1.0, 0.0])  # paper over the upper dot

    def wanted(pictures: torch.Tensor) -> torch.Tensor:  # black in the upper left, white in the lower right
        near, far = (pictures[:, 0, place, place] for place in (19, 77))
        return near + (1 - far)

    assert wanted(prior.render(latent, 96, 1.0)).tolist() == [1.0, 2.0]
    prior.tend(latent, wanted)
    prior.tend(latent, wanted)  # of two dots that hide each other only one goes at a time
    assert wanted(prior.render(latent, 96, 1.0)).tolist() == [0.0, 0.0]
    assert latent["alive"].sum(1).tolist() == [1, 1]
    assert [len(prior.drawing(latent, row)["ops"]) for row in (0, 1)] == [1, 1]
    prior.tend(latent, wanted)
    assert latent["alive"].sum(1).tolist() == [1, 1]


def painted_svg(document: str, size: int) -> np.ndarray:
    """The SVG's rectangle and polylines as another painter makes them: Pillow, four times as fine."""
    namespace, scale = "{http://www.w3.org/2000/svg}", 4 * size / 512
    root = ElementTree.fromstring(document)
    sheet = Image.new("RGB", (4 * size, 4 * size), root.find(namespace + "rect").get("fill"))  # type: ignore[union-attr]
    pen = ImageDraw.Draw(sheet)
    for line in root.iter(namespace + "polyline"):
        joints = [tuple(scale * float(at) for at in joint.split(",")) for joint in line.get("points", "").split()]
        wide, colour = scale * float(line.get("stroke-width", "0")), line.get("stroke")
        pen.line(joints, colour, round(wide))
        for x, y in joints:
            pen.ellipse([x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2], colour)
    return np.asarray(sheet.reduce(4)) / 255


def test_the_svg_shows_the_soft_picture() -> None:
    prior = Strokes(StrokeSettings(strokes=40, lines=0.2))
    latent = prior.start(1, rng(3))
    latent["order"] = latent["order"].flip(1)
    latent["alive"][0, ::5] = False
    soft = prior.render(latent, 256, 1.0)[0].permute(1, 2, 0).numpy()
    painted = painted_svg(svg(prior.drawing(latent, 0)), 256)
    assert np.abs(soft - painted).mean() < 0.005  # of white: edges, which Pillow puts on its own grid
    blind = dict(latent, order=latent["order"].flip(1))
    assert np.abs(prior.render(blind, 256, 1.0)[0].permute(1, 2, 0).numpy() - painted).mean() > 0.03


def test_gradients_of_the_latent_agree_with_finite_differences() -> None:
    prior = Strokes(StrokeSettings(strokes=3, thinnest=20, paper=None))
    latent = {
        name: value.double() if value.is_floating_point() else value for name, value in prior.start(1, rng(1)).items()
    }
    names = ("knots", "pen", "ink", "sheet")

    def picture(*values: torch.Tensor) -> torch.Tensor:
        return prior.render({**latent, **dict(zip(names, values, strict=True))}, 20, 0.0)

    torch.autograd.gradcheck(picture, [latent[name].requires_grad_() for name in names], eps=1e-8, atol=1e-4)


def test_the_order_decides_what_lies_on_top_in_the_picture_and_in_the_drawing() -> None:
    prior = Strokes(StrokeSettings(strokes=2, colours=("#ffffff", "#ff0000", "#0000ff"), thinnest=60, widest=60))
    latent = prior.start(1, rng())
    latent["knots"][:] = 0.5
    latent["ink"][0] = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert [op["color"] for op in prior.drawing(latent, 0)["ops"]] == [1, 2]
    assert prior.render(latent, 32, 1.0)[0, :, 16, 16].tolist() == pytest.approx([0, 0, 1], abs=1e-6)
    latent["order"] = torch.tensor([[1, 0]])
    assert [op["color"] for op in prior.drawing(latent, 0)["ops"]] == [2, 1]
    assert prior.render(latent, 32, 1.0)[0, :, 16, 16].tolist() == pytest.approx([1, 0, 0], abs=1e-6)


def test_strokes_are_born_where_the_gradient_asks_and_only_those_that_help() -> None:
    prior = Strokes(
        StrokeSettings(strokes=4, births=3, tidiness=0, thinnest=4, colours=("#ffffff", "#0000ff", "#ff0000"))
    )
    latent = prior.start(2, rng())
    latent["knots"][:, 0] = torch.tensor([0.1, 0.9])  # the one that is there is where it shall be
    latent["ink"][:, 0] = torch.tensor([0.0, 1.0, 0.0])
    latent["alive"][:, 1:] = False
    wanted = prior.render(latent, 96, 1.0)[0]
    wanted[:, 20:23, 30:60] = prior.palette[2][:, None, None]  # and a red line is missing

    def loss(pictures: torch.Tensor) -> torch.Tensor:
        return (pictures - wanted).square().mean((1, 2, 3))

    before = loss(prior.render(latent, 96, 1.0))
    with torch.no_grad():
        prior.tend(latent, loss)
    after = loss(prior.render(latent, 96, 1.0))
    assert (after < 0.7 * before).all()
    made = prior.drawing(latent, 0)
    assert {op["color"] for op in made["ops"][1:]} == {2}
    heights = [point[1] / 16 / 512 * 96 for op in made["ops"][1:] for point in op["pts"]]
    assert min(heights) > 17
    assert max(heights) < 26
    assert prior.limits[0] < latent["pen"][0, 1] < prior.limits[0] + 1


def test_nothing_is_born_that_does_harm_or_that_the_budget_has_no_stroke_for() -> None:
    prior = Strokes(StrokeSettings(strokes=5, births=8, tidiness=0))
    latent = prior.start(1, rng())
    latent["alive"][:] = torch.tensor([True, True, False, False, False])
    asks = torch.randn(3, 96, 96, generator=rng(1)).cumsum(1).cumsum(2)

    def promises(pictures: torch.Tensor) -> torch.Tensor:  # its gradient says paint, and every stroke makes it worse
        promised = (pictures * asks).sum((1, 2, 3))
        return (promised - promised.detach()) + (1 - pictures.detach()).mean((1, 2, 3))

    with torch.no_grad():
        prior.tend(latent, promises)
        assert latent["alive"].sum() <= 2
        prior.tend(latent, lambda pictures: (pictures - 0.5).square().mean((1, 2, 3)))
    assert 2 <= latent["alive"].sum() <= 5
    assert latent["order"].sort().values.tolist() == [[0, 1, 2, 3, 4]]
    assert len(prior.drawing(latent, 0)["ops"]) == latent["alive"].sum()


def test_the_svg_holds_the_drawing() -> None:
    prior = Strokes(StrokeSettings(strokes=4))
    latent = prior.start(1, rng())
    latent["knots"][0, 0] = 0.5  # a dot
    made = prior.drawing(latent, 0)
    root = ElementTree.fromstring(svg(made))
    lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert [line.get("stroke") for line in lines] == [made["palette"][op["color"]] for op in made["ops"]]
    assert [float(line.get("stroke-width") or 0) for line in lines] == [op["pts"][0][2] / 8 for op in made["ops"]]
    assert lines[0].get("points") == "256,256 256,256"
    x, y = (lines[1].get("points") or "").split()[-1].split(",")
    assert [float(x) * 16, float(y) * 16] == made["ops"][1]["pts"][-1][:2]
