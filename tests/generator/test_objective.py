"""The objective: distance, weights, windows, and that negative texts push but never win."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from generator import Text
from generator.objective import MOST_NEGATIVE, Objective, spherical_distance
from tests.generator.fakes import Guide


@pytest.mark.parametrize("angle", [0.0, 0.3, math.pi / 2, 3.0])
def test_spherical_distance_is_half_the_squared_angle(angle: float) -> None:
    left, right = torch.tensor([1.0, 0.0]), torch.tensor([math.cos(angle), math.sin(angle)])
    assert spherical_distance(left, right).item() == pytest.approx(angle**2 / 2, abs=2e-3)


def test_spherical_distance_has_a_finite_gradient_everywhere() -> None:
    for other in ([1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]):
        point = torch.tensor([1.0, 0.0], requires_grad=True)
        spherical_distance(point, torch.tensor(other)).backward()
        assert point.grad is not None
        assert point.grad.isfinite().all()


@given(st.lists(st.floats(-10, 10), max_size=5))
def test_negative_weights_are_bounded(weights: list[float]) -> None:
    texts = [Text("wanted", 1.0), *(Text(f"other {place}", weight) for place, weight in enumerate(weights))]
    shares = Objective(texts, Guide()).weights(0)
    assert sum(share for share in shares if share > 0) == pytest.approx(1)
    assert sum(share for share in shares if share < 0) >= -MOST_NEGATIVE - 1e-9


def test_a_text_counts_in_its_window_only(guide: Guide) -> None:
    objective = Objective([Text("first", to_step=5), Text("second", 3.0, from_step=5), Text("always", -0.25)], guide)
    assert objective.weights(4) == [1.0, 0.0, -0.25]
    assert objective.weights(5) == [0.0, 1.0, pytest.approx(-0.25 / 3)]


def test_a_negative_text_stops_pushing_once_the_picture_has_nothing_to_do_with_it(guide: Guide) -> None:
    objective = Objective([Text("wanted"), Text("unwanted", -0.5)], guide)
    away = -objective.targets[1]
    embeddings = away[None, None].clone().requires_grad_()
    alone = Objective([Text("wanted")], guide).judge(embeddings, 0).loss
    assert objective.judge(embeddings, 0).loss.item() == pytest.approx(alone.item())


def test_the_nearer_picture_has_the_lower_loss_and_the_higher_similarity(guide: Guide) -> None:
    objective = Objective([Text("a cat")], guide)
    target = objective.targets[0]
    near = functional.normalize(target + 0.1 * torch.ones_like(target), dim=0)
    far = functional.normalize(target + 3.0 * torch.ones_like(target), dim=0)
    verdict = objective.judge(torch.stack([near, far])[None], 0)
    assert verdict.loss[0] < verdict.loss[1]
    assert verdict.similarity[0] > verdict.similarity[1]
