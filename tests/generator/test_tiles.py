"""The rasteriser: the same picture and gradients as the dense one, and as finite differences."""

import pytest
import torch
from torch import Tensor

from bench.generator import dense, scene
from generator.priors.tiles import plan, render


def gradients(picture: Tensor, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    weights = torch.rand(picture.shape, generator=torch.Generator().manual_seed(1), dtype=picture.dtype)
    return torch.autograd.grad((picture * weights).sum(), given)


def batch(count: int, strokes: int, size: int, widest: float) -> tuple[Tensor, ...]:
    rng = torch.Generator().manual_seed(count * strokes)
    options = {"generator": rng, "dtype": torch.float64}
    first = torch.rand(count, strokes, 1, 2, **options)
    points = (first + torch.randn(count, strokes, 6, 2, **options).cumsum(2) * 0.05) * size
    radii = 0.1 + widest * torch.rand(count, strokes, **options)
    given = points, radii, torch.rand(count, strokes, 3, **options), torch.rand(count, 3, **options)
    return tuple(tensor.requires_grad_() for tensor in given)


@pytest.mark.parametrize(("count", "strokes", "size", "widest"), [(1, 1, 16, 2), (2, 12, 40, 3), (1, 30, 50, 25)])
def test_tiled_equals_dense(count: int, strokes: int, size: int, widest: float) -> None:
    given = batch(count, strokes, size, widest)
    tiled, reference = render(*given, size), dense(*given, size)
    assert torch.allclose(tiled, reference, atol=1e-9)
    for ours, theirs in zip(gradients(tiled, given), gradients(reference, given), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-8 * theirs.abs().max().item())


def test_gradients_agree_with_finite_differences() -> None:
    given = batch(1, 4, 20, 4)
    torch.autograd.gradcheck(lambda *tensors: render(*tensors, 20), given, eps=1e-7, atol=1e-4)


def test_a_tile_looks_only_at_strokes_that_reach_it_and_lie_above_the_last_that_covers_it() -> None:
    points = torch.tensor([[[8.0, 8.0], [9.0, 8.0]], [[8.0, 8.0], [20.0, 8.0]], [[40.0, 40.0], [41.0, 40.0]]])[None]
    pairs = plan(points, torch.tensor([[2.0, 30.0, 2.0]]), 48, 1.0)
    seen = {(*corner, stroke) for corner, stroke in zip(pairs.corner.tolist(), pairs.stroke.tolist(), strict=True)}
    assert (0.0, 0.0, 0) not in seen
    assert (0.0, 0.0, 1) in seen
    assert [corner for *corner, stroke in seen if stroke == 2] == [[32.0, 32.0]]


def test_nothing_but_paper_is_paper() -> None:
    away = torch.full((1, 2, 3, 2), -500.0)
    picture = render(away, torch.ones(1, 2), torch.zeros(1, 2, 3), torch.tensor([[0.2, 0.4, 0.6]]), 24)
    assert torch.equal(picture, torch.tensor([0.2, 0.4, 0.6])[None, :, None, None].expand(1, 3, 24, 24))


def test_the_last_stroke_lies_on_top() -> None:
    across = torch.tensor([[0.0, 10.0], [20.0, 10.0]]).expand(1, 2, 2, 2)
    colours = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]])
    picture = render(across, torch.full((1, 2), 3.0), colours, torch.ones(1, 3), 20)
    assert picture[0, :, 10, 10].tolist() == [0.0, 0.0, 1.0]


def test_a_line_thinner_than_a_pixel_covers_its_own_width_of_it() -> None:
    line = torch.tensor([[[[-5.0, 10.5], [30.0, 10.5]]]])
    picture = render(line, torch.tensor([[0.1]]), torch.zeros(1, 1, 3), torch.ones(1, 3), 20)
    assert picture[0, 0, 10, 5].item() == pytest.approx(0.8, abs=1e-5)


def test_a_stroke_of_one_place_is_a_dot_with_finite_gradients() -> None:
    given = torch.full((1, 1, 4, 2), 8.0), torch.tensor([[3.0]]), torch.zeros(1, 1, 3), torch.ones(1, 3)
    for tensor in given:
        tensor.requires_grad_()
    picture = render(*given, 16)
    assert picture[0, 0, 8, 8].item() == 0.0
    assert all(gradient.isfinite().all() for gradient in gradients(picture, given))


def test_the_benchmark_scene_is_painted_alike() -> None:
    given = scene(16, 64, dtype=torch.float64)
    assert torch.allclose(render(*given, 64), dense(*given, 64), atol=1e-9)
