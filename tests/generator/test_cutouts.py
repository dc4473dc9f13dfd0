"""Cutouts: what a view shows, where its random numbers come from, and that gradients pass."""

import torch

from generator.cutouts import CORNERS, corners, homographies, views


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_first_view_shows_the_whole_picture() -> None:
    picture = torch.rand(1, 3, 24, 24, generator=rng())
    seen = views(picture, 3, 24, rng())
    assert torch.allclose(seen[0], picture, atol=1e-5)
    assert not torch.allclose(seen[1], picture, atol=0.05)


def test_outside_the_picture_is_white_paper() -> None:
    seen = views(torch.zeros(1, 3, 32, 32), 16, 32, rng())
    assert seen.max() == 1.0
    assert seen.min() == 0.0


def test_every_candidate_is_seen_in_the_same_views() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=rng())
    both = views(torch.cat([picture, 1 - picture]), 4, 16, rng(5))
    assert torch.allclose(both[:, 0], views(picture, 4, 16, rng(5))[:, 0], atol=1e-6)
    assert torch.allclose(both[:, 1], views(1 - picture, 4, 16, rng(5))[:, 0], atol=1e-6)


def test_a_homography_takes_the_square_to_the_drawn_corners() -> None:
    drawn = corners(8, rng())
    square = torch.cat([CORNERS, torch.ones(4, 1)], 1)
    seen = square @ homographies(drawn).transpose(1, 2)
    assert torch.allclose(seen[..., :2] / seen[..., 2:], drawn, atol=1e-4)


def test_seeds_decide_the_views_and_global_random_numbers_do_not() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=rng())
    torch.manual_seed(1)
    first = views(picture, 4, 16, rng(3))
    torch.manual_seed(2)
    assert torch.equal(first, views(picture, 4, 16, rng(3)))
    assert not torch.equal(first, views(picture, 4, 16, rng(4)))


def test_a_picture_much_larger_than_the_view_is_averaged() -> None:
    board = (torch.arange(128)[:, None] + torch.arange(128)) % 2
    seen = views(board.float().expand(1, 3, 128, 128), 1, 16, rng())
    assert torch.allclose(seen, torch.full_like(seen, 0.5), atol=1e-5)


def test_gradients_pass_through_the_views() -> None:
    pictures = torch.rand(1, 3, 12, 12, generator=rng(), dtype=torch.float64, requires_grad=True)
    torch.autograd.gradcheck(lambda given: views(given, 2, 6, rng()), pictures)
