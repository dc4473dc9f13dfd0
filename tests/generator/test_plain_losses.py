"""Losses on pixels alone: their ends, what lowers them, and that they are summed with their weights."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from generator import plain_losses
from generator.plain_losses import PlainLosses
from generator.wanted import Losses
from tests.generator.climbing import descent, falls, noise

NAMES = ("smoothness", "palette", "symmetry", "margin", "contrast", "saturation")
CPU = torch.device("cpu")


def one(name: str) -> PlainLosses:
    return PlainLosses(Losses(**{name: 1.0}), CPU)


def columns(*values: tuple[float, float, float]) -> Tensor:
    """One picture of 32 px in columns of one colour each."""
    colours = torch.tensor(values).T[None, :, None, :]
    return colours.repeat_interleave(32 // len(values), 3).expand(1, 3, 32, 32).contiguous()


WHITE, BLACK, RED, GREY = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.5, 0.5, 0.5)


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_falls_in_five_steps(name: str) -> None:
    assert falls(descent(one(name), noise()))


@pytest.mark.parametrize("name", NAMES)
def test_each_loss_lies_between_0_and_1_and_each_picture_has_its_own(name: str) -> None:
    pictures = torch.cat([noise(2, 32), columns(WHITE, BLACK), columns(RED), columns(GREY)])
    losses = one(name)(pictures)
    assert losses.shape == (5,)
    assert ((losses >= 0) & (losses <= 1)).all()
    torch.testing.assert_close(losses[1:2], one(name)(pictures[1:2]))


@pytest.mark.parametrize(
    ("name", "picture", "value"),
    [
        ("smoothness", columns(GREY), 0),
        ("smoothness", columns(WHITE, BLACK), 1 / 31 / 2),
        ("palette", columns(WHITE, RED), 0),
        ("palette", columns((0.5, 0.0, 0.0), (0.9, 0.9, 0.9)), (0.25 / 3 + 0.01) / 2),
        ("symmetry", columns(RED, WHITE, WHITE, RED), 0),
        ("symmetry", columns(WHITE, BLACK), 1),
        ("margin", columns(WHITE), 0),
        ("margin", columns(WHITE, BLACK), 0.5),
        ("contrast", columns(GREY), 1),
        ("contrast", columns(WHITE, BLACK), 0),
        ("saturation", columns(RED), 0),
        ("saturation", columns(GREY, WHITE, BLACK, WHITE), 1),
    ],
)
def test_known_values(name: str, picture: Tensor, value: float) -> None:
    losses = Losses(**{name: 1.0}, colours=("#ffffff", "#000000", "#ff0000"))
    assert PlainLosses(losses, CPU)(picture).item() == pytest.approx(value, abs=1e-3)


def test_the_margin_is_the_edge_and_nothing_else() -> None:
    picture = columns(WHITE)
    picture[..., 2:-2, 2:-2] = 0
    assert one("margin")(picture).item() == pytest.approx(0, abs=1e-6)
    picture[..., 0, 0] = 0
    assert one("margin")(picture).item() > 0


def test_the_sum_has_the_weights() -> None:
    pictures = noise()
    both = PlainLosses(Losses(smoothness=2, contrast=0.5), CPU)(pictures)
    torch.testing.assert_close(both, 2 * plain_losses.smoothness(pictures) + plain_losses.contrast(pictures) / 2)
    assert PlainLosses(Losses(), CPU)(pictures).tolist() == [0, 0]


@pytest.mark.parametrize("loss", [plain_losses.contrast, plain_losses.saturation, plain_losses.smoothness])
def test_one_grey_has_a_finite_gradient(loss: Callable[[Tensor], Tensor]) -> None:
    picture = columns(GREY).requires_grad_()
    loss(picture).sum().backward()
    assert picture.grad is not None
    assert picture.grad.isfinite().all()
