"""Cutouts: what a view shows, where its random numbers come from, and that gradients pass."""

import pytest
import torch

from generator.cutouts import (
    CORNERS,
    Views,
    corners,
    homographies,
    jittered,
    outside,
    plan,
    recolouring,
    rectangles,
    views,
)
from generator.looking import Looking

ALL = Looking(turn=20, jitter=0.2, erase=0.3, noise=0.1)
SQUARE = torch.cat([CORNERS, torch.ones(4, 1)], 1)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def looks_at(*centres: float, side: float) -> Views:
    """Views of squares along the picture's diagonal, each with this share of its side."""
    maps = torch.eye(3).repeat(len(centres), 1, 1)
    maps[:, :2, :2] *= side
    maps[:, :2, 2] = torch.tensor(centres)[:, None]
    return Views(maps)


@pytest.mark.parametrize("looking", [Looking(), ALL])
def test_the_first_view_shows_the_whole_picture_as_it_is(looking: Looking) -> None:
    picture = torch.rand(1, 3, 24, 24, generator=rng())
    seen = views(picture, 3, 24, rng(), looking)
    assert torch.allclose(seen[0], picture, atol=1e-5)
    assert not torch.allclose(seen[1], picture, atol=0.05)


def test_outside_the_picture_is_white_paper() -> None:
    seen = views(torch.zeros(1, 3, 32, 32), 16, 32, rng())
    assert seen.max() == 1.0
    assert seen.min() == 0.0


def test_every_candidate_is_seen_in_the_same_views() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=rng())
    both = views(torch.cat([picture, 1 - picture]), 4, 16, rng(5), ALL)
    assert torch.allclose(both[:, 0], views(picture, 4, 16, rng(5), ALL)[:, 0], atol=1e-6)
    assert torch.allclose(both[:, 1], views(1 - picture, 4, 16, rng(5), ALL)[:, 0], atol=1e-6)


def test_another_picture_is_seen_in_the_same_regions_at_any_size() -> None:
    drawn = plan(6, rng(2), ALL)
    picture = torch.rand(1, 3, 8, 8, generator=rng())
    larger = picture.repeat_interleave(8, 2).repeat_interleave(8, 3)
    assert torch.equal(drawn.of(picture, 32), drawn.of(picture, 32))
    assert (drawn.of(larger, 32) - drawn.of(picture, 32)).abs().mean() < 0.12
    assert (drawn.of(larger, 32) - plan(6, rng(3), ALL).of(picture, 32)).abs().mean() > 0.2


def test_a_homography_takes_the_square_to_the_drawn_corners() -> None:
    drawn = corners(8, rng(), Looking(turn=90))
    seen = SQUARE @ homographies(drawn).transpose(1, 2)
    assert torch.allclose(seen[..., :2] / seen[..., 2:], drawn, atol=1e-4)


def test_the_farthest_that_corners_wander_never_folds_a_view() -> None:
    drawn = corners(4000, rng(), Looking(nearest=0.1, farthest=0.1, perspective=0.045))
    edge = drawn.roll(-1, 1) - drawn
    following = edge.roll(-1, 1)
    assert (edge[..., 0] * following[..., 1] - edge[..., 1] * following[..., 0]).min() > 0


def test_turned_views_keep_the_picture_square() -> None:
    drawn = corners(50, rng(), Looking(nearest=1, farthest=1, perspective=0, turn=30))
    assert torch.allclose(drawn.norm(dim=-1), torch.full((50, 4), 2**0.5))
    lean = (drawn[:, 1, 1] - drawn[:, 0, 1]).div(2).asin().rad2deg().abs()
    assert 25 < lean.max() <= 30.001


def test_seeds_decide_the_views_and_global_random_numbers_do_not() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=rng())
    torch.manual_seed(1)
    first = views(picture, 4, 16, rng(3), ALL)
    torch.manual_seed(2)
    assert torch.equal(first, views(picture, 4, 16, rng(3), ALL))
    assert not torch.equal(first, views(picture, 4, 16, rng(4), ALL))


def test_what_a_view_shrinks_is_averaged_and_what_it_does_not_is_not() -> None:
    board = ((torch.arange(128)[:, None] + torch.arange(128)) % 2).float().expand(1, 3, 128, 128)
    seen = looks_at(0.0, -0.5, side=1.0).of(board, 16)
    assert torch.allclose(seen[0], torch.full_like(seen[0], 0.5), atol=1e-5)
    near = looks_at(-0.75, 0.0, 0.75, side=0.125).of(board, 16)
    assert torch.allclose(near[1, 0], board[0, :, 56:72, 56:72], atol=1e-4)
    both = Views(torch.cat([looks_at(0.0, side=0.125).maps, looks_at(0.0, side=1.0).maps])).of(board, 16)
    assert torch.equal(both[0], looks_at(0.0, side=0.125).of(board, 16)[0])  # each view where it was asked for
    assert torch.equal(both[1], looks_at(0.0, side=1.0).of(board, 16)[0])


def test_a_side_that_cannot_be_halved_evenly_is_not_shifted() -> None:
    slope = torch.linspace(0, 1, 67).expand(1, 3, 67, 67)
    seen = looks_at(0.0, side=1.0).of(slope, 16)
    assert torch.allclose(seen + seen.flip(-1), torch.ones_like(seen), atol=1e-3)


def test_colours_change_by_one_matrix_that_leaves_greys_grey() -> None:
    drawn = jittered(40, rng(), 0.3)
    grey = drawn @ torch.tensor([0.6, 0.6, 0.6, 1.0])
    assert torch.allclose(grey, grey[:, :1].expand(-1, 3), atol=1e-5)
    assert grey.std() > 0.05
    assert torch.allclose(drawn[0], torch.eye(3, 4), atol=1e-6)
    colourful = (drawn @ torch.tensor([1.0, 0.0, 0.0, 1.0])).std(1)
    assert colourful[1:].std() > 0.01


def test_hue_alone_turns_red_to_green_by_a_third() -> None:
    matrix = recolouring(*torch.tensor([[0.0], [0.0], [0.0], [1 / 3]]))[0]
    assert torch.allclose(matrix @ torch.tensor([1.0, 0.0, 0.0, 1.0]), torch.tensor([0.0, 1.0, 0.0]), atol=1e-5)


def test_a_rectangle_hides_what_it_covers_with_paper() -> None:
    mask = outside(torch.tensor([[0.0, 0.0, 0.0, 0.0], [-1.0, 0.0, 0.0, 1.0]]), 8)
    assert mask[0].min() == 1
    assert mask[1].sum() == 48
    assert mask[1, 4:, :4].max() == 0
    holes = rectangles(2000, rng(), 0.4)
    area = (holes[:, 2:] - holes[:, :2]).prod(1) / 4
    assert area[0] == 0
    assert 0.38 < area.max() <= 0.4001
    seen = Views(torch.eye(3)[None], holes=torch.tensor([[-1.0, 0.0, 0.0, 1.0]])).of(torch.zeros(1, 3, 8, 8), 8)
    assert seen[0, 0, :, 4:, :4].min() == 1
    assert seen.sum() == 3 * 16


def test_noise_differs_from_view_to_view_and_is_the_same_for_every_candidate() -> None:
    drawn = plan(8, rng(), Looking(nearest=1, farthest=1, perspective=0, noise=0.2))
    added = drawn.of(torch.full((2, 3, 16, 16), 0.5), 16) - 0.5
    assert torch.allclose(added[:, 0], added[:, 1])
    assert drawn.grain is not None
    assert torch.allclose(added.std((1, 2, 3, 4)), drawn.grain, rtol=0.2)
    assert drawn.grain.max() <= 0.2


@pytest.mark.parametrize("looking", [Looking(), ALL])
def test_gradients_pass_through_the_views(looking: Looking) -> None:
    pictures = torch.rand(1, 3, 12, 12, generator=rng(), dtype=torch.float64, requires_grad=True)
    torch.autograd.gradcheck(lambda given: views(given, 2, 6, rng(), looking), pictures)
